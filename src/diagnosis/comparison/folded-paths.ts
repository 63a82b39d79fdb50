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
  const home = homes(traces)
  for (const trace of traces) {
    const folded = (isOfImage(trace) ? home.get(foldedPath(trace.path)) : undefined) ?? foldedPath(trace.path)
    groups.set(folded, [...(groups.get(folded) ?? []), trace])
  }
  return new Map([...groups].filter(([, group]) => group.length > 1))
}

/** Whether only images hold it: then its path is one of theirs. */
function isOfImage({ steps }: Trace): boolean {
  return steps.every(({ stage, file }) => stage.place === 'image' || file === null)
}

/** What the paths of the source's files in images fold to, and what those in the source do. */
function homes(traces: readonly Trace[]): ReadonlyMap<string, string> {
  const pairs = traces
    .filter(trace => !isOfImage(trace))
    .flatMap(({ path, steps }) =>
      steps.flatMap(({ stage, file }) =>
        stage.place === 'image' && file !== null ? [[foldedPath(file.path), foldedPath(path)] as const] : [],
      ),
    )
  return new Map(pairs)
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
