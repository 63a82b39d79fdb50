import type { Command } from 'commander'
import { findInterpreters } from '../../interpreters/find-interpreters.ts'
import { openVerdictCache } from '../../interpreters/verdict-cache.ts'
import type { PushReport } from '../../model/push.ts'
import { disarm } from '../../report/disarm.ts'
import { pushText } from '../../report/push-text.ts'
import { gitObjects } from '../../sources/git/git-objects.ts'
import { pushedTrees } from '../../sources/git/git-push.ts'
import { verifyPush } from '../../verify-push.ts'
import { cacheOption } from '../cache-directory.ts'
import type { ExitCode, Io } from '../io.ts'
import { nativeSearch } from '../native-search.ts'
import type { ProgressLine } from '../progress-line.ts'
import { sinkStyle } from '../sink-style.ts'
import { hookRepository } from './hook-repository.ts'
import type { PrePushOptions } from './pre-push-options.ts'
import { type Planning, preparePush } from './push-plan.ts'
import type { Push } from './pushed-refs.ts'

/** Judges what is pushed, says what is wrong with it, and tells whether git may go on. @throws VerifierError */
export async function prePush(
  { refs, target }: Push,
  command: Command,
  { io, line, log }: { readonly io: Io; readonly line: ProgressLine } & Pick<Planning['means'], 'log'>,
): Promise<ExitCode> {
  if (refs.length === 0) return 0
  const given = command.opts<PrePushOptions>()
  const cacheDirectory = cacheOption(given, command, { io, log })
  // Its process starts while git is asked.
  await using cache = openVerdictCache({ directory: cacheDirectory, log })
  const repository = await hookRepository(io)
  const search = nativeSearch(io, repository, cacheDirectory)
  const find = finding(search)
  // While git is asked.
  void find(given.interpreters).catch(() => undefined)
  await using objects = gitObjects(repository)
  const trees = (await pushedTrees(repository, refs, target)).filter(({ changed }) => changed.size > 0)
  const means = { cacheDirectory, progress: line.show, signal: io.signal, log }
  const codes: ExitCode[] = []
  for (const tree of trees) {
    const { plan, options } = await preparePush(tree, { repository, objects, command, find, means })
    await using none = openVerdictCache({ directory: null, log })
    const report = await verifyPush(plan, options.cache ? cache : none)
    line.clear()
    show(report, io, { options, several: trees.length > 1 })
    codes.push(exitCodeOf(report, options))
  }
  return codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0
}

/** Each kind of search once. */
function finding(search: ReturnType<typeof nativeSearch>): Planning['find'] {
  const found = new Map<string, ReturnType<typeof findInterpreters>>()
  return allow => {
    const known = found.get(allow) ?? findInterpreters({ ...search, allow })
    found.set(allow, known)
    return known
  }
}

function show(
  report: PushReport,
  io: Io,
  { options, several }: { readonly options: PrePushOptions; readonly several: boolean },
): void {
  const style = sinkStyle(io.err, options.color, io)
  const lines = pushText(report, style, several)
  if (lines.length > 0) io.err.write(disarm(`${lines.join('\n')}\n`))
}

function exitCodeOf({ outcome }: PushReport, { onUndecided }: PrePushOptions): ExitCode {
  if (outcome === 'broken') return 1
  return outcome === 'clean' || onUndecided === 'allow' ? 0 : 2
}
