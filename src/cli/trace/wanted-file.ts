import { relative, resolve, sep } from 'node:path'
import type { WantedFile } from '../../flow/find-file.ts'
import { joinPath, type Path, parsePath } from '../../model/path.ts'
import type { Repository } from '../../sources/git/repository.ts'

/** What a path may be relative to. */
export interface PathPlaces {
  readonly cwd: string
  readonly repository: Repository
  readonly sourceDirectory: Path
  /** The names of the images. */
  readonly images: readonly string[]
}

/**
 * Where the file may be that a path names: below the current directory, in the repository, in the source, in that order; an absolute
 * one on the disk, or in the images; `NAME:/PATH` in one of these.
 */
export function wantedFile(given: string, { cwd, repository, sourceDirectory, images }: PathPlaces): WantedFile {
  const [, named = '', inNamed = ''] = /^([A-Za-z][\w-]*):(\/.*)$/s.exec(given) ?? []
  if (images.includes(named)) {
    return { given, paths: [], inImages: { stage: named, path: parsePath(inNamed) ?? inNamed } }
  }
  const onDisk = belowRepository(repository, resolve(cwd, given))
  if (given.startsWith('/')) return { given, paths: onDisk, inImages: { stage: null, path: parsePath(given) ?? given } }
  const below = parsePath(given)
  return {
    given,
    paths: [...onDisk, ...(below === null ? [] : [below, joinPath(sourceDirectory, below)])],
    inImages: null,
  }
}

/** The path in the repository of a file of the disk; nothing for one that is elsewhere. */
function belowRepository({ directory, bare }: Repository, file: string): string[] {
  const path = relative(directory, file)
  const isInside =
    !bare && path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && resolve(directory, path) === file
  return isInside ? [path.split(sep).join('/')] : []
}
