import type { Change } from './change.ts'

/** The sizes in which disks and pipes write. Bytes, largest first. */
const blocks = [4096, 512]

/** The beginning, and nothing of the rest. */
export const truncated: Change = {
  kind: 'truncated',
  explain(before, after) {
    const size = after.length
    if (size >= before.length || !before.subarray(0, size).equals(after)) return null
    if (size === 0) return `nothing is left of ${before.length} bytes`
    const block = blocks.find(each => size % each === 0)
    return `cut at byte ${size} of ${before.length}${block === undefined ? '' : `, a multiple of ${block}`}`
  },
}
