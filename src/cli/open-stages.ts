import { VerifierError } from '../model/errors.ts'
import type { ImageSource } from '../model/source.ts'
import type { Plan } from '../plan.ts'
import { gitTree } from '../sources/git/git-tree.ts'
import { worktree } from '../sources/git/worktree.ts'
import { image } from '../sources/image/image.ts'
import { parsePlatform } from '../sources/image/image-platform.ts'
import type { Io } from './io.ts'
import { type Opening, openUpload } from './open-upload.ts'
import { limitsOption } from './option-values.ts'
import type { VerifyOptions } from './verify-options.ts'

/**
 * The stages that the options ask for, in the order of the way, the rule that keeps a path out of the upload, and what must be
 * known of how it was predicted and which images were found.
 *
 * @throws VerifierError for whatever cannot be opened.
 */
export async function openStages(opening: Opening): Promise<Pick<Plan, 'sources' | 'ignoreRule' | 'remarks'>> {
  const { repository, directory, options, io } = opening
  const commit = await gitTree(repository, options.rev, directory)
  const upload = await openUpload(opening)
  const images = await openImages(options, io)
  const sources = [commit, ...(repository.bare ? [] : [worktree(repository, directory)]), ...upload.sources, ...images]
  return { ...upload, sources, remarks: [...upload.remarks, ...images.flatMap(({ remarks }) => remarks)] }
}

/** Those that `--image` names. @throws VerifierError for one that cannot be opened. */
export async function openImages(
  { image: given, platform: wanted, layers, ...options }: VerifyOptions,
  { cwd, environment, signal }: Io,
): Promise<readonly ImageSource[]> {
  const images = given.map(parseImage)
  const platform = wanted === undefined ? null : parsePlatform(wanted)
  const taken = new Set(['commit', 'worktree', 'upload'])
  for (const { name, reference } of images) {
    if (taken.has(name)) {
      throw new VerifierError(
        'bad-usage',
        `--image: there is a stage ${name} already; write NAME=${reference} with another name`,
      )
    }
    taken.add(name)
  }
  const limits = limitsOption(options)
  const search = { directory: cwd, environment, platform, limits, ...(layers ? {} : { folders: { signal } }) }
  const sources: ImageSource[] = []
  for (const { name, reference } of images) {
    sources.push(await image(reference, { name, ...search }))
  }
  return sources
}

function parseImage(given: string): { readonly name: string; readonly reference: string } {
  const match = /^(?:([A-Za-z][\w-]*)=)?(.+)$/s.exec(given)
  if (match === null) throw new VerifierError('bad-usage', '--image is empty: name a docker save tar or an image')
  return { name: match[1] ?? 'image', reference: match[2]! }
}
