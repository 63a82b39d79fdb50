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

/** What Google's records are made of; each is bounded. */
export const text = pipe(string(), maxLength(4096, 'is longer than any'))

export const list = <Item extends Parameters<typeof array>[0]>(item: Item) =>
  nullish(pipe(array(item), maxLength(10_000, 'has more items than any')), [])

/** By name. A build may have 200 substitutions. */
export const textByName = nullish(pipe(record(text, text), maxEntries(10_000, 'has more keys than any')), {})

/** An int64, which JSON of Google writes as text. */
const generation = union([
  pipe(text, regex(/^\d{1,20}$/, 'is no generation, which is a number')),
  pipe(number(), safeInteger('is no generation'), transform(String)),
])

export const storageSource = nullish(object({ bucket: text, object: text, generation: nullish(generation) }))

const fileHash = object({ type: nullish(text, 'NONE'), value: nullish(text, '') })

/** By the name of an archive, `gs://bucket/object#generation`. */
export const fileHashes = nullish(
  pipe(record(text, object({ fileHash: list(fileHash) })), maxEntries(10_000, 'has more keys than any')),
  {},
)
