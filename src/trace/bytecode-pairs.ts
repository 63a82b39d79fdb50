import type { BytecodePair } from '../model/bytecode.ts'
import type { Bytecode, Manifest, PythonFile } from '../model/manifest.ts'
import { baseName, joinPath, type Path, parentPath, relativePath } from '../model/path.ts'
import type { PathMapping, Step, Trace } from '../model/trace.ts'

export interface ImagePython {
  /** `3.11`. */
  readonly minor: string
  /** `PYTHONOPTIMIZE`: 0, 1 or 2. */
  readonly optimize: number
  /** `PYTHONPYCACHEPREFIX`, or null. */
  readonly cachePrefix: Path | null
}

export interface BytecodeOfImage {
  /** Those that this Python would run without a look into the source. */
  readonly pairs: readonly BytecodePair[]
  /** How many `.pyc` of the source's files there are that it finds, those it ignores or checks among them. */
  readonly total: number
}

/** The bytecode that a Python finds for the files of the source in an image. */
export function bytecodePairs(
  traces: readonly Trace[],
  { stage, bytecode }: Manifest,
  { mappings, python }: { readonly mappings: readonly PathMapping[]; readonly python: ImagePython },
): BytecodeOfImage {
  const pairs: BytecodePair[] = []
  let total = 0
  for (const { path, steps } of traces) {
    const step = steps.find(each => each.stage.name === stage.name)
    const files = [step?.file ?? [], step?.elsewhere ?? []].flat().filter(({ kind }) => kind === 'file')
    for (const source of files) {
      const bytecodePath = cachePath(source.path, python)
      const found = bytecode.get(bytecodePath)
      if (found === undefined) continue
      total += 1
      const reason = reasonToRun(found, source)
      if (reason !== null) pairs.push({ path, stage: stage.name, bytecodePath, bytecode: found, reason, source })
    }
    const sent = step?.file === null ? lastBefore(steps, step) : null
    for (const bytecodePath of sent === null ? [] : sourcelessPaths(path, mappings)) {
      const found = bytecode.get(bytecodePath)
      if (found === undefined) continue
      total += 1
      pairs.push({ path, stage: stage.name, bytecodePath, bytecode: found, reason: 'sourceless', source: sent! })
    }
  }
  return { pairs, total }
}

/** PEP 3147 and PEP 488. */
function cachePath(source: Path, { minor, optimize, cachePrefix }: ImagePython): Path {
  const tag = `cpython-${minor.replace('.', '')}${optimize > 0 ? `.opt-${optimize}` : ''}`
  const name = `${baseName(source).replace(/\.[^.]*$/, '')}.${tag}.pyc`
  const directory = parentPath(source)
  return cachePrefix === null
    ? joinPath(joinPath(directory, '__pycache__'), name)
    : joinPath(joinPath(cachePrefix, directory), name)
}

/** PEP 552. Null where Python would look into the source, or take no notice. */
function reasonToRun({ header }: Bytecode, source: PythonFile): 'unchecked-hash' | 'timestamp' | null {
  if (header.length < 16) return null
  const fields = new DataView(header.buffer, header.byteOffset, header.length)
  const flags = fields.getUint32(4, true)
  if (flags === 1) return 'unchecked-hash'
  if (flags !== 0 || source.modifiedAt === undefined) return null
  const [time, size] = [fields.getUint32(8, true), fields.getUint32(12, true)]
  return time === source.modifiedAt % 2 ** 32 && size === source.size % 2 ** 32 ? 'timestamp' : null
}

function sourcelessPaths(path: Path, mappings: readonly PathMapping[]): Path[] {
  return mappings.flatMap(({ imageDirectory, sourceDirectory }) => {
    const rest = path.endsWith('.py') ? relativePath(sourceDirectory, path) : null
    return rest === null ? [] : (`${joinPath(imageDirectory, rest)}c` as Path)
  })
}

/** As it went up. */
function lastBefore(steps: readonly Step[], step: Step): PythonFile | null {
  return steps.slice(0, steps.indexOf(step)).findLast(({ stage }) => stage.place !== 'image')?.file ?? null
}
