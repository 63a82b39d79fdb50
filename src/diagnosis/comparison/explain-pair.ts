import type { Conversion } from '../../model/git-facts.ts'
import { type Explained, explainBytes } from '../changes/explain-bytes.ts'
import { isPointerTo, pointerSays } from '../changes/lfs-pointer.ts'
import { type Places, symlinkChange } from '../changes/symlink.ts'
import type { HeldPair } from './pair-contents.ts'

/** What became of a file between two steps. `conversion` is what git made of it on checkout, if that is what happened. */
export function explainPair(
  { before, after, was, is }: HeldPair,
  conversion: Conversion | undefined,
  places: Places,
): Explained {
  if (before.kind === 'symlink' || after.kind === 'symlink') return symlinkChange(before, after, places)
  if (was !== undefined && is !== undefined) {
    const explained = explainBytes(was, is)
    if (conversion === undefined) return explained
    const says = `${explained.changeDetail.says}, as git does on checkout (${conversion.from})`
    return { ...explained, changeDetail: { ...explained.changeDetail, says } }
  }
  if (was !== undefined && isPointerTo(was, after)) return pointerChange(pointerSays.smudged)
  if (is !== undefined && isPointerTo(is, before)) return pointerChange(pointerSays.cleaned)
  const says = `${before.size} bytes became ${after.size}: too many to look for what changed`
  return { change: 'rewritten', changeDetail: { says } }
}

function pointerChange(says: string): Explained {
  return { change: 'lfs-pointer', changeDetail: { says } }
}
