import { linesKept } from '../diagnosis/changes/line-difference.ts'
import { VerifierError } from '../model/errors.ts'
import type { LineCommits, TracedLine } from '../model/file-trace.ts'
import type { Finding } from '../model/finding.ts'
import type { LineHistory, LineOrigin } from '../model/line-history.ts'
import type { Trace } from '../model/trace.ts'
import type { Plan } from '../plan.ts'
import type { FileContents } from './follow-file.ts'

/** Of a place that spans more, only the beginning; and of a file with many places, only the first. Lines. */
const [mostOfPlace, mostLines] = [8, 100]

/** Commits that are told of the history of the lines. */
const mostCommits = 8

/** How much two contents may differ until nobody looks for the lines they share. */
const edits = 400

/**
 * Who wrote the lines at which the file stops; null where it stops at none. The lines of a stage that differs from the commit are
 * sought in the commit.
 */
export async function commitsOfLines(
  trace: Trace,
  findings: readonly Finding[],
  { contents, lines, log }: { readonly contents: FileContents; readonly lines: LineHistory; readonly log: Plan['log'] },
): Promise<LineCommits | null> {
  const places = placesOf(trace, findings)
  if (places.length === 0) return null
  const commit = trace.steps.find(({ stage }) => stage.place === 'commit')?.file ?? null
  const committed = commit === null ? undefined : contents.get(commit.sha256)
  const none = { lines: places.map(place => ({ ...place, origin: null })), history: [], historyComplete: true }
  if (commit === null) return { ...none, remarks: ['the commit has no such file: nobody committed these lines'] }
  if (committed === undefined) return { ...none, remarks: ['the committed file is a link, or too large to look into'] }
  const sought = inCommit(places, trace, contents, committed)
  const wanted = sought.flatMap(({ committedLine }) => committedLine ?? [])
  try {
    const origins = await lines.origins(trace.path, wanted)
    const history = await lines.changes(trace.path, wanted, mostCommits + 1)
    return {
      lines: sought.map(({ stage, line, committedLine }) => ({
        stage,
        line,
        origin: origins.get(committedLine ?? 0) ?? null,
      })),
      history: history.slice(0, mostCommits),
      historyComplete: history.length <= mostCommits,
      remarks: await remarksOf(trace, [...origins.values()], lines),
    }
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error
    // What git says may hold places of this machine, which no report does.
    log(`who wrote the lines cannot be told: ${error.message}`)
    return { ...none, remarks: ['git could not tell who wrote the lines: stderr says why'] }
  }
}

type Place = Pick<TracedLine, 'stage' | 'line'>

/** The lines of every place, each once; in the order of the stages, then of the lines. */
function placesOf({ steps }: Trace, findings: readonly Finding[]): Place[] {
  const lines = new Map<string, Set<number>>()
  for (const { firstBreak, sites } of findings) {
    if (firstBreak === null) continue
    const known = lines.get(firstBreak.stage) ?? new Set()
    lines.set(firstBreak.stage, known)
    for (const { start, end } of sites) {
      if (start === null) continue
      const last = Math.min(Math.max(start.line, end?.line ?? 0), start.line + mostOfPlace - 1)
      for (let line = start.line; line <= last; line++) known.add(line)
    }
  }
  const places = steps.flatMap(({ stage: { name } }) =>
    [...(lines.get(name) ?? [])].sort((a, b) => a - b).map(line => ({ stage: name, line })),
  )
  return places.slice(0, mostLines)
}

/** Where the commit has each line, counted as git does; null where it does not have it. */
function inCommit(
  places: readonly Place[],
  { steps }: Trace,
  contents: FileContents,
  committed: Buffer,
): (Place & { readonly committedLine: number | null })[] {
  const gitLines = gitLineNumbers(committed)
  const kept = new Map<string, ReadonlyMap<number, number>>()
  return places.map(place => {
    const file = steps.find(({ stage }) => stage.name === place.stage)!.file!
    const known = kept.get(place.stage) ?? linesKept(committed, contents.get(file.sha256) ?? Buffer.alloc(0), { edits })
    kept.set(place.stage, known)
    return { ...place, committedLine: gitLines[(known.get(place.line) ?? 0) - 1] ?? null }
  })
}

/** For Python a lone CR ends a line, for git it does not: the number that git has for each line of Python's. */
function gitLineNumbers(bytes: Buffer): number[] {
  let line = 1
  return bytes
    .toString('latin1')
    .split(/(?<=\n|\r(?!\n))/)
    .map(text => (text.endsWith('\n') ? line++ : line))
}

async function remarksOf({ path }: Trace, origins: readonly LineOrigin[], lines: LineHistory): Promise<string[]> {
  const renamed = new Set(
    origins.flatMap(origin => (origin.path === null || origin.path === path ? [] : [origin.path])),
  )
  const isCut = origins.some(({ isFirst }) => isFirst) && (await lines.isShallow())
  return [
    ...[...renamed].map(before => `the file was renamed: lines of it stood in ${before}`),
    ...(isCut
      ? [
          'the clone is shallow: the first commit it has may only be named because nothing before it is there; git fetch --unshallow',
        ]
      : []),
  ]
}
