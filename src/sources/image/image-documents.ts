import { createHash } from 'node:crypto'
import { type Path, parsePath } from '../../model/path.ts'
import { excerpt, type Fail } from '../failure.ts'
import type { Survey } from './image-survey.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * A JSON document of the image, checked against the digest that its name states.
 *
 * @throws what `fail` makes, when it is missing, is not what its digest says, or is no JSON.
 */
export function readDocument({ files, documents }: Survey, path: Path, fail: Fail): unknown {
  const bytes = documents.get(path)
  if (!files.has(path)) throw fail(`${excerpt(path)} is missing; save the image again`)
  if (bytes === undefined) throw fail(`${excerpt(path)} is not JSON, or too large to be read; save the image again`)
  const digest = digestInName(path)
  if (digest !== null && digest !== digestOf(bytes)) {
    throw fail(`${excerpt(path)} is not what its digest says: the image is damaged; save it again`)
  }
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw fail(`${excerpt(path)} is not JSON; save the image again`, { cause })
  }
}

/** The `sha256:…` that the name of a blob or of a configuration states: `blobs/sha256/<hex>`, `<hex>.json`, `sha256:<hex>`. */
export function digestInName(path: Path): string | null {
  const match = /^(?:(?:blobs\/sha256\/|sha256:)([0-9a-f]{64})|([0-9a-f]{64})\.json)$/.exec(path)
  return match === null ? null : `sha256:${match[1] ?? match[2]}`
}

/** Where an OCI layout holds what a descriptor describes; null when it states no SHA-256. */
export function blobPath(descriptor: unknown): Path | null {
  const digest = sha256Of(fieldsOf(descriptor).digest)
  return digest === null ? null : parsePath(`blobs/${digest.replace(':', '/')}`)
}

/** The value if it is `sha256:…`. */
export function sha256Of(value: unknown): string | null {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value) ? value : null
}

/** The fields of a JSON object; none for any other value. */
export function fieldsOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** The items of a list as `read` reads them; null when `value` is no list or `read` gives null for one of them. */
export function listOf<T>(value: unknown, read: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value)) return null
  const items = value.map(read)
  return items.every(item => item !== null) ? items : null
}

/** The value if it is an object. */
export function objectOf(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

/** The value if it is text. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `sha256:…` of these bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
