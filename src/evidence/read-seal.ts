import {
  array,
  type InferOutput,
  literal,
  maxLength,
  number,
  object,
  picklist,
  pipe,
  record,
  regex,
  safeInteger,
  string,
} from 'valibot'
import { parseBlobId, parseSha256 } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import { comparePaths, parsePath } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import { type Seal, type SealedFile, sealType } from '../model/seal.ts'
import { parseRecord } from './json-record.ts'

const text = pipe(string(), maxLength(4096, 'is longer than any'))
const objectId = pipe(string(), regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is no object id'))

const statementSchema = object({
  _type: literal('https://in-toto.io/Statement/v1'),
  predicateType: literal(sealType),
  subject: pipe(
    array(
      object({
        name: text,
        digest: object({
          sha256: pipe(string(), regex(/^[0-9a-f]{64}$/, 'is no SHA-256')),
          gitBlob: objectId,
        }),
        annotations: object({
          kind: picklist(['file', 'symlink']),
          size: pipe(number(), safeInteger('is no size')),
          verdicts: record(text, picklist(['compiles', 'breaks', 'undecided'])),
        }),
      }),
    ),
    maxLength(1_000_000, 'has more items than any'),
  ),
  predicate: object({
    tool: object({ version: text }),
    commit: object({ digest: object({ gitCommit: objectId }) }),
    objectFormat: picklist(['sha1', 'sha256']),
    sourceDirectory: text,
    stage: text,
    interpreters: array(object({ id: text, version: text, provider: text, roles: array(text) })),
  }),
})

/**
 * What `firstbreak seal` wrote. That nobody changed it is for a signature to say.
 *
 * @param file what the user calls it.
 * @throws VerifierError when it is no seal, or names a path that no upload has.
 */
export function readSeal(bytes: Buffer, file: string): Seal {
  const title = { file, kind: 'a seal', command: 'firstbreak seal' }
  const { subject, predicate } = parseRecord(bytes, statementSchema, title)
  const { tool, commit, ...rest } = predicate
  const sourceDirectory = parsePath(predicate.sourceDirectory)
  if (sourceDirectory === null) throw impossible(file, predicate.sourceDirectory)
  const files = subject.map(each => sealedFile(each, file)).sort((a, b) => comparePaths(a.path, b.path))
  return { ...rest, version: tool.version, commit: commit.digest.gitCommit, sourceDirectory, files }
}

function sealedFile(
  { name, digest, annotations }: InferOutput<typeof statementSchema>['subject'][number],
  file: string,
): SealedFile {
  const path = parsePath(name)
  if (path === null || path === '') throw impossible(file, name)
  return { path, ...annotations, sha256: parseSha256(digest.sha256), blobId: parseBlobId(digest.gitBlob) }
}

function impossible(file: string, path: string): VerifierError {
  return new VerifierError(
    'record-unreadable',
    `cannot read a seal from ${quoted(file)}: ${quoted(path)} is no path of an upload`,
  )
}
