import type { CrashPlace } from '../model/autopsy.ts'
import type { CastInterpreter } from '../model/interpreter.ts'
import type { LineCommit } from '../model/line-history.ts'
import { placeOf, type Traceback } from '../model/log.ts'
import type { PythonFile } from '../model/manifest.ts'
import { joinPath, type Path, parentPath, parsePath, relativePath } from '../model/path.ts'
import type { ImageFacts } from '../model/source.ts'
import type { HeldStep, Trace } from '../model/trace.ts'
import type { Verdict } from '../model/verdict.ts'

/** What a place of the container is looked for in. */
export interface Looking {
  readonly traces: readonly Trace[]
  readonly images: ReadonlyMap<string, ImageFacts>
  readonly verdictOf: (file: PythonFile, interpreter: CastInterpreter) => Verdict
  /** Those that may run the files. */
  readonly deployers: readonly CastInterpreter[]
  /** Null where the commit has no such line. */
  readonly blame: (commit: string, path: Path, line: number) => Promise<LineCommit | null>
}

/** Where a traceback leads to: the place in the repository, and the file at the end of the way. */
export interface Located {
  readonly place: CrashPlace
  /** Null where no file that was looked at is meant. */
  readonly trace: Trace | null
}

/**
 * Where the exception stands: of a syntax error its place, or, where the log does not show it, the one file of which the
 * interpreter says the same; of an import, the file that it did not find, or the one that lacks the name; of anything else
 * the innermost frame that is of the source. Null where nothing leads anywhere.
 */
export async function locateCrash(traceback: Traceback, looking: Looking): Promise<Located | null> {
  const place = placeOf(traceback)
  if (place !== null) return atFrame(place, looking)
  if (traceback.kind === 'syntax') return byMessage(traceback, looking)
  const imported = traceback.kind === 'import' ? await importedFile(traceback, looking) : null
  if (imported !== null) return imported
  for (const frame of traceback.frames.toReversed()) {
    const located = await atFrame(frame, looking)
    if (located.trace !== null) return located
  }
  const last = traceback.frames.at(-1)
  return last === undefined ? null : atFrame(last, looking)
}

/** The files that a module may be, by how their paths end. */
export function moduleFiles(module: string): readonly Path[] {
  const path = parsePath(module.replaceAll('.', '/'))
  return path === null || path === '' ? [] : [`${path}.py` as Path, joinPath(path, '__init__.py')]
}

/** `app.services.corpus` of the message of an ImportError; null for one that names none. */
export function missingModule({ message }: Traceback): string | null {
  return /^No module named '([\w.]+)'/.exec(message)?.[1] ?? null
}

async function importedFile(traceback: Traceback, looking: Looking): Promise<Located | null> {
  const named = /^cannot import name '.*' from (?:partially initialized module )?'.*' \(.*?(\/.+\.py)\)$/.exec(
    traceback.message,
  )
  if (named !== null) {
    const located = await atFrame({ path: named[1]!, line: null }, looking)
    return located.trace === null ? null : located
  }
  const module = missingModule(traceback)
  const endings = module === null ? [] : moduleFiles(module)
  const trace = endings.flatMap(ending => endingIn(looking.traces, ending))[0]
  if (trace === undefined) return null
  return {
    trace,
    place: { containerPath: null, line: null, path: trace.path, by: 'module', ...(await origin(trace, null, looking)) },
  }
}

async function atFrame(
  frame: { readonly path: string; readonly line: number | null },
  looking: Looking,
): Promise<Located> {
  const { trace, by } = traceAt(frame.path, looking)
  const line = frame.line === 0 ? null : frame.line
  const from = trace === null ? nowhere : await origin(trace, line, looking)
  return { trace, place: { containerPath: frame.path, line, path: trace?.path ?? null, by, ...from } }
}

const nowhere = { stage: null, commit: null, blame: null }

/** By where the image keeps its files; where there is no image, by the longest ending that one file alone has. */
function traceAt(written: string, { traces, images }: Looking): { trace: Trace | null; by: CrashPlace['by'] } {
  const path = parsePath(written.replaceAll('\\', '/'))
  if (path === null || path === '') return { trace: null, by: null }
  const isAbsolute = /^(?:[A-Za-z]:)?[\\/]/.test(written)
  const whole = isAbsolute
    ? [path]
    : [...images.values()].map(({ workingDirectory }) => joinPath(workingDirectory, path))
  const held = traces.find(({ steps }) =>
    steps.some(
      ({ stage, file, elsewhere = [] }) =>
        stage.place === 'image' && [file, ...elsewhere].some(each => each !== null && whole.includes(each.path)),
    ),
  )
  if (held !== undefined) return { trace: held, by: 'image' }
  if (images.size > 0 && isAbsolute) return { trace: null, by: null }
  for (let ending = path; ; ending = relativePath(ending.split('/')[0] as Path, ending)!) {
    const found = endingIn(traces, ending)
    if (found.length === 1) return { trace: found[0]!, by: 'ending' }
    if (found.length > 1 || !ending.includes('/'))
      return { trace: found.find(each => each.path === ending) ?? null, by: 'ending' }
  }
}

function endingIn(traces: readonly Trace[], ending: Path): Trace[] {
  return traces.filter(({ path }) => path === ending || path.endsWith(`/${ending}`))
}

/** The one file of which an interpreter that runs it says what the log says. */
async function byMessage({ message }: Traceback, looking: Looking): Promise<Located | null> {
  const { traces, deployers, verdictOf } = looking
  const found = traces.flatMap(trace => {
    const step = lastStep(trace)
    if (step?.file.kind !== 'file') return []
    const verdicts = deployers.map(each => verdictOf(step.file, each))
    const same = verdicts.find(each => each.kind === 'breaks' && sameWords(each.message, message))
    return same?.kind === 'breaks' ? [{ trace, line: same.at?.line ?? null }] : []
  })
  if (found.length !== 1) return null
  const { trace, line } = found[0]!
  return {
    trace,
    place: { containerPath: null, line, path: trace.path, by: 'message', ...(await origin(trace, line, looking)) },
  }
}

/** Of NUL bytes, Python says one thing of a module and another of a program. */
export function sameWords(a: string, b: string): boolean {
  const plain = (text: string) => text.replace(/^source code string cannot/, 'source code cannot').trim()
  return plain(a) === plain(b)
}

/** The file at the end of the way: in the last image that holds it, else at the last stage that does. */
export function lastStep({ steps }: Trace): HeldStep | null {
  return steps.findLast((step): step is HeldStep => step.file !== null) ?? null
}

/** The first stage with the bytes of the last, and, where that is the commit, who wrote the line. */
async function origin(
  trace: Trace,
  line: number | null,
  { blame }: Looking,
): Promise<Pick<CrashPlace, 'stage' | 'commit' | 'blame'>> {
  const last = lastStep(trace)
  const first = trace.steps.find(({ file }) => file !== null && file.sha256 === last?.file.sha256)
  if (first === undefined) return nowhere
  const commit = first.stage.place === 'commit' ? first.stage.reference : null
  return {
    stage: first.stage.name,
    commit,
    blame: commit === null || line === null ? null : await blame(commit, trace.path, line),
  }
}

/** Whether what an image has installed holds a package or module of this name. */
export function isInstalled(module: string, python: Iterable<Path>): boolean {
  const name = module.split('.')[0]!
  for (const path of python) {
    const parent = parentPath(path)
    if (/(?:site|dist)-packages$/.test(parent) && path.endsWith(`/${name}.py`)) return true
    if (/(?:site|dist)-packages\//.test(path) && path.includes(`-packages/${name}/`)) return true
  }
  return false
}
