import { chooseInterpreter } from '../interpreters/choose-interpreter.ts'
import { bytecodeExaminer } from '../interpreters/examine-bytecode.ts'
import { type ReadPair, readBytecode } from '../manifest/read-bytecode.ts'
import { type Holder, readContents } from '../manifest/read-contents.ts'
import type { BytecodeAnswers, BytecodeOrigin, BytecodePair } from '../model/bytecode.ts'
import type { Sha256 } from '../model/digest.ts'
import type { ImageDescription } from '../model/image-description.ts'
import { type CastInterpreter, compareVersions, type Interpreter, minorVersion } from '../model/interpreter.ts'
import { parsePath } from '../model/path.ts'
import type { ImageFacts } from '../model/source.ts'
import type { PathMapping, Trace } from '../model/trace.ts'
import { bytecodePairs } from '../trace/bytecode-pairs.ts'

export interface ImagesToExamine {
  readonly holders: readonly Holder[]
  readonly images: ReadonlyMap<string, ImageFacts>
  readonly traces: readonly Trace[]
  readonly mappings: ReadonlyMap<string, readonly PathMapping[]>
  readonly interpreters: readonly CastInterpreter[]
  /** Who can be asked. */
  readonly available: readonly Interpreter[]
  /** What each image is, by the name of its stage. */
  readonly described: ReadonlyMap<string, ImageDescription>
}

/** Which `.pyc` of the source's files Python would run instead of them, and whether they were made of them. */
export async function examineImages(given: ImagesToExamine): Promise<BytecodeAnswers> {
  const answers = { askers: new Set<string>(), total: 0, stale: [] as BytecodePair[], unknown: [] as BytecodePair[] }
  for (const holder of given.holders) {
    const image = given.images.get(holder.manifest.stage.name)
    if (image === undefined) continue
    const version = versionOf(holder, given)
    const interpreter = version === null ? null : chooseInterpreter(version, given.available)
    if (interpreter === null || compareVersions(interpreter.version, '3.7') < 0) continue
    const python = pythonOf(image, interpreter)
    const mappings = given.mappings.get(holder.manifest.stage.name) ?? []
    const { pairs, total } = bytecodePairs(given.traces, holder.manifest, { mappings, python })
    const origins = await originsOf(pairs, { ...given, holder, interpreter, optimize: python.optimize })
    // Another patch release might make other code of the same source: that it does not is seen by one that it makes the same of.
    const isSure = interpreter.version === version || [...origins.values()].includes('same')
    answers.askers.add(interpreter.version)
    answers.total += total
    for (const [pair, origin] of origins) {
      const isProved = origin === 'rejected' || (origin === 'different' && (isSure || pair.reason === 'unchecked-hash'))
      if (isProved) answers.stale.push(pair)
      else if (origin === 'different' || origin === 'unreadable') answers.unknown.push(pair)
    }
  }
  return { ...answers, askers: [...answers.askers] }
}

/** The image's Python: in its own words, as its files show it, or as the deploy role has it. */
function versionOf({ manifest }: Holder, { described, interpreters }: ImagesToExamine): string | null {
  const own = described.get(manifest.stage.name)?.pythons[0]
  return (own ?? interpreters.find(({ roles }) => roles.includes('deploy')))?.version ?? null
}

function pythonOf({ environment }: ImageFacts, { version }: Interpreter) {
  const optimize = environment.get('PYTHONOPTIMIZE') ?? ''
  const prefix = environment.get('PYTHONPYCACHEPREFIX') ?? ''
  return {
    minor: minorVersion(version),
    optimize: optimize === '' ? 0 : Math.min(2, Number(optimize) || 1),
    cachePrefix: prefix.startsWith('/') ? parsePath(prefix) : null,
  }
}

async function originsOf(
  pairs: readonly BytecodePair[],
  {
    holder,
    holders,
    interpreter,
    optimize,
  }: { holder: Holder; holders: readonly Holder[]; interpreter: Interpreter; optimize: number },
): Promise<Map<BytecodePair, BytecodeOrigin>> {
  const origins = new Map<BytecodePair, BytecodeOrigin>()
  if (pairs.length === 0) return origins
  await using examiner = bytecodeExaminer(interpreter)
  for await (const batch of readBytecode(pairs, holder.source)) {
    const bySource = new Map<Sha256, ReadPair[]>()
    for (const each of batch) {
      const { sha256 } = each.pair.source
      bySource.set(sha256, [...(bySource.get(sha256) ?? []), each])
    }
    for await (const { sha256, bytes } of readContents(new Set(bySource.keys()), holders)) {
      for (const { pair, pyc } of bySource.get(sha256)!) {
        origins.set(pair, pyc === null ? 'unreadable' : await examiner.ask({ pyc, source: bytes, optimize }))
      }
    }
  }
  return origins
}
