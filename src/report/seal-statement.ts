import { type Seal, type SealedFile, sealType } from '../model/seal.ts'
import { jsonText } from './json-text.ts'

/**
 * A seal as an in-toto Statement, ready to be signed as it is; the same seal gives the same bytes.
 *
 * @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export function sealStatement({
  files,
  commit,
  sourceDirectory,
  stage,
  interpreters,
  version,
  objectFormat,
}: Seal): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files.map(file => subject(file, objectFormat)),
    predicateType: sealType,
    predicate: {
      tool: { name: 'firstbreak', version },
      commit: { digest: { gitCommit: commit } },
      objectFormat,
      sourceDirectory,
      stage,
      interpreters,
    },
  }
  return jsonText(statement)
}

/** @see https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
function subject(
  { path, kind, size, sha256, blobId, verdicts }: SealedFile,
  objectFormat: Seal['objectFormat'],
): object {
  return {
    name: path,
    uri: `gitoid:blob:${objectFormat}:${blobId}`,
    digest: { sha256, gitBlob: blobId },
    annotations: { kind, size, verdicts },
  }
}
