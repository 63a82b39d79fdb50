import {
  array,
  maxEntries,
  maxLength,
  nullish,
  number,
  object,
  pipe,
  record,
  regex,
  safeInteger,
  string,
  transform,
  union,
} from 'valibot'

/** https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds: what is used of it. A build may have 200 substitutions. */
const text = pipe(string(), maxLength(4096, 'is longer than any'))
const list = <Item extends Parameters<typeof array>[0]>(item: Item) =>
  nullish(pipe(array(item), maxLength(10_000, 'has more items than any')), [])

/** An int64, which JSON of Google writes as text. */
const generation = union([
  pipe(text, regex(/^\d{1,20}$/, 'is no generation, which is a number')),
  pipe(number(), safeInteger('is no generation'), transform(String)),
])

const storageSource = nullish(object({ bucket: text, object: text, generation: nullish(generation) }))
const revision = nullish(object({ revision: nullish(text) }))
const repoSource = nullish(object({ commitSha: nullish(text) }))

const fileHash = object({ type: nullish(text, 'NONE'), value: nullish(text, '') })

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
      fileHashes: nullish(
        pipe(record(text, object({ fileHash: list(fileHash) })), maxEntries(10_000, 'has more keys than any')),
        {},
      ),
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
  substitutions: nullish(pipe(record(text, text), maxEntries(10_000, 'has more keys than any')), {}),
})
