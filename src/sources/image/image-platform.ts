import { arch } from 'node:os'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import type { Platform } from '../../model/source.ts'

/** As Node and others call what Go, and so every image, calls otherwise. */
const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  ia32: '386',
  i386: '386',
  armhf: 'arm',
  ppc64el: 'ppc64le',
}

/** What an architecture is where no variant is named. */
const variants: Readonly<Record<string, string>> = { amd64: 'v1', arm: 'v7', arm64: 'v8' }

/**
 * `os/architecture[/variant]`, as `docker --platform` takes it.
 *
 * @throws VerifierError for anything else.
 */
export function parsePlatform(text: string): Platform {
  const [, os, architecture, variant] = /^([a-z0-9]+)\/([\w-]+)(?:\/([\w.]+))?$/i.exec(text) ?? []
  if (os === undefined || architecture === undefined) {
    throw new VerifierError(
      'bad-usage',
      `--platform ${quoted(text)}: write os/architecture, as linux/amd64, or os/architecture/variant, as linux/arm/v7`,
    )
  }
  return { os: os.toLowerCase(), architecture: goArchitecture(architecture.toLowerCase()), variant: variant ?? null }
}

/** What containers run on this machine: Linux, also where a virtual one runs them. */
export function hostPlatform(architecture: string = arch()): Platform {
  return { os: 'linux', architecture: goArchitecture(architecture), variant: null }
}

/** `linux/arm/v7`. */
export function platformTitle({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === null ? [] : [variant])].join('/')
}

/** Whether an image of this platform is what was wanted; any variant is, where none was named. */
export function fits(platform: Platform, wanted: Platform): boolean {
  const isSame = platform.os === wanted.os && goArchitecture(platform.architecture) === wanted.architecture
  return isSame && (wanted.variant === null || variantOf(platform) === wanted.variant)
}

function variantOf({ architecture, variant }: Platform): string | undefined {
  return variant ?? variants[goArchitecture(architecture)]
}

function goArchitecture(name: string): string {
  return Object.hasOwn(architectures, name) ? architectures[name]! : name
}
