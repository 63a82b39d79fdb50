import { resolve } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { type Path, relativePath } from '../model/path.ts'
import type { ImageSource, Source } from '../model/source.ts'
import { archive } from '../sources/archive.ts'
import { gitTree } from '../sources/git-tree.ts'
import { image } from '../sources/image.ts'
import { predictedUpload } from '../sources/predicted-upload.ts'
import type { Repository } from '../sources/repository.ts'
import { worktree } from '../sources/worktree.ts'
import type { Plan } from '../verify.ts'
import type { Io } from './io.ts'
import { predictionOf, predictionRules } from './prediction-options.ts'
import type { VerifyOptions } from './verify-options.ts'

/**
 * The stages that the options ask for, in the order of the way, the rule that keeps a path out of the upload, and what must be
 * known of how it was predicted.
 *
 * @throws VerifierError for whatever cannot be opened.
 */
export async function openStages(
  repository: Repository,
  directory: Path,
  options: VerifyOptions,
  io: Io,
): Promise<Pick<Plan, 'sources' | 'ignoreRule' | 'remarks'>> {
  const upload = await openUpload(repository, directory, options, io)
  const sources = [
    await gitTree(repository, options.rev, directory),
    ...(repository.bare ? [] : [worktree(repository, directory)]),
    ...upload.sources,
    ...(await openImages(options, io)),
  ]
  return { ...upload, sources }
}

async function openUpload(
  repository: Repository,
  directory: Path,
  { upload, ...options }: VerifyOptions,
  { cwd }: Io,
): Promise<Pick<Plan, 'ignoreRule' | 'remarks'> & { readonly sources: readonly Source[] }> {
  const prediction = predictionOf(options, cwd)
  const isFile = upload !== 'auto' && upload !== 'none'
  const sources = isFile ? [await archive(resolve(cwd, upload), directory)] : []
  if (repository.bare || upload === 'none') return { sources, ignoreRule: () => null, remarks: [] }
  const { rules, remarks } = await predictionRules(repository, directory, options)
  const ignoreRule = (path: Path) => {
    const inUpload = relativePath(directory, path)
    return inUpload === null ? null : rules.explain(inUpload, false)
  }
  return {
    sources: isFile ? sources : [predictedUpload(repository, directory, rules, prediction)],
    ignoreRule,
    remarks,
  }
}

async function openImages({ image: given }: VerifyOptions, { cwd, environment }: Io): Promise<readonly ImageSource[]> {
  const images = given.map(parseImage)
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
  const sources: ImageSource[] = []
  for (const { name, reference } of images) {
    sources.push(await image(reference, { name, directory: cwd, environment }))
  }
  return sources
}

function parseImage(given: string): { readonly name: string; readonly reference: string } {
  const match = /^(?:([A-Za-z][\w-]*)=)?(.+)$/s.exec(given)
  if (match === null) throw new VerifierError('bad-usage', '--image is empty: name a docker save tar or an image')
  return { name: match[1] ?? 'image', reference: match[2]! }
}
