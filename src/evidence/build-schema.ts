import { nullish, object, pipe, regex } from 'valibot'
import { fileHashes, list, storageSource, text, textByName } from './fields.ts'

const revision = nullish(object({ revision: nullish(text) }))
const repoSource = nullish(object({ commitSha: nullish(text) }))

/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds: what is used of it. */
export const buildSchema = object({
  id: pipe(text, regex(/^[\w-]{1,64}$/, 'is no id of a build')),
  status: nullish(pipe(text, regex(/^[A-Z_]{1,40}$/, 'is no status'))),
  source: nullish(
    object({
      storageSource,
      repoSource,
      gitSource: revision,
      connectedRepository: revision,
      developerConnectConfig: revision,
    }),
  ),
  sourceProvenance: nullish(
    object({
      resolvedStorageSource: storageSource,
      resolvedRepoSource: repoSource,
      resolvedGitSource: revision,
      resolvedConnectedRepository: revision,
      fileHashes,
    }),
  ),
  results: nullish(
    object({
      images: list(
        object({
          name: text,
          digest: pipe(text, regex(/^sha256:[0-9a-f]{64}$/, 'is no sha256:… of an image')),
        }),
      ),
    }),
  ),
  substitutions: textByName,
})
