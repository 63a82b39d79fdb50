import { compareVersions, minorVersion } from '../model/interpreter.ts'
import { baseImage } from './base-image.ts'
import { pythonOfReference } from './image-reference.ts'
import type { BuildFiles } from './read-build.ts'

/** The line of a Dockerfile that decides which Python its image has. */
export interface NewerBase {
  /** `Dockerfile:1`. */
  readonly from: string
  /** As the line names the image now. */
  readonly before: string
  /** The same with the other version; null where what is written there tells no version that could be replaced. */
  readonly after: string | null
  /** Whether it names that version or a later one already. */
  readonly isThere: boolean
}

/** What to write so that an image is built on Python `minor`; null where the Dockerfile cannot be read or has no base. */
export function newerBase({ dockerfile, options }: BuildFiles, minor: string): NewerBase | null {
  const base = baseOf(dockerfile, options)
  if (base === null) return null
  const version = base.reference === null ? null : pythonOfReference(base.reference)
  const from = `${dockerfile.path}:${base.line}`
  const isThere = version !== null && compareVersions(minorVersion(version), minor) >= 0
  const isPlain = version !== null && base.reference === base.written && base.written.includes(version)
  return { from, before: base.written, after: isPlain ? replaced(base.written, version, minor) : null, isThere }
}

/** A tag may name a patch release, which another minor version need not have; a digest is of the old one. */
function replaced(written: string, version: string, minor: string): string {
  const [name = ''] = written.split('@')
  const at = name.lastIndexOf(version)
  return name.slice(0, at) + minor + name.slice(at + version.length)
}

function baseOf(...[file, options]: Parameters<typeof baseImage>) {
  try {
    return baseImage(file, options)
  } catch {
    return null // what is wrong with it has been said where the Dockerfile was read
  }
}
