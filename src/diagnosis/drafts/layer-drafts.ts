import type { Sha256 } from '../../model/digest.ts'
import type { LayerRecord } from '../../model/finding.ts'
import type { Content, LayerWrite } from '../../model/manifest.ts'
import type { Path } from '../../model/path.ts'
import type { ImageFacts } from '../../model/source.ts'
import type { Judge, Verdict } from '../../model/verdict.ts'
import { copyEvidence } from './copy-evidence.ts'
import type { Draft } from './draft.ts'
import { deployInterpreters, type Judged } from './judged.ts'

/** What the layers of one image, by the name of its stage, did to these paths of it. */
export type ReadWrites = (
  stage: string,
  paths: ReadonlySet<Path>,
  seen: (content: Content) => Promise<void>,
) => Promise<ReadonlyMap<Path, readonly LayerWrite[]>>

/**
 * The drafts, with every layer that wrote a file whose bytes are not those it came with, and with the layer named from which
 * on they are not. Each image that holds such a file is read once more.
 */
export async function layerDrafts(
  drafts: readonly Draft[],
  judged: Judged,
  { writesOf, judge }: { readonly writesOf: ReadWrites; readonly judge: Judge },
): Promise<readonly Draft[]> {
  const stages = new Set(drafts.filter(isAltered).map(({ evidence }) => evidence.after!.stage))
  let told = drafts
  for (const stage of stages) {
    const paths = told
      .filter(isAltered)
      .filter(({ evidence }) => evidence.after!.stage === stage)
      .map(pathInImage)
    const [interpreter] = deployInterpreters(judged.interpreters, stage)
    const verdicts = new Map<Sha256, Verdict>()
    const writes = await writesOf(stage, new Set(paths), async ({ sha256, bytes }) => {
      if (interpreter !== undefined) verdicts.set(sha256, await judge(bytes, interpreter))
    })
    told = told.map(draft => {
      const own = isAltered(draft) && draft.evidence.after!.stage === stage ? writes.get(pathInImage(draft)) : undefined
      return own === undefined ? draft : withLayers(draft, own, judged, verdicts)
    })
  }
  return told
}

function isAltered({ code, evidence }: Draft): boolean {
  return (code === 'altered-in-image' || code === 'stale-in-image') && evidence.imagePath !== undefined
}

function pathInImage({ evidence }: Draft): Path {
  return evidence.imagePath!.slice(1) as Path
}

function withLayers(
  draft: Draft,
  writes: readonly LayerWrite[],
  { images, builds }: Judged,
  verdicts: ReadonlyMap<Sha256, Verdict>,
): Draft {
  const { evidence } = draft
  const { layers } = images.get(evidence.after!.stage)!
  const records = layerRecords(writes, { layers, verdicts, before: evidence.before?.sha256 })
  const culprit = records[records.findLastIndex(({ asBefore }) => asBefore) + 1]
  const layer = culprit === undefined ? evidence.layer : { index: culprit.index, ...layers[culprit.index]! }
  const named = layer === undefined ? evidence : { ...evidence, layer }
  const copied =
    draft.code === 'altered-in-image' ? copyEvidence(named, records, builds.get(evidence.after!.stage)) : {}
  return { ...draft, evidence: { ...named, ...copied, ...(records.length > 1 ? { writes: records } : {}) } }
}

/** What each write was: by which instruction, what the interpreter says of it, and whether it has the bytes of before the image. */
export function layerRecords(
  writes: readonly LayerWrite[],
  {
    layers,
    verdicts,
    before,
  }: {
    readonly layers: ImageFacts['layers']
    readonly verdicts: ReadonlyMap<Sha256, Verdict>
    /** Of what it was before; null where it was not there. */
    readonly before: string | null | undefined
  },
): LayerRecord[] {
  return writes.map(({ layer, kind, sha256 }) => {
    const { createdBy = null } = layers[layer] ?? {}
    const verdict = sha256 === null ? null : (verdicts.get(sha256)?.kind ?? null)
    return { index: layer, createdBy, kind, sha256, verdict, asBefore: sha256 === before }
  })
}
