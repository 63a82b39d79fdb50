import type { Conversion, GitFacts, Staged, Submodule } from '../../model/git-facts.ts'
import type { PythonFile } from '../../model/manifest.ts'
import type { Path } from '../../model/path.ts'
import type { Trace } from '../../model/trace.ts'
import type { Explained } from '../changes/explain-bytes.ts'
import { isPointerTo } from '../changes/lfs-pointer.ts'
import { type Places, placesOfFiles } from '../changes/symlink.ts'
import type { AsCommitted } from './as-committed.ts'
import { explainPair } from './explain-pair.ts'
import { foldedTwins } from './folded-paths.ts'
import { type HeldPair, type ReadContents, withContents } from './pair-contents.ts'
import { holdsSame, isUneven, type Pair, pairsOf } from './pairs.ts'

/** What the contents of the files that differ say; files are known by identity. */
export interface Comparison {
  readonly asCommitted: ReadonlyMap<PythonFile, AsCommitted>
  /** Committed files that stand for another content, as Git LFS pointers do: their own bytes are no source. */
  readonly standIns: ReadonlySet<PythonFile>
  /** What became of a file between two steps; null for a pair that does not differ. */
  readonly explained: (before: PythonFile, after: PythonFile) => Explained | null
  /** What is staged; null where nothing is to be asked of it. */
  readonly index: ReadonlyMap<Path, Staged> | null
  /** By path, where `git archive` is told to leave a file out that an archive lacks. */
  readonly exportIgnored: Awaited<ReturnType<GitFacts['exportIgnored']>>
}

/** What it takes to compare. */
export interface CompareMeans {
  readonly contents: ReadContents
  /** Null where there is no working tree. */
  readonly git: GitFacts | null
  readonly submodules: readonly Submodule[]
}

/** Nothing differs. */
export const noComparison: Comparison = {
  asCommitted: new Map(),
  standIns: new Set(),
  explained: () => null,
  index: null,
  exportIgnored: new Map(),
}

/** Reads the contents of what differs, and tells what became of each. Where nothing differs, nothing is read and git is not asked. */
export async function compareSteps(traces: readonly Trace[], means: CompareMeans): Promise<Comparison> {
  const pairs = traces.flatMap(pairsOf)
  if (pairs.length === 0 && !traces.some(isUneven)) return noComparison
  const asCommitted = new Map([...ofSubmodules(traces, means.submodules), ...foldedTwins(traces)])
  const standIns = new Set<PythonFile>()
  const explained = new Map<PythonFile, Map<PythonFile, Explained>>()
  const conversions = await conversionsOf(pairs, means.git)
  const hasLinks = pairs.some(({ before, after }) => before.kind === 'symlink' || after.kind === 'symlink')
  const places = placesOfFiles(hasLinks ? traces : [])
  let last: Compared | null = null
  for await (const pair of withContents(pairs, means.contents)) {
    const compared: Compared = isRepeated(last, pair) ? last : compare(pair, conversions, places)
    const { before, after } = pair
    if (compared.isSmudged) standIns.add(before)
    if (compared.checkout !== null) asCommitted.set(after, { kind: 'checkout', from: compared.checkout })
    explained.set(before, (explained.get(before) ?? new Map()).set(after, compared.explained))
    last = compared
  }
  return {
    asCommitted,
    standIns,
    explained: (before, after) => explained.get(before)?.get(after) ?? null,
    index: (await means.git?.index()) ?? null,
    exportIgnored: (await means.git?.exportIgnored(missingFromArchive(traces))) ?? new Map(),
  }
}

async function conversionsOf(pairs: readonly Pair[], git: GitFacts | null): Promise<ReadonlyMap<Path, Conversion>> {
  const committed = pairs.filter(({ fromCommit }) => fromCommit)
  if (committed.length === 0 || git === null) return new Map()
  return git.conversions(new Map(committed.map(({ trace, before }) => [trace.path, before.blobId])))
}

/** What git does to the file, where that alone made the one of the other. */
function conversionOf(
  { trace, fromCommit, before, after, was, is }: HeldPair,
  conversions: ReadonlyMap<Path, Conversion>,
): Conversion | undefined {
  const conversion = fromCommit && before.kind === after.kind ? conversions.get(trace.path) : undefined
  return was !== undefined && is !== undefined && conversion?.joins(was, is) ? conversion : undefined
}

/** What the contents of one pair say. */
interface Compared {
  readonly pair: Pair
  readonly explained: Explained
  /** What made git write the one as the other; null where it did not. */
  readonly checkout: string | null
  /** Whether a committed pointer stands for the content that followed it. */
  readonly isSmudged: boolean
}

function compare(pair: HeldPair, conversions: ReadonlyMap<Path, Conversion>, places: Places): Compared {
  const conversion = conversionOf(pair, conversions)
  const isSmudged = pair.fromCommit && pair.was !== undefined && isPointerTo(pair.was, pair.after)
  return {
    // Without its contents, which are let go.
    pair: { trace: pair.trace, before: pair.before, after: pair.after, fromCommit: pair.fromCommit },
    explained: explainPair(pair, conversion, places),
    checkout: isSmudged ? 'Git LFS' : (conversion?.from ?? null),
    isSmudged,
  }
}

/** What the disk holds mostly goes up as it is: then the pair of commit and upload is that of commit and disk once more. */
function isRepeated(last: Compared | null, { before, after, fromCommit }: Pair): last is Compared {
  return last?.pair.before === before && last.pair.fromCommit === fromCommit && holdsSame(last.pair.after, after)
}

/** The files of submodules that are as the submodule's own commit has them. */
function* ofSubmodules(
  traces: readonly Trace[],
  submodules: readonly Submodule[],
): Generator<[PythonFile, AsCommitted]> {
  const held = new Map(submodules.flatMap(({ files, path }) => [...files].map(([file, id]) => [file, { id, path }])))
  if (held.size === 0) return
  for (const { steps } of traces) {
    for (const { stage, file } of steps) {
      const known = file === null || stage.place === 'image' ? undefined : held.get(file.path)
      if (file !== null && known?.id === file.blobId) yield [file, { kind: 'submodule', from: known.path }]
    }
  }
}

function missingFromArchive(traces: readonly Trace[]): Path[] {
  return traces
    .filter(({ steps }) => {
      const upload = steps.find(({ stage }) => stage.place === 'upload')
      return upload?.stage.kind === 'archive' && upload.file === null && steps[0]?.file != null
    })
    .map(({ path }) => path)
}
