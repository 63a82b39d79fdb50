import { nullish, object, pipe, regex } from 'valibot'
import { list, text, textByName } from './fields.ts'
import { longText } from './log-schema.ts'

const metadata = nullish(object({ name: nullish(text), annotations: textByName, labels: textByName }))

const container = object({
  name: nullish(text),
  image: nullish(text),
  buildInfo: nullish(object({ buildId: nullish(text), sourceLocation: nullish(text) })),
})
const containers = list(container)

const template = nullish(object({ containers, template: nullish(object({ containers })) }))

/** In v1 `status` is `True`, `False` or `Unknown`; v2 has a `state`, and a reason in one of three fields. */
const condition = object({
  type: nullish(text),
  status: nullish(text),
  state: nullish(text),
  reason: nullish(text),
  revisionReason: nullish(text),
  executionReason: nullish(text),
  message: nullish(longText),
})

/**
 * A revision, service, job or execution in either of Cloud Run's shapes: v1, as gcloud prints it, with `metadata`, `spec` and
 * `status` (https://cloud.google.com/run/docs/reference/rest/v1/namespaces.revisions), and v2, with everything at the top
 * (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions). What is used of them.
 */
export const deploymentSchema = object({
  kind: nullish(pipe(text, regex(/^(?:Revision|Service|Job|Execution)$/, 'is no revision, service, job or execution'))),
  metadata,
  spec: nullish(
    object({
      containers,
      template: nullish(
        object({
          spec: nullish(object({ containers, template: nullish(object({ spec: nullish(object({ containers })) })) })),
        }),
      ),
    }),
  ),
  status: nullish(
    object({
      conditions: list(condition),
      imageDigest: nullish(text),
      containerStatuses: list(object({ name: nullish(text), imageDigest: nullish(text) })),
      latestCreatedRevisionName: nullish(text),
      latestReadyRevisionName: nullish(text),
      latestCreatedExecution: nullish(object({ name: nullish(text) })),
    }),
  ),
  name: nullish(text),
  annotations: textByName,
  labels: textByName,
  containers,
  template,
  conditions: list(condition),
  terminalCondition: nullish(condition),
  latestCreatedRevision: nullish(text),
  latestReadyRevision: nullish(text),
  latestCreatedExecution: nullish(object({ name: nullish(text) })),
  buildConfig: nullish(object({ name: nullish(text), sourceLocation: nullish(text) })),
})
