import type { ChangeKind } from '../../model/change.ts'
import type { Evidence } from '../../model/finding.ts'
import { listed } from '../words.ts'

/** What kind of change it is; for one that is none of a kind, nothing. */
export function became(change: Evidence['change'], detail: Evidence['changeDetail']): string {
  if (change === undefined || change === 'added' || change === 'removed' || change === 'rewritten') return ''
  return ` (${listed([change, ...(detail?.and === undefined ? [] : [detail.and])].map(kind => changeNames[kind]))})`
}

const changeNames: Readonly<Record<ChangeKind, string>> = {
  'line-endings': 'other line ends',
  bom: 'a byte order mark',
  encoding: 'another encoding',
  truncated: 'cut off',
  'nul-bytes': 'NUL bytes',
  'lfs-pointer': 'a Git LFS pointer',
  ident: '$Id$',
  'export-subst': 'export-subst',
  'unicode-normalization': 'Unicode normalization',
  'trailing-whitespace': 'blanks at the ends of lines or of the file',
  'symlink-dereferenced': 'a symbolic link',
  'conflict-markers': 'merge conflict markers',
  rewritten: 'rewritten',
}
