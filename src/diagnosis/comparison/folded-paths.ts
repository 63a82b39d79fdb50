import type { PythonFile } from '../../model/manifest.ts'
import type { Path } from '../../model/path.ts'
import type { Trace } from '../../model/trace.ts'
import type { AsCommitted } from './as-committed.ts'

/** What a disk that knows neither case nor Unicode forms takes a path for. */
export function foldedPath(path: Path): string {
  return path.normalize('NFC').toLowerCase()
}

/** Traces whose paths fold to the same, by what they fold to; only where there are several. */
export function foldedGroups(traces: readonly Trace[]): ReadonlyMap<string, readonly Trace[]> {
  const groups = new Map<string, Trace[]>()
  for (const trace of traces) {
    const folded = foldedPath(trace.path)
    groups.set(folded, [...(groups.get(folded) ?? []), trace])
  }
  return new Map([...groups].filter(([, group]) => group.length > 1))
}

/** Files that the commit holds under another spelling of their path, and does not hold under theirs. */
export function* foldedTwins(traces: readonly Trace[]): Generator<[PythonFile, AsCommitted]> {
  for (const group of foldedGroups(traces).values()) {
    for (const trace of group) {
      if (committed(trace) !== null) continue
      for (const { stage, file } of trace.steps) {
        const twin = group.find(each => file !== null && committed(each)?.sha256 === file.sha256)
        if (twin !== undefined && stage.place !== 'image') yield [file!, { kind: 'name', from: twin.path }]
      }
    }
  }
}

function committed({ steps }: Trace): PythonFile | null {
  return steps.find(({ stage }) => stage.place === 'commit')?.file ?? null
}
