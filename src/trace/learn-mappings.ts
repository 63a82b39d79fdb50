import type { Sha256 } from '../model/digest.ts'
import type { PythonFile } from '../model/manifest.ts'
import { comparePaths, joinPath, type Path } from '../model/path.ts'
import type { PathMapping } from '../model/trace.ts'
import { compareEnds } from './compare-ends.ts'
import { isLibrary } from './library-directory.ts'

type Files = ReadonlyMap<Path, PythonFile>

/** A content that an image holds in more places than this tells nothing about where the source went. */
const mostPlaces = 8

/**
 * Which directories of an image hold which directories of the source, by content: every file of the source that has a
 * content of its own, and stands in the image with it, votes for the pair of directories that the two paths have left
 * when their common ending is taken away. Strongest pair first; a weaker one counts if it places a file that no stronger one
 * does, or is a second place of most of what its directory of the source holds. `source` holds each path's contents at the earlier stages.
 */
export function learnMappings(source: readonly Files[], image: Files): PathMapping[] {
  const candidates = countVotes(uniqueContents(source), image)
  candidates.sort((a, b) => b.voters.length - a.voters.length || compareDirectories(a, b))
  const placed = new Set<Path>()
  const mappings: PathMapping[] = []
  for (const { imageDirectory, sourceDirectory, voters } of candidates) {
    const mapping = { imageDirectory, sourceDirectory, from: 'content', votes: voters.length } as const
    const ends = compareEnds(mapping, source, image)
    if (isLibrary(imageDirectory) && (isInPackage(sourceDirectory, source) || ends.equal * 2 <= ends.compared)) continue
    const isSecond = voters.every(path => placed.has(path))
    const isInstalled = isLibrary(imageDirectory) && voters.length > 1 && !isVendored(sourceDirectory)
    if (isSecond && isLibrary(imageDirectory) && !isInstalled) continue
    if (isSecond && !isInstalled && ends.equal * 2 <= ends.held) continue
    for (const path of voters) placed.add(path)
    mappings.push(mapping)
  }
  return mappings
}

interface Candidate {
  readonly imageDirectory: Path
  readonly sourceDirectory: Path
  /** Paths in the source. */
  readonly voters: Path[]
}

/** Digest to the one path in the source that holds it; empty files and contents of several paths are left out. */
function uniqueContents(source: readonly Files[]): Map<Sha256, Path> {
  const paths = new Map<Sha256, Path | null>()
  for (const files of source) {
    for (const [path, { kind, sha256, size }] of files) {
      if (kind !== 'file' || size === 0) continue
      const known = paths.get(sha256)
      paths.set(sha256, known === undefined || known === path ? path : null)
    }
  }
  return new Map([...paths].filter((pair): pair is [Sha256, Path] => pair[1] !== null))
}

function countVotes(contents: ReadonlyMap<Sha256, Path>, image: Files): Candidate[] {
  const places = new Map<Path, Path[]>()
  for (const [imagePath, { kind, sha256 }] of image) {
    const path = kind === 'file' ? contents.get(sha256) : undefined
    if (path === undefined) continue
    const known = places.get(path)
    if (known === undefined) places.set(path, [imagePath])
    else known.push(imagePath)
  }
  const candidates = new Map<string, Candidate>()
  for (const [path, imagePaths] of places) {
    if (imagePaths.length > mostPlaces) continue
    for (const imagePath of imagePaths) {
      const pair = withoutCommonEnding(imagePath, path)
      const key = `${pair.imageDirectory}\0${pair.sourceDirectory}`
      const known = candidates.get(key)
      if (known === undefined) candidates.set(key, { ...pair, voters: [path] })
      else known.voters.push(path)
    }
  }
  return [...candidates.values()]
}

/** `srv/app/a.py` and `src/app/a.py` leave `srv` and `src`. A renamed file leaves nothing to vote for but its own place. */
export function withoutCommonEnding(imagePath: Path, path: Path): { imageDirectory: Path; sourceDirectory: Path } {
  const image = imagePath.split('/')
  const source = path.split('/')
  while (image.length > 0 && source.length > 0 && image.at(-1) === source.at(-1)) {
    image.pop()
    source.pop()
  }
  return { imageDirectory: image.join('/') as Path, sourceDirectory: source.join('/') as Path }
}

/**
 * Whether a directory of the source is part of a package. Installed as a package of its own its files would have other
 * names, so equal files among the libraries are another copy of what the source has vendored.
 */
export function isInPackage(directory: Path, source: readonly Files[]): boolean {
  return directory !== '' && source.some(files => files.has(joinPath(directory, '__init__.py')))
}

/** By its name a place for copies of what others publish. */
function isVendored(directory: Path): boolean {
  return /(?:^|\/)(?:_?vendor(?:ed)?|third[_-]?party|extern(?:al)?)(?:\/|$)/.test(directory)
}

function compareDirectories(a: Candidate, b: Candidate): number {
  return comparePaths(a.imageDirectory, b.imageDirectory) || comparePaths(a.sourceDirectory, b.sourceDirectory)
}
