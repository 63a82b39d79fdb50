import type { InferOutput } from 'valibot'
import type { BuildRecord, StorageObject } from '../model/build-record.ts'
import { urlOf } from '../model/build-record.ts'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import { buildSchema } from './build-schema.ts'
import { parseRecord } from './json-record.ts'

type Build = InferOutput<typeof buildSchema>

/**
 * A build, as `gcloud builds describe ID --format=json` prints it.
 *
 * @param file what messages call it.
 * @throws VerifierError when it is none, naming the field that is not as it should be.
 */
export function readBuild(bytes: Buffer, file: string): BuildRecord {
  const title = { file, kind: 'a build', command: 'gcloud builds describe ID --format=json' }
  const build = parseRecord(bytes, buildSchema, title)
  const archive = archiveOf(build)
  return {
    id: build.id,
    status: build.status ?? null,
    archive,
    hashes: hashesOf(build, archive, file),
    images: build.results?.images ?? [],
    commits: commitsOf(build),
  }
}

/** What was fetched in the end, rather than what was asked for. */
function archiveOf({ source, sourceProvenance }: Build): StorageObject | null {
  const found = sourceProvenance?.resolvedStorageSource ?? source?.storageSource
  return found == null ? null : { ...found, generation: found.generation ?? null }
}

const sizes = { MD5: 16, SHA256: 32 } as const
const names = { MD5: 'MD5', SHA256: 'SHA-256' } as const

/** Those of the archive; where there is only one key, it is the archive's, however it is written. */
function hashesOf({ sourceProvenance }: Build, archive: StorageObject | null, file: string): BuildRecord['hashes'] {
  const all = Object.entries(sourceProvenance?.fileHashes ?? {})
  const own = archive === null ? undefined : all.find(([key]) => key === urlOf(archive))
  const [key, { fileHash }] = own ?? (all.length === 1 ? all[0]! : ['', { fileHash: [] }])
  return fileHash.flatMap(({ type, value }) => {
    if (type !== 'MD5' && type !== 'SHA256') return []
    const bytes = /^[\w+/-]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0)
    if (bytes.length === sizes[type]) return { algorithm: names[type], hex: bytes.toString('hex') }
    throw new VerifierError(
      'record-unreadable',
      `cannot read a build from ${quoted(file)}: its ${quoted(`sourceProvenance.fileHashes.${key}`)} states a ${names[type]} that is no base64 of ${sizes[type]} bytes; make it with gcloud builds describe ID --format=json`,
    )
  })
}

/** Whoever triggers a build by hand may write anything as a commit: what is no id names none. */
function commitsOf({ source, sourceProvenance, substitutions }: Build): BuildRecord['commits'] {
  const claims: readonly (readonly [string, string | null | undefined])[] = [
    ...Object.entries(substitutions)
      .filter(([name]) => isCommitName.test(name))
      .map(([name, value]) => [`substitutions.${name}`, value] as const),
    ['source.repoSource.commitSha', source?.repoSource?.commitSha],
    ['source.gitSource.revision', source?.gitSource?.revision],
    ['source.connectedRepository.revision', source?.connectedRepository?.revision],
    ['source.developerConnectConfig.revision', source?.developerConnectConfig?.revision],
    ['sourceProvenance.resolvedRepoSource.commitSha', sourceProvenance?.resolvedRepoSource?.commitSha],
    ['sourceProvenance.resolvedGitSource.revision', sourceProvenance?.resolvedGitSource?.revision],
    ['sourceProvenance.resolvedConnectedRepository.revision', sourceProvenance?.resolvedConnectedRepository?.revision],
  ]
  return claims.flatMap(([from, value]) => {
    const id = value?.toLowerCase() ?? ''
    const isId = from.endsWith('SHORT_SHA') ? /^[0-9a-f]{7,64}$/ : /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
    return isId.test(id) ? { from, id } : []
  })
}

/** Those of Cloud Build, and users' own that can mean nothing but the commit that is built: not `_BASE_SHA`. */
const isCommitName =
  /^(?:COMMIT_SHA|REVISION_ID|SHORT_SHA|_(?:GIT_|HEAD_|SOURCE_|SHORT_)*(?:COMMIT|REVISION|REV|SHA1?)(?:_(?:SHA1?|ID|HASH))*)$/
