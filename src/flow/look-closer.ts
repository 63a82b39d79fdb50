import type { Trace } from '../model/trace.ts'
import type { Plan } from '../plan.ts'
import { alignFiles, type Files } from './align-files.ts'
import { readLayers, readStages, type StageHolder, type Stages, stagesOf } from './read-stages.ts'

/** The stages of a run, and their files. */
export interface Looked {
  readonly stages: Stages
  readonly files: Files
}

/**
 * Reads the stages, and lays them side by side. An image of which only folders were read is read by its layers where these
 * folders hold anything else than what went up: then the layers have to say more of it.
 *
 * @throws VerifierError as `readStages` and `alignFiles`.
 */
export async function lookCloser(plan: Plan): Promise<Looked> {
  const first = await readStages(plan, 'folders')
  const files = alignFiles(plan, first)
  const holders: StageHolder[] = []
  for (const holder of first.holders) {
    const { name } = holder.source.stage
    const reason = holder.folders === null ? null : differenceIn(holder, files)
    if (holder.folders === null) holders.push(holder)
    else if (reason === null) holders.push({ ...holder, remarks: [foldersRemark(name)] })
    else holders.push(await readLayers(holder.folders, plan, `${name}: all layers were read, as ${reason}`))
  }
  const stages = { ...first, ...stagesOf(holders) }
  const isAsBefore = holders.every(({ manifest }, i) => manifest === first.holders[i]!.manifest)
  return { stages, files: isAsBefore ? files : alignFiles(plan, stages) }
}

function foldersRemark(name: string): string {
  return `${name}: only the folders of the source were read, in a container that was never started, as all is there as it was sent; --layers reads all`
}

/** What an image's layers have to be read for; null where there is nothing. */
function differenceIn(
  { source: { stage }, manifest }: StageHolder,
  { traces, mappings, builds }: Files,
): string | null {
  if (mappings.get(stage.name)?.length === 0) return 'nothing of the source is where it is expected'
  if (manifest.bytecode.size > 0) return 'there is bytecode beside the source'
  const rule = builds.plans.get(stage.name)?.ignoreRule ?? (() => null)
  const differing = traces.filter(trace => differs(trace, stage.name) && !isLeftOut(trace, stage.name, rule))
  if (differing.length === 0) return null
  const files = differing.length === 1 ? '1 file' : `${differing.length} files`
  return `${files} in the folders of the source ${differing.length === 1 ? 'is' : 'are'} not as sent`
}

/** Whether an image holds a file otherwise than it went up, or at a second place otherwise. */
function differs({ steps }: Trace, name: string): boolean {
  const step = steps.find(({ stage }) => stage.name === name)
  const sent = steps.findLast(({ stage }) => stage.place !== 'image')?.file ?? null
  const held = step?.file ?? null
  return sent?.sha256 !== held?.sha256 || sent?.kind !== held?.kind || step?.elsewhere !== undefined
}

/** A rule of the build leaves it out: it could not come into the image by any instruction. */
function isLeftOut({ path, steps }: Trace, name: string, rule: (path: Trace['path']) => unknown): boolean {
  return steps.every(({ stage, file }) => stage.name !== name || file === null) && rule(path) !== null
}
