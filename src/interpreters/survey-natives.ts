import type { Environment } from '../model/environment.ts'
import { compareVersions } from '../model/interpreter.ts'
import type { FoundInterpreter, LeftOut } from '../model/machine.ts'
import { identityOf, openIdentities } from './identities.ts'
import { type Candidate, nativeCandidates } from './native-candidates.ts'
import type { Program } from './program-at.ts'
import { nativeInterpreter } from './python-identity.ts'
import { Slots } from './slots.ts'

/** Candidates asked at once: starting a Python is mostly reading files. */
const askedAtOnce = 4

export interface NativeSearch {
  /** The variables of the machine: PATH, the home folder and those of the version managers count. */
  readonly environment: Environment
  /** The repository that is looked at: its `.venv` is followed, and nothing in it is run. None unless told. */
  readonly repository?: string | null
  /** Where to keep what each program said it is, so that it is asked once; it is not kept unless told. */
  readonly cacheDirectory?: string | null
  /** The top of the file system, under which Homebrew and others have their places; `/` unless told. */
  readonly root?: string
  /** Milliseconds that one candidate has to say what it is; 10 seconds unless told. */
  readonly timeLimit?: number
}

/** What was found on this machine. */
export interface Survey {
  /** CPythons, by version, one of each exact version: the first that the search came by. */
  readonly found: readonly FoundInterpreter[]
  /** What is not to be run, then what was asked and is not used; each in the order of the search. */
  readonly leftOut: readonly LeftOut[]
}

/** Looks for the CPythons of this machine, and asks each program that may be one what it is. */
export async function surveyNatives(search: NativeSearch): Promise<Survey> {
  const { environment, repository = null, cacheDirectory = null, root = '/', timeLimit = 10_000 } = search
  const { candidates, leftOut } = await nativeCandidates({ environment, repository, root })
  const identities = await openIdentities(cacheDirectory)
  const slots = new Slots(askedAtOnce)
  const ask = ({ program, from }: Candidate) => slots.use(() => askCandidate(program, from, { identities, timeLimit }))
  const answers = await Promise.all(candidates.map(ask))
  await identities.save()

  const found = new Map<string, FoundInterpreter>()
  const refused: LeftOut[] = []
  for (const answer of answers) {
    if ('reason' in answer) refused.push(answer)
    else if (!found.has(answer.version)) found.set(answer.version, answer)
    else {
      const reason = `CPython ${answer.version} was found before, from ${found.get(answer.version)!.from}`
      refused.push({ path: answer.executable!, from: answer.from, reason })
    }
  }
  const ordered = [...found.values()].sort((a, b) => compareVersions(a.version, b.version))
  return { found: ordered, leftOut: [...leftOut, ...refused] }
}

async function askCandidate(
  program: Program,
  from: string,
  asking: Parameters<typeof identityOf>[1],
): Promise<FoundInterpreter | LeftOut> {
  try {
    return { ...nativeInterpreter(await identityOf(program, asking), program.path), from }
  } catch (error) {
    return { path: program.path, from, reason: (error as Error).message }
  }
}
