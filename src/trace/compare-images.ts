import type { Both, DifferingFile, FileInImage, ImageComparison } from '../model/image-comparison.ts'
import type { ImageDescription } from '../model/image-description.ts'
import type { ImageFacts } from '../model/source.ts'
import type { Trace } from '../model/trace.ts'

/** What is known of the images, by the name of the stage. */
export interface KnownImages {
  readonly images: ReadonlyMap<string, ImageFacts>
  readonly described: ReadonlyMap<string, ImageDescription>
}

/** Every two of the images that hold anything of the source, in the order of the way. */
export function compareImages(traces: readonly Trace[], known: KnownImages): readonly ImageComparison[] {
  const stages = (traces[0]?.steps ?? []).filter(({ stage }) => stage.place === 'image').map(({ stage }) => stage.name)
  return stages.flatMap((first, at) => stages.slice(at + 1).map(second => compareTwo([first, second], traces, known)))
}

function compareTwo(images: Both<string>, traces: readonly Trace[], known: KnownImages): ImageComparison {
  let same = 0
  const differing: DifferingFile[] = []
  for (const { path, steps } of traces) {
    const [first, second] = both(images, name => steps.find(({ stage }) => stage.name === name)?.file ?? null)
    if (first === null && second === null) continue
    if (first !== null && first.sha256 === second?.sha256 && first.kind === second.kind) same += 1
    else
      differing.push({ path, held: both(images, (name, at) => inImage([first, second][at]!, known.images.get(name)!)) })
  }
  return { images, same, differing, differences: differencesOf(both(images, name => known.described.get(name)!)) }
}

function inImage(file: NonNullable<Trace['steps'][number]['file']> | null, { layers }: ImageFacts): FileInImage | null {
  if (file === null) return null
  return { imagePath: `/${file.path}`, sha256: file.sha256, layer: { index: file.layer, ...layers[file.layer]! } }
}

/** What runs them first, then where. */
function differencesOf(descriptions: Both<ImageDescription>): ImageComparison['differences'] {
  const facts = both(descriptions, factsOf)
  const names = new Set(facts.flatMap(each => [...each.keys()]))
  return [...names]
    .map(of => ({ of, values: both(facts, each => each.get(of) ?? null) }))
    .filter(({ values: [first, second] }) => first !== second)
}

function factsOf({ pythons, platform }: ImageDescription): ReadonlyMap<string, string | null> {
  const { distribution, libc, architecture, pythonArchitecture, settings } = platform
  return new Map([
    ['python', pythons[0]?.version ?? null],
    ...Object.entries({ distribution, libc, architecture, pythonArchitecture }),
    ...settings,
  ])
}

function both<T, R>([first, second]: Both<T>, of: (each: T, at: 0 | 1) => R): Both<R> {
  return [of(first, 0), of(second, 1)]
}
