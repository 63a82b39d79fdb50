import type { HeldPython, ImageDescription } from '../model/image-description.ts'
import { type ImageInterpreter, minorVersion } from '../model/interpreter.ts'
import type { Manifest } from '../model/manifest.ts'
import type { ImageFacts } from '../model/source.ts'
import type { Plan } from '../plan.ts'
import { imagePlatform } from '../project/image-platform.ts'
import { imagePythons } from '../project/image-pythons.ts'
import { notedFiles } from '../project/noted-files.ts'
import { reachedPython } from '../project/reached-python.ts'
import type { Stages } from './read-stages.ts'

/** What each image runs its files with, and where; by the name of its stage. */
export async function describeImages(
  { inImages }: Pick<Plan, 'inImages'>,
  { manifests, images }: Stages,
): Promise<ReadonlyMap<string, ImageDescription>> {
  const described = new Map<string, ImageDescription>()
  for (const manifest of manifests) {
    const { name } = manifest.stage
    const image = images.get(name)
    if (image === undefined) continue
    const own = inImages.find(({ stage }) => stage === name) ?? null
    described.set(name, await describeImage(image, manifest, own))
  }
  return described
}

/** What one image runs its files with, and where; `own` is its own Python, where that was run. */
export async function describeImage(
  image: ImageFacts,
  { stage: { name }, python, notes }: Manifest,
  own: ImageInterpreter | null,
): Promise<ImageDescription> {
  const { environment } = image
  const reached = await reachedPython(image, notedFiles(notes))
  const title = name === 'image' ? 'the image' : name
  const shown = imagePythons({ title, environment, pythonPaths: python.keys(), notes, reached })
  const said = own === null ? shown : inItsOwnWords(own, shown)
  const { pythons } = said
  const others = pythons
    .slice(1)
    .map(
      ({ version, from }) => `${name} holds CPython ${version} as well (${from}), and does not run the files with it`,
    )
  return { pythons, platform: imagePlatform(image, notes, pythons), remarks: [...said.remarks, ...others] }
}

/** What was run counts over what is read: an image's files may name another release. */
function inItsOwnWords(
  { version, executable, stage, reachedBy }: ImageInterpreter,
  { pythons, remarks }: ReturnType<typeof imagePythons>,
): ReturnType<typeof imagePythons> {
  const itself =
    pythons.find(each => each.path === executable) ??
    pythons.find(each => minorVersion(each.version) === minorVersion(version))
  const isOther = itself !== undefined && itself.version !== version && itself.version !== minorVersion(version)
  const contradiction = isOther
    ? [
        `${executable} of ${stage} says that it is CPython ${version}, and that counts, though ${itself.from} says ${itself.version}`,
      ]
    : []
  const from = `${executable} in ${stage}`
  const first: HeldPython = { version, from, prefix: itself?.prefix ?? null, path: executable, reachedBy }
  return { pythons: [first, ...pythons.filter(each => each !== itself)], remarks: [...contradiction, ...remarks] }
}
