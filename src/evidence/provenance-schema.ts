import { maxLength, nullish, object, pipe, record, regex, string } from 'valibot'
import { fileHashes, list, storageSource, text, textByName } from './fields.ts'

const digests = nullish(record(text, text), {})
const materials = list(object({ uri: nullish(text, ''), digest: digests }))

/** SLSA 0.1, of every build. */
const older = {
  materials,
  metadata: nullish(object({ buildInvocationId: nullish(text) })),
  recipe: nullish(
    object({
      arguments: nullish(
        object({
          id: nullish(text),
          sourceProvenance: nullish(object({ resolvedStorageSource: storageSource, fileHashes })),
          substitutions: textByName,
        }),
      ),
    }),
  ),
}

/** SLSA 1.0, of builds that a trigger starts. */
const newer = {
  buildDefinition: nullish(
    object({
      externalParameters: nullish(object({ substitutions: textByName })),
      internalParameters: nullish(object({ systemSubstitutions: textByName })),
      resolvedDependencies: materials,
    }),
  ),
  runDetails: nullish(object({ metadata: nullish(object({ invocationId: nullish(text) })) })),
}

/** An in-toto statement: what is used of either. gcloud prints the predicate of SLSA 0.1 as `slsaProvenance`. */
export const statementSchema = object({
  subject: list(object({ name: nullish(text, ''), digest: digests })),
  predicate: nullish(object({ ...older, ...newer })),
  slsaProvenance: nullish(object(older)),
})

/** A DSSE envelope; in base64, in either alphabet. */
export const envelopeSchema = object({
  payload: pipe(string(), maxLength(16 * 1024 * 1024, 'is longer than any'), regex(/^[\w+/=\s-]+$/, 'is no base64')),
})

/** https://cloud.google.com/build/docs/securing-builds/view-build-provenance: what gcloud prints of an image. */
export const describedImageSchema = object({
  provenance_summary: nullish(
    object({
      provenance: list(
        object({
          build: nullish(
            object({ intotoStatement: nullish(statementSchema), inTotoSlsaProvenanceV1: nullish(statementSchema) }),
          ),
          envelope: nullish(envelopeSchema),
          noteName: nullish(text),
        }),
      ),
    }),
  ),
})
