import type { InferOutput } from 'valibot'
import { type BuildRecord, type StorageObject, urlOf } from '../model/build-record.ts'
import { quoted } from '../model/quoted.ts'
import { checkRecord, type FailRecord, failureOfRecord, parseJson } from './json-record.ts'
import { describedImageSchema, envelopeSchema, statementSchema } from './provenance-schema.ts'
import { storageObject } from './read-revision.ts'
import { commitSubstitutions, recordedCommits } from './recorded-commits.ts'
import { recordedHashes } from './recorded-hashes.ts'

type Statement = InferOutput<typeof statementSchema>

/**
 * The builds that provenance tells of, one for each statement: as `gcloud artifacts docker images describe IMAGE
 * --show-provenance --format=json` prints it, a DSSE envelope, or an in-toto statement by itself; of SLSA 0.1 and 1.0. No
 * signature is checked.
 *
 * @param file what messages call it.
 * @throws VerifierError when it is none of these, naming the field that is not as it should be.
 */
export function readProvenance(bytes: Buffer, file: string): BuildRecord[] {
  const command = 'gcloud artifacts docker images describe IMAGE@DIGEST --show-provenance --format=json'
  const fail = failureOfRecord({ file, kind: 'provenance', command })
  const value = parseJson(bytes, fail)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject) throw fail('it is no object')
  if ('_type' in value) return [buildOf(checkRecord(value, statementSchema, fail), null, fail)]
  if ('payload' in value) return [buildOf(payloadOf(checkRecord(value, envelopeSchema, fail), '', fail), null, fail)]
  const summary = checkRecord(value, describedImageSchema, fail).provenance_summary
  if (summary == null) throw fail('its "provenance_summary" is missing')
  return summary.provenance.flatMap(({ build, envelope, noteName }, i) => {
    // What is signed comes before what was made of it.
    const signed = envelope == null ? null : payloadOf(envelope, `provenance_summary.provenance.${i}.envelope`, fail)
    const statement = signed ?? build?.inTotoSlsaProvenanceV1 ?? build?.intotoStatement
    return statement == null ? [] : [buildOf(statement, noteName ?? null, fail)]
  })
}

function payloadOf({ payload }: InferOutput<typeof envelopeSchema>, place: string, fail: FailRecord): Statement {
  const at = place === '' ? 'payload' : `${place}.payload`
  const failed: FailRecord = (problem, options) => fail(`in its ${quoted(at)}, ${problem}`, options)
  return checkRecord(parseJson(Buffer.from(payload, 'base64'), failed), statementSchema, failed)
}

function buildOf(statement: Statement, noteName: string | null, fail: FailRecord): BuildRecord {
  const older = statement.slsaProvenance ?? statement.predicate
  const { buildDefinition, runDetails } = statement.predicate ?? {}
  const recipe = older?.recipe?.arguments
  const invocation = runDetails?.metadata?.invocationId ?? older?.metadata?.buildInvocationId ?? recipe?.id
  const id = /[\w-]{1,64}$/.exec(invocation ?? noteName?.replace(/^.*intoto_(?:slsa_v1_)?/, '') ?? '')?.[0]
  if (id === undefined) throw fail('no field of it names the build')
  const materials = [...(older?.materials ?? []), ...(buildDefinition?.resolvedDependencies ?? [])]
  const resolved = recipe?.sourceProvenance?.resolvedStorageSource
  const archive =
    resolved == null
      ? (materials.flatMap(({ uri }) => storageObject(uri) ?? [])[0] ?? null)
      : { ...resolved, generation: resolved.generation ?? null }
  return {
    id,
    status: null,
    archive,
    hashes: [
      ...hashesOf(materials, archive),
      ...recordedHashes(recipe?.sourceProvenance?.fileHashes ?? {}, archive, fail),
    ],
    images: statement.subject.flatMap(({ name, digest }) =>
      digest.sha256 === undefined || !/^[0-9a-f]{64}$/.test(digest.sha256)
        ? []
        : { name: name.replace(/^https:\/\//, ''), digest: `sha256:${digest.sha256}` },
    ),
    commits: recordedCommits([
      ...commitSubstitutions(recipe?.substitutions ?? {}, 'recipe.arguments.substitutions'),
      ...commitSubstitutions(
        buildDefinition?.externalParameters?.substitutions ?? {},
        'externalParameters.substitutions',
      ),
      ...commitSubstitutions(
        buildDefinition?.internalParameters?.systemSubstitutions ?? {},
        'internalParameters.systemSubstitutions',
      ),
      ...materials
        .filter(({ uri }) => !uri.startsWith('gs://'))
        .map(({ uri, digest }) => [`the material ${uri}`, digest.gitCommit ?? digest.sha1] as const),
    ]),
  }
}

/** In hex, of the archive among what the build used. */
function hashesOf(
  materials: readonly { readonly uri: string; readonly digest: Readonly<Record<string, string>> }[],
  archive: StorageObject | null,
): BuildRecord['hashes'] {
  const own = materials.find(({ uri }) => archive !== null && uri === urlOf(archive))?.digest ?? {}
  const hashes = [
    { algorithm: 'SHA-256', hex: own.sha256?.toLowerCase() ?? '', digits: 64 },
    { algorithm: 'MD5', hex: own.md5?.toLowerCase() ?? '', digits: 32 },
  ] as const
  return hashes.flatMap(({ algorithm, hex, digits }) =>
    /^[0-9a-f]+$/.test(hex) && hex.length === digits ? [{ algorithm, hex }] : [],
  )
}
