import type { Path } from '../model/path.ts'
import { type PathTable, pathTable } from './path-table.ts'

/**
 * What is left when layers are laid over one another: whiteouts and opaque directories hide what is below their own layer
 * only; a file takes the place of a directory and a directory that of a file; of two records of one path in a layer the last
 * counts; whatever a layer says of a path, what is above it becomes directories. Rule: OCI image specification, "Image Layer
 * Filesystem Changeset", and where that leaves something open, what Docker makes of it. (In one case Docker differs: where a layer
 * makes a directory of what it has deleted or made a file itself, what is below comes back.)
 *
 * Layers may come in any order, each as a whole. Of each path is kept when, in the order of the layers, it was made what for the last
 * time: what is there is what is younger than all that would have taken it away.
 */
export interface Overlay extends Pick<PathTable, 'enter' | 'pathOf'> {
  /** A layer has something at this path; tells when, a number that is higher for what counts later. */
  record(path: number, layer: number, isDirectory: boolean): number
  /** What the layer that is being read has recorded there last, so far, and when. */
  recordedBy(layer: number, path: number): { readonly time: number; readonly isDirectory: boolean } | null
  /** A whiteout. */
  hide(path: Path, layer: number): void
  /** An opaque directory. */
  empty(path: Path, layer: number): void
  /** When it was recorded last as something that is no directory; 0 for never. */
  filedAt(path: number): number
  /** Whether it had been recorded as something that is no directory before that time. */
  wasFiledBefore(path: number, time: number): boolean
  /** A path that was recorded below one which was recorded as no directory; null when there is none. */
  buried(): { readonly path: number; readonly below: number } | null
  /** Once all layers are read. */
  result(): Outcome
}

/** What is there in the end. */
export interface Outcome {
  /** How many paths that are no directories are there. */
  readonly files: number
  /** Whether what was recorded last at the path, and is no directory, is there. */
  isThere(path: number): boolean
  /** When the path, or one above it, was last made something that what was there before did not outlive; 0 for never. */
  endedAt(path: number): number
  /** The last layer with a whiteout or an opaque directory at the path or above it; null when there is none. */
  deletedBy(path: number): number | null
}

const layerUnit = 2 ** 32

function layerOf(time: number): number {
  return Math.floor(time / layerUnit)
}

/** Times, by the number of a path; 0 where nothing happened. */
interface Columns {
  /** No directory any more, for the last time and for the first. */
  readonly filed: Float64Array
  readonly born: Float64Array
  /** A directory, if it was none. */
  readonly opened: Float64Array
  readonly hidden: Float64Array
  readonly emptied: Float64Array
  /** By the layer that was read last of those that do; negative for a directory. */
  readonly recorded: Float64Array
}

export function overlay(): Overlay {
  const { size, enter, parentOf, pathOf } = pathTable()
  let columns = columnsOf(1024)
  let count = 0

  /** Of all above a path. */
  function open(path: number, time: number): void {
    for (let at = path; at !== 0; ) {
      at = parentOf(at)
      if (columns.opened[at]! < time) columns.opened[at] = time
    }
  }

  function entered(path: Path): number {
    const number = enter(path)
    if (size() > columns.filed.length) columns = columnsOf(size() * 2, columns)
    return number
  }

  return {
    enter: entered,
    pathOf,
    record(path, layer, isDirectory) {
      count += 1
      const time = layer * layerUnit + count
      const column = isDirectory ? columns.opened : columns.filed
      if (column[path]! < time) column[path] = time
      if (!isDirectory && (columns.born[path] === 0 || time < columns.born[path]!)) columns.born[path] = time
      columns.recorded[path] = isDirectory ? -time : time
      open(path, time)
      return time
    },
    recordedBy(layer, path) {
      const recorded = columns.recorded[path]!
      const time = Math.abs(recorded)
      return time === 0 || layerOf(time) !== layer ? null : { time, isDirectory: recorded < 0 }
    },
    // Before all that its own layer records, wherever it stands among that.
    hide(path, layer) {
      const number = entered(path)
      columns.hidden[number] = Math.max(columns.hidden[number]!, layer * layerUnit)
      open(number, layer * layerUnit)
    },
    empty(path, layer) {
      const number = entered(path)
      const time = layer * layerUnit
      columns.emptied[number] = Math.max(columns.emptied[number]!, time)
      columns.opened[number] = Math.max(columns.opened[number]!, time)
      open(number, time)
    },
    filedAt: path => columns.filed[path]!,
    wasFiledBefore: (path, time) => columns.born[path]! > 0 && columns.born[path]! < time,
    buried: () => buried(columns, size(), parentOf),
    result: () => outcome(columns, size(), parentOf),
  }
}

function columnsOf(length: number, before?: Columns): Columns {
  const column = (name: keyof Columns) => {
    const made = new Float64Array(length)
    if (before !== undefined) made.set(before[name])
    return made
  }
  return {
    filed: column('filed'),
    born: column('born'),
    opened: column('opened'),
    hidden: column('hidden'),
    emptied: column('emptied'),
    recorded: column('recorded'),
  }
}

function outcome({ filed, opened, hidden, emptied }: Columns, size: number, parentOf: PathTable['parentOf']): Outcome {
  // What stands below a path must be younger. Those above have lower numbers.
  const below = new Float64Array(size)
  below[0] = emptied[0]!
  for (let path = 1; path < size; path++) {
    below[path] = Math.max(below[parentOf(path)]!, filed[path]!, hidden[path]!, emptied[path]!)
  }
  const endedAt = (path: number) => Math.max(opened[path]!, hidden[path]!, below[parentOf(path)]!)
  const isThere = (path: number) => filed[path]! > endedAt(path)
  let files = 0
  for (let path = 1; path < size; path++) if (isThere(path)) files += 1
  return {
    files,
    isThere,
    endedAt,
    deletedBy(path) {
      let time = 0
      for (let at = path; ; at = parentOf(at)) {
        time = Math.max(time, hidden[at]!, emptied[at]!)
        if (at === 0) return time === 0 ? null : layerOf(time)
      }
    },
  }
}

function buried(
  { filed, recorded }: Columns,
  size: number,
  parentOf: PathTable['parentOf'],
): ReturnType<Overlay['buried']> {
  for (let path = 1; path < size; path++) {
    if (recorded[path] === 0) continue
    for (let above = parentOf(path); above !== 0; above = parentOf(above)) {
      if (filed[above]! > 0) return { path, below: above }
    }
  }
  return null
}
