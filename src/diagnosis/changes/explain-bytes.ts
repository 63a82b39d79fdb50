import type { ChangeDetail, ChangeKind } from '../../model/change.ts'
import { rewritten } from './rewritten.ts'
import { changes } from './table.ts'

/** A change and what is to be said of it. */
export interface Explained {
  readonly change: ChangeKind
  readonly changeDetail: ChangeDetail
}

/** What became of bytes that now are others: one change of the table, or two of them together, else `rewritten`. */
export function explainBytes(before: Buffer, after: Buffer): Explained {
  return (
    oneChange(before, after) ??
    twoChanges(before, after) ?? {
      change: 'rewritten',
      changeDetail: rewritten(before, after),
    }
  )
}

function oneChange(before: Buffer, after: Buffer): Explained | null {
  for (const { kind, explain } of changes) {
    const says = explain(before, after)
    if (says !== null) return { change: kind, changeDetail: { says } }
  }
  return null
}

/** The one whose guess is tried comes last in what happened, so it is said last. */
function twoChanges(before: Buffer, after: Buffer): Explained | null {
  for (const last of changes) {
    for (const between of last.undo?.(before, after) ?? []) {
      if (between.equals(before) || between.equals(after)) continue
      const first = oneChange(before, between)
      const says = first === null || first.change === last.kind ? null : last.explain(between, after)
      if (first === null || says === null) continue
      return {
        change: first.change,
        changeDetail: { says: `${first.changeDetail.says}; and ${says}`, and: last.kind },
      }
    }
  }
  return null
}
