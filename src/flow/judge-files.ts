import { counterCheck } from '../interpreters/counter-check.ts'
import type { openJudge } from '../interpreters/judge.ts'
import { judgeContents } from '../interpreters/judge-contents.ts'
import type { VerdictCache } from '../interpreters/verdict-cache.ts'
import type { Sha256 } from '../model/digest.ts'
import { grouped } from '../model/grouped.ts'
import type { Agreement } from '../model/interpreter.ts'
import type { PythonFile } from '../model/manifest.ts'
import type { Trace } from '../model/trace.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Plan } from '../plan.ts'
import type { Files } from './align-files.ts'
import type { CastRoles } from './cast-roles.ts'
import type { Stages } from './read-stages.ts'

/** Contents over this many bytes are not compiled: CPython needs some hundred times as much memory. */
const largestContent = 64 * 1024 * 1024

const tooLarge: Verdict = {
  kind: 'undecided',
  reason: `it is larger than ${largestContent / 1024 / 1024} MiB, and was not compiled`,
}

/** What a run has to judge with. */
export interface Means {
  readonly cache: VerdictCache
  readonly judges: ReturnType<typeof openJudge>
  readonly contents: Stages['contents']
}

export interface Verdicts {
  readonly verdictOf: (file: PythonFile, interpreter: { readonly id: string }) => Verdict
  /** How far the images' own Pythons and other builds of their versions agree. */
  readonly agreements: readonly Agreement[]
  /** Where an image's Python and another build of its version disagree. */
  readonly remarks: readonly string[]
}

/** Has each distinct content compiled by each interpreter, or remembers what it said. */
export async function judgeFiles(
  { progress }: Plan,
  { traces, installed }: Files,
  { interpreters }: Pick<CastRoles, 'interpreters'>,
  { cache, judges, contents }: Means,
): Promise<Verdicts> {
  const answers = await judgeContents(judgeableContents([...traces, ...installed]), interpreters, {
    cache,
    judge: judges.judge,
    contents,
    compiling: count =>
      progress(
        `compiling ${grouped(count)} distinct ${count === 1 ? 'file' : 'files'} with CPython ${interpreters.map(each => each.version).join(', ')}`,
      ),
  })
  const { verdicts, agreements, remarks } = counterCheck(answers, interpreters)
  const verdictOf: Verdicts['verdictOf'] = ({ sha256 }, { id }) => verdicts.get(sha256)?.get(id) ?? tooLarge
  return { verdictOf, agreements, remarks }
}

/** What is compiled: each distinct content that is not too large. */
function judgeableContents(traces: readonly Trace[]): ReadonlySet<Sha256> {
  const files = traces.flatMap(({ steps }) =>
    steps.flatMap(({ file, elsewhere = [] }) => [...(file === null ? [] : [file]), ...elsewhere]),
  )
  const judgeable = files.filter(({ kind, size }) => kind === 'file' && size <= largestContent)
  return new Set(judgeable.map(({ sha256 }) => sha256))
}
