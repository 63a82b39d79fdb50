import { takeManifest } from './manifest/take-manifest.ts'
import { VerifierError } from './model/errors.ts'
import { minorVersion } from './model/interpreter.ts'
import type { Manifest, PythonFile } from './model/manifest.ts'
import { type Path, rootPath } from './model/path.ts'
import type { Seal, SealCheck, UnsealedFile } from './model/seal.ts'
import type { ImageSource, Source } from './model/source.ts'
import type { Stage } from './model/stage.ts'
import type { PathMapping, Trace } from './model/trace.ts'
import { imagePythons } from './project/image-pythons.ts'
import { align } from './trace/align.ts'

/** What is held against a seal, and how. */
export interface ToCheck {
  readonly source: Source | ImageSource
  /** Where an image keeps what was sealed; empty to learn it. */
  readonly mappings: readonly PathMapping[]
  /** Files not to look at. */
  readonly isExcluded: (path: Path) => boolean
}

/**
 * Holds a folder, or an image, against what was sealed, file by file; nothing is compiled.
 *
 * @throws VerifierError when it cannot be read, or an image holds nothing of what was sealed.
 */
export async function checkSeal(seal: Seal, { source, mappings, isExcluded }: ToCheck): Promise<SealCheck> {
  const held = await takeManifest(source, seal.objectFormat)
  const image = 'image' in source ? source.image : null
  const workingDirectories = new Map(image === null ? [] : [[source.stage.name, image.workingDirectory]])
  const alignment = align([manifestOf(seal), held], {
    sourceDirectory: rootPath,
    mappings,
    workingDirectories,
    builds: new Map(),
  })
  const found = alignment.mappings.get(source.stage.name) ?? []
  if (image !== null && found.length === 0) throw nothingFound(source.stage)
  const looked = alignment.traces.filter(({ path }) => !isExcluded(path))
  const files = looked.flatMap(trace => unsealed(trace, 'image' in source ? source : null))
  return {
    seal,
    stage: source.stage,
    mappings: found,
    intact: looked.length - files.length,
    files,
    otherPython: image === null ? null : otherPython(seal, imagePythons(image.environment, held.python.keys())),
  }
}

/** The sealed files as those of a stage. */
function manifestOf({ files }: Seal): Manifest {
  const python = files.map(({ verdicts: _, ...file }): [PythonFile['path'], PythonFile] => [
    file.path,
    { ...file, layer: 0 },
  ])
  const stage: Stage = { name: 'seal', place: 'upload', kind: 'archive', reference: null }
  const nothing = { bytecode: new Map(), deleted: new Map(), links: new Map(), gitlinks: new Map(), duplicates: [] }
  return { stage, files: files.length, python: new Map(python), ...nothing }
}

/** None where the file is as it was sealed. */
function unsealed({ path, steps: [sealed, held] }: Trace, image: ImageSource | null): UnsealedFile[] {
  const [before, after] = [sealed?.file ?? null, held?.file ?? null]
  if (before?.sha256 === after?.sha256 && before?.kind === after?.kind) return []
  const inImage =
    image === null || after === null
      ? null
      : { path: after.path, layer: after.layer, createdBy: image.image.layers[after.layer]?.createdBy ?? null }
  const state = after === null ? 'missing' : before === null ? 'unsealed' : 'altered'
  return [{ path, state, sealed: before?.sha256 ?? null, found: after?.sha256 ?? null, inImage }]
}

/** The Python that an image runs, where the seal speaks of none of its minor version. */
function otherPython({ interpreters }: Seal, [own]: ReturnType<typeof imagePythons>): SealCheck['otherPython'] {
  const deploy = interpreters.filter(({ roles }) => roles.includes('deploy'))
  const isMeant = deploy.some(({ version }) => minorVersion(version) === minorVersion(own?.version ?? ''))
  return own === undefined || deploy.length === 0 || isMeant ? null : { version: own.version, from: own.from }
}

function nothingFound({ name }: Stage): VerifierError {
  return new VerifierError(
    'nothing-to-check',
    `nothing of what was sealed was found in ${name}: say where it is with --map IMAGE_DIR=.`,
  )
}
