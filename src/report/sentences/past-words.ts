import type { PastFile } from '../../model/finding.ts'
import { count, short } from '../words.ts'

/** `commit 1a2b3c4d of 2026-05-01, 12 commits before the one looked at`. */
export function pastCommit({ commit, date, behind }: PastFile): string {
  const where = behind === null ? 'not in its line' : `${count(behind, 'commit')} before the one looked at`
  return `commit ${short(commit)} of ${date.slice(0, 10)}, ${where}`
}
