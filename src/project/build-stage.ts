import type { Copying, Instruction } from '../model/build.ts'
import { type Path, relativePath } from '../model/path.ts'
import { type BuildTree, copyOfTree } from './build-tree.ts'

/** A stage of a build, as far as its instructions were followed. */
export interface BuildStage {
  readonly name: string | null
  readonly tree: BuildTree
  readonly values: Map<string, string>
  readonly written: Map<Path, Instruction>
  readonly copied: Copied[]
  /** Those that found files of the source in it. */
  readonly runs: Instruction[]
  /** Those of the stages that it copies from. */
  readonly earlier: Set<Instruction>
  directory: Path
  incomplete: boolean
}

/** What a COPY or an ADD has brought into a stage. */
interface Copied {
  readonly by: Instruction
  readonly destination: Path
  readonly files: BuildTree['files']
  /** Whether it has brought other files than those, or may have. */
  readonly bringsMore: boolean
  /** As `--from` names it; null where it does not copy from another stage. */
  readonly stage: string | null
  /** The RUNs that may have made those files. */
  readonly runs: readonly Instruction[]
}

/** A stage at its FROM; `base` is the stage it is based on, null for an image, whose working directory is then `directory`. */
export function openStage(name: string | null, base: BuildStage | null, directory: Path): BuildStage {
  return {
    name,
    tree: base === null ? { files: new Map(), directories: new Set() } : copyOfTree(base.tree),
    values: new Map(base?.values),
    written: new Map(base?.written),
    copied: [...(base?.copied ?? [])],
    runs: [...(base?.runs ?? [])],
    earlier: new Set(base?.earlier),
    directory: base?.directory ?? directory,
    incomplete: base?.incomplete ?? false,
  }
}

/** By its name or its number; null for what is none of these stages. */
export function stageCalled(name: string | null, stages: readonly BuildStage[]): BuildStage | null {
  if (name === null) return null
  const called = stages.findLast(stage => stage.name === name.toLowerCase())
  return called ?? (/^\d+$/.test(name) ? (stages[Number(name)] ?? null) : null)
}

/** The files of a stage, each with all the RUNs that it has gone through. */
export function filesToCopy({ tree, runs }: BuildStage): BuildTree['files'] {
  return new Map(
    [...tree.files].map(([path, file]) => [path, { ...file, runs: [...file.runs, ...runs.slice(file.since)] }]),
  )
}

/** All RUNs that found files of the source in a stage, or in one that it copies from. */
export function allRuns({ runs, earlier }: BuildStage): readonly Instruction[] {
  return [...earlier, ...runs]
}

/** What has written a path of a stage, or may have. */
export function copiesTo({ copied }: BuildStage, imagePath: Path): readonly Copying[] {
  return copied.flatMap(({ by, destination, files, bringsMore, stage, runs }) => {
    const file = files.get(imagePath)
    const mayWrite = bringsMore && relativePath(destination, imagePath) !== null
    if (file === undefined && !mayWrite) return []
    return { by, stage: stage === null ? null : { name: stage, runs: file?.runs ?? runs } }
  })
}
