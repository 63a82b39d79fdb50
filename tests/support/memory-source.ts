import type { History } from '../../src/model/history.ts'
import type { Path } from '../../src/model/path.ts'
import type { Entry, EntryKind, Source } from '../../src/model/source.ts'
import type { Stage } from '../../src/model/stage.ts'

/** A record as a test writes it: a text or bytes is a file. */
export type Written = string | Uint8Array | Exclude<EntryKind, { kind: 'file' }>

export const imageStage: Stage = { name: 'image', place: 'image', kind: 'docker-archive', reference: 'sha256:0' }
export const commitStage: Stage = { name: 'commit', place: 'commit', kind: 'git', reference: '0' }
export const worktreeStage: Stage = { name: 'worktree', place: 'worktree', kind: 'worktree', reference: null }
export const uploadStage: Stage = { name: 'upload', place: 'upload', kind: 'archive', reference: 'sha256:1' }

/** A source over records at hand: one list for each layer, in its order; a path may come twice. */
export function memorySource(stage: Stage, ...layers: readonly (readonly (readonly [string, Written])[])[]): Source {
  return {
    stage,
    async *entries(only) {
      for (const [layer, records] of layers.entries()) {
        for (const [name, written] of records) {
          const path = name as Path
          if (only === undefined || only.has(path)) yield { path, layer, ...entryOf(written) } as Entry
        }
      }
    },
  }
}

function entryOf(written: Written): EntryKind {
  if (typeof written !== 'string' && !(written instanceof Uint8Array)) return written
  const bytes = Buffer.from(written)
  return {
    kind: 'file',
    size: bytes.length,
    blobId: null,
    // In small pieces, as a stream may bring them.
    async *body() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
    },
  }
}

/** A commit before which there was nothing. */
export const noHistory: History = {
  held: async () => new Set(),
  async *mainLine() {},
  async *everywhere() {},
  isShallow: async () => false,
}
