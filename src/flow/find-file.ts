import { foldedPath } from '../diagnosis/comparison/folded-paths.ts'
import { VerifierError } from '../model/errors.ts'
import { nearNames } from '../model/near-names.ts'
import { baseName, joinPath, type Path, parentPath, pathBehindLink } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Trace } from '../model/trace.ts'
import { visible } from '../report/visible.ts'
import { toImage, toSource } from '../trace/find-mappings.ts'
import type { Files } from './align-files.ts'
import type { Stages } from './read-stages.ts'

/** Which file is asked for. */
export interface WantedFile {
  /** As the user wrote it. */
  readonly given: string
  /** Where in the repository it may be, the likeliest first. */
  readonly paths: readonly string[]
  /** Where in the images it may be; null for a path that is of no image. `stage` null: of any of them. */
  readonly inImages: { readonly stage: string | null; readonly path: string } | null
}

/** A file that was asked for, and what has to be looked at with it. */
export interface FoundFile {
  readonly trace: Trace
  /** Whether it is of an image alone, and does not stand where the source does. */
  readonly isApart: boolean
  /** Files that tell what became of it: those that a disk may take for it, and those that it links to. */
  readonly around: readonly Trace[]
}

/**
 * The file that is asked for. A name counts as well as a report shows it, with its escapes.
 *
 * @throws VerifierError when no stage holds a Python file there; it names those that are near.
 */
export function findFile(wanted: WantedFile, files: Files, stages: Stages): FoundFile {
  const { traces } = files
  const known = wanted.paths.flatMap(path => traces.find(trace => isCalled(trace.path, path)) ?? [])
  const trace = known[0] ?? mappedBack(wanted, files, stages)
  if (trace !== undefined) return { trace, isApart: false, around: aroundFile(trace, traces) }
  const apart = ofImagesAlone(wanted, files, stages)
  if (apart !== null) return { trace: apart, isApart: true, around: [] }
  throw notHeld(wanted, files, stages)
}

function isCalled(path: Path, name: string): boolean {
  return path === name || visible(path) === name
}

/** The file of the source that an image keeps, or would keep, at that place. */
function mappedBack(wanted: WantedFile, files: Files, stages: Stages): Trace | undefined {
  const { traces, mappings } = files
  const isThere = (name: string, path: Path) => placesIn(name, wanted, files).some(place => isCalled(path, place))
  const held = traces.find(({ steps }) =>
    steps.some(
      ({ stage, file, elsewhere = [] }) =>
        stage.place === 'image' &&
        [...(file === null ? [] : [file]), ...elsewhere].some(({ path }) => isThere(stage.name, path)),
    ),
  )
  if (held !== undefined || wanted.inImages === null) return held
  const sources = imagesOf(stages).flatMap(({ stage: { name } }) =>
    placesIn(name, wanted, files).flatMap(place =>
      (mappings.get(name) ?? []).flatMap(mapping => toSource(place as Path, mapping) ?? []),
    ),
  )
  return traces.find(({ path }) => sources.some(source => isCalled(path, source)))
}

function imagesOf({ manifests }: Stages): Stages['manifests'] {
  return manifests.filter(({ stage }) => stage.place === 'image')
}

/** Where an image may have the file: where it is said to, or as a report shows it, or where the image keeps such a path of the source. */
function placesIn(stage: string, { paths, inImages }: WantedFile, { mappings }: Pick<Files, 'mappings'>): string[] {
  if (inImages !== null) return inImages.stage === null || inImages.stage === stage ? [inImages.path] : []
  const mapped = (mappings.get(stage) ?? []).flatMap(mapping =>
    paths.flatMap(path => toImage(path as Path, mapping) ?? []),
  )
  return [...new Set([...paths, ...mapped])]
}

/** A file that images hold where nothing of the source is. */
function ofImagesAlone(wanted: WantedFile, files: Files, stages: Stages): Trace | null {
  const steps = imagesOf(stages).flatMap(({ stage, python }) => {
    const places = placesIn(stage.name, wanted, files)
    const file = [...python.values()].find(({ path }) => places.some(place => isCalled(path, place)))
    return file === undefined ? [] : [{ stage, file }]
  })
  return steps.length === 0 ? null : { path: steps[0]!.file.path, steps }
}

function aroundFile(trace: Trace, traces: readonly Trace[]): Trace[] {
  const wanted = new Set([trace.path])
  // A link may lead to a link; paths that are met are added to what is walked.
  for (const path of wanted) {
    for (const { file } of traces.find(each => each.path === path)?.steps ?? []) {
      const target = file?.kind === 'symlink' ? pathBehindLink(path, file.target ?? '') : null
      if (target !== null) wanted.add(target)
    }
  }
  const folded = foldedPath(trace.path)
  return traces.filter(each => each !== trace && (wanted.has(each.path) || foldedPath(each.path) === folded))
}

/** How many near names are told. */
const mostNear = 5

function notHeld(wanted: WantedFile, files: Files, stages: Stages): VerifierError {
  const { given, paths, inImages } = wanted
  const known = files.traces.map(({ path }) => path)
  const near = [...new Set(paths.flatMap(path => nearPaths(path, known)))].slice(0, mostNear).map(path => quoted(path))
  const images = imagesOf(stages).filter(({ stage }) => placesIn(stage.name, wanted, files).length > 0)
  const inside = images.flatMap(({ stage, python }) =>
    placesIn(stage.name, wanted, files).flatMap(place => nearPaths(place, [...python.keys()])),
  )
  const ofImages = inImages === null && near.length > 0 ? [] : inside
  const names = [...near, ...new Set(ofImages.map(path => quoted(`/${path}`)))].slice(0, mostNear)
  const where =
    inImages === null ? 'no stage holds' : images.length === 0 ? 'there is no image, so none holds' : 'no image holds'
  const deleted = images.flatMap(image => deletions(image, placesIn(image.stage.name, wanted, files)))
  const what = names.length === 0 ? 'nothing there is called nearly so' : `near it are ${names.join(', ')}`
  return new VerifierError('no-such-file', [`${where} a Python file ${quoted(given)}: ${what}`, ...deleted].join('; '))
}

/** Which layer of an image has deleted a file that was at one of these places. */
function deletions({ stage, deleted }: Stages['manifests'][number], places: readonly string[]): string[] {
  return places.flatMap(place => {
    const layer = deleted.get(place as Path)
    return layer === undefined ? [] : `layer ${layer} of ${stage.name} deleted ${quoted(`/${place}`)}`
  })
}

/** What is below it, files of that name elsewhere, then those whose name is nearly the same, beside it and elsewhere. */
function nearPaths(wanted: string, known: readonly Path[]): Path[] {
  const name = baseName(wanted as Path)
  const directory = parentPath(wanted as Path)
  const named = new Set(nearNames(name, new Set(known.map(baseName)), mostNear))
  const near = [...named].flatMap(each => known.filter(path => baseName(path) === each))
  const beside = near.filter(path => path === joinPath(directory, baseName(path)))
  const below = known.filter(path => path.startsWith(`${wanted}/`))
  return [...new Set([...below, ...near.filter(path => baseName(path) === name), ...beside, ...near])].slice(
    0,
    mostNear,
  )
}
