import type { Sha256 } from '../model/digest.ts'
import type { PythonFile } from '../model/manifest.ts'
import { comparePaths, joinPath, type Path } from '../model/path.ts'
import type { PathMapping } from '../model/trace.ts'
import { compareEnds, type Ends } from './compare-ends.ts'
import { isLibrary } from './library-directory.ts'

type Files = ReadonlyMap<Path, PythonFile>

/** A content that an image holds in more places than this tells nothing about where the source went. */
const mostPlaces = 8

/** A content of fewer bytes may be in two places by chance, as `from .x import *` may. */
const longestByChance = 100

/** A mapping, and the one file of several that speaks for it, where it may be there by chance; null where more does. */
export interface LearnedMapping extends PathMapping {
  readonly onlyBy: Path | null
}

/**
 * Which directories of an image hold which directories of the source, by content: every file of the source that has a
 * content of its own, and stands in the image with it, votes for the pair of directories that the two paths have left
 * when their common ending is taken away. Strongest pair first, of equal ones that of more bytes; a weaker one counts if it places a file that no stronger one
 * does, or is a second place of most of what its directory of the source holds. `source` holds each path's contents at the earlier stages.
 */
export function learnMappings(source: readonly Files[], image: Files): LearnedMapping[] {
  const candidates = countVotes(uniqueContents(source), image)
  candidates.sort((a, b) => b.voters.length - a.voters.length || b.bytes - a.bytes || compareDirectories(a, b))
  const paths = new Set(source.flatMap(files => [...files.keys()]))
  const placed = new Set<Path>()
  const mappings: LearnedMapping[] = []
  for (const { imageDirectory, sourceDirectory, voters, bytes } of candidates) {
    const mapping = { imageDirectory, sourceDirectory, from: 'content', votes: voters.length } as const
    const ends = compareEnds(mapping, source, image)
    if (isLibrary(imageDirectory) && (isInPackage(sourceDirectory, source) || ends.equal * 2 <= ends.compared)) continue
    const isSecond = voters.every(path => placed.has(path))
    const isInstalled = isLibrary(imageDirectory) && voters.length > 1 && !isVendored(sourceDirectory)
    if (isSecond && isLibrary(imageDirectory) && !isInstalled) continue
    if (isSecond && !isInstalled && ends.equal * 2 <= ends.held) continue
    for (const path of voters) placed.add(path)
    const isByChance = voters.length === 1 && bytes < longestByChance && paths.size > 1 && !isHeldByName(ends)
    mappings.push({ ...mapping, onlyBy: isByChance ? voters[0]! : null })
  }
  return mappings
}

/** Whether most files of a directory of several stand there by their names. */
function isHeldByName({ held, compared }: Ends): boolean {
  return held > 1 && compared * 2 > held
}

interface Candidate {
  readonly imageDirectory: Path
  readonly sourceDirectory: Path
  /** Paths in the source. */
  readonly voters: Path[]
  /** Of them all. */
  bytes: number
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
  const places = new Map<Path, PythonFile[]>()
  for (const file of image.values()) {
    const path = file.kind === 'file' ? contents.get(file.sha256) : undefined
    if (path === undefined) continue
    const known = places.get(path)
    if (known === undefined) places.set(path, [file])
    else known.push(file)
  }
  const candidates = new Map<string, Candidate>()
  for (const [path, files] of places) {
    if (files.length > mostPlaces) continue
    for (const { path: imagePath, size } of files) {
      const pair = withoutCommonEnding(imagePath, path)
      const key = `${pair.imageDirectory}\0${pair.sourceDirectory}`
      const candidate = candidates.get(key) ?? { ...pair, voters: [], bytes: 0 }
      candidate.voters.push(path)
      candidate.bytes += size
      candidates.set(key, candidate)
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
