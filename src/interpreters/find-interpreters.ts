import type { Environment } from '../model/environment.ts'
import { compareVersions, type Interpreter } from '../model/interpreter.ts'
import { askInterpreter } from './ask-version.ts'
import { embeddedInterpreters } from './embedded.ts'
import { nativeCandidates } from './native-candidates.ts'
import { Slots } from './slots.ts'

/** Candidates asked at once: starting a Python is mostly reading files. */
const askedAtOnce = 4

export interface Search {
  /** The variables of the machine: PATH, PYENV_ROOT and the home folder count. */
  readonly environment: Environment
  /** Where interpreters may come from. */
  readonly allow: 'auto' | 'native' | 'embedded'
  /** Milliseconds that one candidate has to say what it is; 10 seconds unless told. */
  readonly timeLimit?: number
  /** Is told which candidates are left out, and why. */
  readonly log?: (line: string) => void
}

/**
 * The CPythons that can be asked: those of this machine, on PATH and under pyenv, one of each exact version, PATH first;
 * and the embedded ones. By version, native before embedded.
 */
export async function findInterpreters(search: Search): Promise<Interpreter[]> {
  const native = search.allow === 'embedded' ? [] : await nativeInterpreters(search)
  const embedded = search.allow === 'native' ? [] : embeddedInterpreters()
  return [...native, ...embedded].sort((a, b) => compareVersions(a.version, b.version))
}

async function nativeInterpreters({ environment, timeLimit = 10_000, log }: Search): Promise<readonly Interpreter[]> {
  const slots = new Slots(askedAtOnce)
  const ask = (executable: string) =>
    askInterpreter(executable, timeLimit).catch((error: Error) => {
      log?.(`${executable} is left out: ${error.message}`)
      return null
    })
  const candidates = await nativeCandidates(environment)
  const asked = await Promise.all(candidates.map(executable => slots.use(() => ask(executable))))
  const byVersion = new Map<string, Interpreter>()
  for (const interpreter of asked) {
    if (interpreter !== null && !byVersion.has(interpreter.version)) byVersion.set(interpreter.version, interpreter)
  }
  return [...byVersion.values()]
}
