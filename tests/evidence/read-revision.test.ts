import { describe, expect, test } from 'vitest'
import { readRevision } from '../../src/evidence/read-revision.ts'
import {
  defaultArchive,
  defaultBuild,
  defaultRevision,
  executionV1,
  jobV1,
  repository,
  revisionV1,
  revisionV2,
  serviceV1,
} from '../support/google-records.ts'

const digest = `sha256:${'9'.repeat(64)}`
const read = (value: unknown) => readRevision(Buffer.from(JSON.stringify(value)), 'revision.json')

test('a revision, as gcloud prints it', () => {
  expect(read(revisionV1({ digest }))).toEqual({
    kind: 'revision',
    name: defaultRevision,
    images: [{ from: 'status.imageDigest', reference: `${repository}@${digest}`, digest }],
    failure: { reason: 'HealthCheckContainerError', message: expect.stringContaining('failed to start') },
    builds: [{ from: 'metadata.annotations["run.googleapis.com/build-id"]', id: defaultBuild }],
    archives: [{ from: 'metadata.annotations["run.googleapis.com/build-source-location"]', object: defaultArchive }],
    commits: [],
    latest: null,
    ready: null,
  })
})

test('a revision of the REST interface', () => {
  expect(read(revisionV2({ digest }))).toMatchObject({
    kind: 'revision',
    name: defaultRevision,
    images: [{ from: 'containers[0].image', digest }],
    failure: { reason: 'HEALTH_CHECK_CONTAINER_ERROR' },
    builds: [{ id: defaultBuild }],
    archives: [{ object: defaultArchive }],
  })
})

test('a container that was built of a source comes before what runs beside it', () => {
  const { name, containers } = revisionV2({ digest }) as { name: string; containers: object[] }
  const beside = { name: 'proxy', image: `docker.io/nginx@sha256:${'1'.repeat(64)}` }
  expect(read({ name, containers: [beside, ...containers] }).images.map(({ from }) => from)).toEqual([
    'containers[1].image',
    'containers[0].image',
  ])
})

test('a service leads to its newest revision, and names the one that goes on serving', () => {
  expect(read(serviceV1({ digest }))).toMatchObject({
    kind: 'service',
    name: 'api',
    images: [{ digest }],
    failure: { reason: 'RevisionFailed' },
    latest: defaultRevision,
    ready: 'api-00002-abc',
    builds: [{ id: defaultBuild }, { id: defaultBuild }],
  })
  const prefix = 'projects/demo/locations/us-central1/services/api'
  const v2 = {
    name: prefix,
    latestCreatedRevision: `${prefix}/revisions/api-00003-sp7`,
    latestReadyRevision: `${prefix}/revisions/api-00002-abc`,
    terminalCondition: { type: 'Ready', state: 'CONDITION_FAILED', revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' },
    buildConfig: {
      name: `projects/123/locations/us-central1/builds/${defaultBuild}`,
      sourceLocation: 'gs://run-sources-demo/services/api/1.zip#7',
    },
  }
  expect(read(v2)).toMatchObject({
    kind: 'service',
    name: 'api',
    latest: 'api-00003-sp7',
    ready: 'api-00002-abc',
    failure: { reason: 'HEALTH_CHECK_CONTAINER_ERROR', message: '' },
    builds: [{ from: 'buildConfig.name', id: defaultBuild }],
    archives: [{ object: { bucket: 'run-sources-demo', object: 'services/api/1.zip', generation: '7' } }],
  })
})

test('a job and an execution', () => {
  expect(read(jobV1({ digest }))).toMatchObject({ kind: 'job', latest: 'nightly-x7k2p', images: [{ digest }] })
  expect(read(executionV1({ digest }))).toMatchObject({
    kind: 'execution',
    name: 'nightly-x7k2p',
    images: [{ digest }],
    failure: { reason: 'NonZeroExitCode' },
    builds: [],
  })
  const v2 = {
    name: 'projects/p/locations/l/jobs/nightly/executions/nightly-1',
    template: { containers: [{ image: 'a:1' }] },
  }
  expect(read(v2)).toMatchObject({ kind: 'execution', name: 'nightly-1', images: [{ reference: 'a:1', digest: null }] })
})

test('a tag that was resolved, several containers, and a revision that is ready', () => {
  const value = {
    kind: 'Revision',
    metadata: { name: 'r' },
    spec: { containers: [{ image: 'repo/api:1' }, { image: 'repo/side:2' }] },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      imageDigest: `repo/api@${digest}`,
      containerStatuses: [{ imageDigest: `repo/api@${digest}` }, { imageDigest: `repo/side@sha256:${'8'.repeat(64)}` }],
    },
  }
  const { images, failure } = read(value)
  expect(failure).toBeNull()
  expect(images.map(({ reference }) => reference)).toEqual([
    `repo/api@${digest}`,
    `repo/side@sha256:${'8'.repeat(64)}`,
    'repo/api:1',
    'repo/side:2',
  ])
})

test('what continuous deployment writes into labels', () => {
  const labels = { 'commit-sha': 'a'.repeat(40), 'gcb-build-id': defaultBuild }
  expect(read({ kind: 'Revision', metadata: { name: 'r', labels } })).toMatchObject({
    commits: [{ from: 'metadata.labels["commit-sha"]', id: 'a'.repeat(40) }],
    builds: [{ from: 'metadata.labels["gcb-build-id"]', id: defaultBuild }],
  })
})

describe('what is no revision is refused by the name of the field', () => {
  test.each<[string, unknown, string]>([
    ['nothing of it', {}, 'its "metadata.name" and its "name" are missing'],
    ['another kind', { kind: 'Pod', metadata: { name: 'r' } }, 'its "kind" is no revision, service, job or execution'],
    ['a list', [revisionV1({ digest })], 'it is a list'],
    ['a name that is none', { metadata: { name: 7 } }, 'its "metadata.name" should be string, and is 7'],
    ['conditions that are none', { name: 'r', conditions: 'x' }, 'its "conditions" should be Array'],
    ['an image that is none', { name: 'r', containers: [{ image: [] }] }, 'its "containers.0.image" should be string'],
    ['too long a name', { name: 'r'.repeat(5000) }, 'its "name" is longer than any'],
  ])('%s', (_name, value, message) => {
    expect(() => read(value)).toThrow(message)
    expect(() => read(value)).toThrow(
      /cannot read a revision from "revision.json": .*make it with gcloud run revisions/,
    )
  })
})
