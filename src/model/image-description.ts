import type { DeclaredVersion } from './interpreter.ts'
import type { Path } from './path.ts'

/** What an image is to the files in it: what reads them, and where. */
export interface ImageDescription {
  /** The CPythons it holds, the one that runs its service first. */
  readonly pythons: readonly HeldPython[]
  readonly platform: ImagePlatform
  /** Where what it says of itself cannot all be true. */
  readonly remarks: readonly string[]
}

/** A CPython that an image holds. */
export interface HeldPython extends DeclaredVersion {
  /** Where it is installed, `/usr/local`; null where it shows no standard library. */
  readonly prefix: string | null
  /** The program, `/usr/local/bin/python3`; null for one that nothing is known to start. */
  readonly path: string | null
  /** `start`: a container of the image starts it; `PATH`: the first there, where that is known to start no Python. */
  readonly reachedBy: 'start' | 'PATH' | null
}

export interface ImagePlatform {
  /** `Debian 12`, as its os-release names it. */
  readonly distribution: string | null
  readonly libc: 'glibc' | 'musl' | 'both' | null
  /** Of its configuration: `amd64`, `arm/v7`. */
  readonly architecture: string | null
  /** What its Python is built for, where that can be told. */
  readonly pythonArchitecture: string | null
  /** What of its environment a CPython heeds: LANG, LC_* and PYTHON*; by name. */
  readonly settings: ReadonlyMap<string, string>
}

/** A directory of PYTHONPATH in which an image holds files of the source with other bytes than where the source is. */
export interface PathShadow {
  /** As the variable names it. */
  readonly directory: string
  /** Whether Python looks there before it looks where the source is: the source is among installed packages. */
  readonly isFirst: boolean
  /** Sorted; each beside the one that it stands for. */
  readonly files: readonly { readonly path: Path; readonly insteadOf: Path }[]
}

/** `Debian 12, glibc, amd64, LANG=C.UTF-8`; '' where nothing is known. Not yet fit for a terminal. */
export function platformTitle({ distribution, libc, architecture, settings }: ImagePlatform): string {
  const words = [distribution, libc === 'both' ? 'glibc and musl' : libc, architecture]
  return [...words, ...[...settings].map(([name, value]) => `${name}=${value}`)]
    .filter(word => word !== null)
    .join(', ')
}
