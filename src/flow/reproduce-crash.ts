import type { Crash } from '../model/autopsy.ts'
import { isOfImage, minorVersion } from '../model/interpreter.ts'
import { pythonOf, type Traceback } from '../model/log.ts'
import type { Manifest } from '../model/manifest.ts'
import type { Verdict } from '../model/verdict.ts'
import {
  isInstalled,
  type Located,
  type Looking,
  lastStep,
  missingModule,
  moduleFiles,
  sameWords,
} from './locate-crash.ts'

type Reproduction = Crash['reproduction']

/** Whether what was looked at fails as the log says. Nothing of it is run: a syntax error is compiled, a file looked for. */
export function reproduceCrash(
  traceback: Traceback,
  located: Located | null,
  looking: Looking,
  manifests: readonly Manifest[],
): Reproduction {
  const other = otherPython(traceback, looking)
  if (other !== null) return contradicted(other)
  switch (traceback.kind) {
    case 'syntax':
      return compiled(traceback, located, looking)
    case 'import':
      return imported(traceback, located, manifests)
    case 'runtime':
      return notExamined('it happened while the program ran, and nothing is run here')
    case 'cut':
      return notExamined('the line that says what was raised is not in the log: pass one that goes further')
  }
}

const reproduced = (evidence: string): Reproduction => ({ state: 'reproduced', evidence })
const contradicted = (evidence: string): Reproduction => ({ state: 'contradicted', evidence })
const notExamined = (evidence: string): Reproduction => ({ state: 'not-examined', evidence })

/** That the log is of another Python than what was looked at would run. */
function otherPython(traceback: Traceback, { deployers }: Looking): string | null {
  const logged = pythonOf(traceback)
  const known = deployers.filter(({ roles }) => roles.includes('deploy'))
  if (logged === null || known.length === 0) return null
  if (known.some(({ version }) => minorVersion(version) === logged)) return null
  const versions = known.map(({ version }) => version).join(' and ')
  return `the log leads through the library of Python ${logged}, and what was looked at runs on ${versions}: it is of another image`
}

function compiled(traceback: Traceback, located: Located | null, { deployers, verdictOf }: Looking): Reproduction {
  if (located === null) {
    return notExamined('the log shows no place, and not just one file fails with these words')
  }
  const step = located.trace === null ? null : lastStep(located.trace)
  if (step === null || step.file.kind !== 'file') {
    return notExamined(`no file that was looked at stands at ${located.place.containerPath ?? 'that place'}`)
  }
  const answers = deployers.map(interpreter => ({ interpreter, verdict: verdictOf(step.file, interpreter) }))
  const line = located.place.line
  const same = answers.find(({ verdict }) => isSame(verdict, traceback, line))
  const name = (each: (typeof answers)[number]) =>
    `CPython ${each.interpreter.version}${isOfImage(each.interpreter) ? ' of the image' : ''}`
  if (same !== undefined) return reproduced(`${name(same)} says the same of the bytes in ${step.stage.name}`)
  const [first] = answers
  if (first === undefined || first.verdict.kind === 'undecided')
    return notExamined('no interpreter could judge the file')
  const log = 'the log is of other bytes or another revision'
  if (first.verdict.kind === 'compiles') {
    return contradicted(`${name(first)} takes the bytes in ${step.stage.name}: ${log}`)
  }
  const { at, message } = first.verdict
  const where = at === null ? '' : ` at line ${at.line}`
  return contradicted(
    `${name(first)} stops${where} in the bytes of ${step.stage.name} (${message}), and the log${line === null ? '' : ` at line ${line}`}: ${log}`,
  )
}

/** The words change from one patch release to the next, lines do not. */
function isSame(verdict: Verdict, { message }: Traceback, line: number | null): boolean {
  if (verdict.kind !== 'breaks') return false
  if (line !== null && verdict.at !== null) return verdict.at.line === line
  return sameWords(verdict.message, message)
}

function imported(traceback: Traceback, located: Located | null, manifests: readonly Manifest[]): Reproduction {
  const images = manifests.filter(({ stage }) => stage.place === 'image')
  const module = missingModule(traceback)
  if (module === null) return notExamined('which names a module has is seen only when it runs')
  if (images.length === 0) return notExamined('no image was looked at')
  const trace = located?.place.by === 'module' ? located.trace : null
  if (trace !== null) {
    const held = trace.steps.filter(({ stage, file }) => stage.place === 'image' && file !== null)
    if (held.length === 0)
      return reproduced(`${trace.path} is not in ${images.map(({ stage }) => stage.name).join(' or ')}`)
    return contradicted(
      `${held[0]!.stage.name} holds ${trace.path}: the log is of another image, or another directory was on sys.path`,
    )
  }
  const holder = images.find(({ python }) => isInstalled(module, python.keys()) || holds(module, python))
  if (holder === undefined)
    return reproduced(
      `${module} is neither in the repository nor in the image: it is a package that is not installed there`,
    )
  return contradicted(
    `${holder.stage.name} holds ${module}: the log is of another image, or another directory was on sys.path`,
  )
}

function holds(module: string, python: Manifest['python']): boolean {
  const endings = moduleFiles(module)
  return [...python.keys()].some(path => endings.some(ending => path === ending || path.endsWith(`/${ending}`)))
}
