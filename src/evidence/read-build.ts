import type { InferOutput } from 'valibot'
import type { BuildRecord, StorageObject } from '../model/build-record.ts'
import { buildSchema } from './build-schema.ts'
import { failureOfRecord, parseRecord } from './json-record.ts'
import { commitSubstitutions, recordedCommits } from './recorded-commits.ts'
import { recordedHashes } from './recorded-hashes.ts'

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
    hashes: recordedHashes(build.sourceProvenance?.fileHashes ?? {}, archive, failureOfRecord(title)),
    images: build.results?.images ?? [],
    commits: commitsOf(build),
  }
}

/** What was fetched in the end, rather than what was asked for. */
function archiveOf({ source, sourceProvenance }: Build): StorageObject | null {
  const found = sourceProvenance?.resolvedStorageSource ?? source?.storageSource
  return found == null ? null : { ...found, generation: found.generation ?? null }
}

function commitsOf({ source, sourceProvenance, substitutions }: Build): BuildRecord['commits'] {
  return recordedCommits([
    ...commitSubstitutions(substitutions, 'substitutions'),
    ['source.repoSource.commitSha', source?.repoSource?.commitSha],
    ['source.gitSource.revision', source?.gitSource?.revision],
    ['source.connectedRepository.revision', source?.connectedRepository?.revision],
    ['source.developerConnectConfig.revision', source?.developerConnectConfig?.revision],
    ['sourceProvenance.resolvedRepoSource.commitSha', sourceProvenance?.resolvedRepoSource?.commitSha],
    ['sourceProvenance.resolvedGitSource.revision', sourceProvenance?.resolvedGitSource?.revision],
    ['sourceProvenance.resolvedConnectedRepository.revision', sourceProvenance?.resolvedConnectedRepository?.revision],
  ])
}
