import { blobKey } from '../interpreters/blob-key.ts'
import { judgeContents } from '../interpreters/judge-contents.ts'
import type { VerdictCache } from '../interpreters/verdict-cache.ts'
import { isPythonName, mayBeScript } from '../manifest/python-name.ts'
import { readContents } from '../manifest/read-contents.ts'
import { takeManifest } from '../manifest/take-manifest.ts'
import { parseBlobId, type Sha256 } from '../model/digest.ts'
import type { Interpreter } from '../model/interpreter.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { Unchanged } from '../model/push.ts'
import type { Source } from '../model/source.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Plan } from '../plan.ts'
import type { Means, Verdicts } from './judge-files.ts'

/** Of a file by name alone: whether it may be Python. */
export function mayBePython(path: Path): boolean {
  return isPythonName(path) || mayBeScript(path)
}

/** Files of which nothing is remembered, and that are looked at nevertheless: a second's work. */
const mostUnknown = 300

/** A file that the remote has. */
export interface KnownFile {
  readonly path: Path
  readonly id: string
}

/** Remembered of a blob, of which nothing else is kept. */
export const taken: Verdict = { kind: 'compiles' }
const rejected: Verdict = { kind: 'breaks', at: null, end: null, exception: 'SyntaxError', message: 'rejected' }

/** What is remembered of the blobs of files, without a look at them. */
export interface Remembered {
  readonly keyed: readonly { readonly file: KnownFile; readonly key: Sha256 }[]
  readonly known: Promise<ReadonlyMap<Sha256, ReadonlyMap<string, Verdict>>>
}

export function recallBlobs(
  files: readonly KnownFile[],
  interpreters: readonly Interpreter[],
  cache: VerdictCache,
): Remembered {
  const keyed = files.map(file => ({ file, key: keyOf(file) }))
  return { keyed, known: cache.known(new Set(keyed.map(({ key }) => key)), interpreters) }
}

/**
 * How many of the files that the remote has already an interpreter rejects. What is remembered of their blobs is not read again;
 * of the others, a few are judged and remembered, and many are not looked at.
 */
export async function countUnchanged(
  { objectFormat }: Plan,
  interpreters: readonly Interpreter[],
  {
    remembered,
    sourceOf,
  }: { readonly remembered: Remembered; readonly sourceOf: (files: readonly KnownFile[]) => Source },
  { cache, judges }: Pick<Means, 'cache' | 'judges'>,
): Promise<Unchanged> {
  const { keyed } = remembered
  if (interpreters.length === 0) return { broken: 0, unknown: keyed.length }
  const known = await remembered.known
  const isKnown = (key: Sha256) => known.get(key)?.size === interpreters.length
  const unknown = keyed.filter(({ key }) => !isKnown(key)).map(({ file }) => file)
  const broken = keyed.filter(({ key }) => isKnown(key) && isRejected(known.get(key)!)).length
  if (unknown.length === 0 || unknown.length > mostUnknown) return { broken, unknown: unknown.length }
  const source = sourceOf(unknown)
  const manifest = await takeManifest(source, objectFormat)
  const judgeable = [...manifest.python.values()].filter(({ kind }) => kind === 'file')
  const verdicts = await judgeContents(new Set(judgeable.map(({ sha256 }) => sha256)), interpreters, {
    cache,
    judge: judges.judge,
    contents: wanted => readContents(wanted, [{ source, manifest }]),
    compiling: () => undefined,
  })
  const verdictOf: Verdicts['verdictOf'] = ({ sha256 }, { id }) => verdicts.get(sha256)!.get(id)!
  rememberBlobs(unknown, manifest, { interpreters, verdictOf, cache })
  const more = judgeable.filter(file => interpreters.some(each => verdictOf(file, each).kind === 'breaks')).length
  return { broken: broken + more, unknown: 0 }
}

/** Remembers of each file, by its blob, whether each interpreter takes it; what is no Python is taken by all. */
export function rememberBlobs(
  files: readonly KnownFile[],
  { python }: Manifest,
  {
    interpreters,
    verdictOf,
    cache,
  }: Pick<Verdicts, 'verdictOf'> & Pick<Means, 'cache'> & { readonly interpreters: readonly Interpreter[] },
): void {
  const verdictBy = (file: PythonFile | undefined, interpreter: Interpreter): Verdict => {
    if (file?.kind !== 'file') return taken
    const verdict = verdictOf(file, interpreter)
    return verdict.kind === 'breaks' ? rejected : verdict
  }
  for (const file of files) {
    for (const each of interpreters) cache.remember(keyOf(file), each, verdictBy(python.get(file.path), each))
  }
}

function keyOf({ path, id }: KnownFile): Sha256 {
  return blobKey(parseBlobId(id), isPythonName(path))
}

function isRejected(verdicts: ReadonlyMap<string, Verdict>): boolean {
  return [...verdicts.values()].some(({ kind }) => kind === 'breaks')
}
