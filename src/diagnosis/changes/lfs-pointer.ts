import { createHash } from 'node:crypto'
import type { Change } from './change.ts'

/** What a Git LFS pointer stands for. */
interface Pointer {
  readonly sha256: string
  /** Bytes. */
  readonly size: number
}

/** The size that git-lfs takes a pointer to have at most. Bytes. */
export const largestPointer = 1024

/**
 * Null for what is no pointer.
 *
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function parsePointer(bytes: Uint8Array): Pointer | null {
  if (bytes.length >= largestPointer) return null
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.startsWith('version https://git-lfs.github.com/spec/v1\n')) return null
  const [, sha256] = /^oid sha256:([0-9a-f]{64})$/m.exec(text) ?? []
  const [, size] = /^size ([0-9]+)$/m.exec(text) ?? []
  return sha256 === undefined || size === undefined ? null : { sha256, size: Number(size) }
}

/** Whether `bytes` are a pointer to the content of this digest and size. */
export function isPointerTo(bytes: Uint8Array, { sha256, size }: Pointer): boolean {
  const pointer = parsePointer(bytes)
  return pointer !== null && pointer.sha256 === sha256 && pointer.size === size
}

/** In words; for contents that are too large to be held, by what is known of them. */
export const pointerSays = {
  smudged: 'the Git LFS pointer became the content that it stands for',
  cleaned: 'the Git LFS pointer stands in place of the content: git-lfs did not fetch it',
} as const

/** A Git LFS pointer and the content whose SHA-256 it names. */
export const lfsPointer: Change = {
  kind: 'lfs-pointer',
  explain(before, after) {
    if (pointsTo(before, after)) return pointerSays.smudged
    return pointsTo(after, before) ? pointerSays.cleaned : null
  },
}

function pointsTo(pointer: Buffer, content: Buffer): boolean {
  // Only what may be a pointer is worth a digest of the other side.
  if (parsePointer(pointer) === null) return false
  return isPointerTo(pointer, { sha256: createHash('sha256').update(content).digest('hex'), size: content.length })
}
