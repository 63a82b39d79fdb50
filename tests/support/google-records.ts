/** Records of Google in the shapes that its APIs document and that gcloud prints, of one service called `api`. */

/** What the records of one deployment name. */
export interface Deployed {
  readonly digest: string
  /** The source archive, as Cloud Storage has it. */
  readonly archive?: { readonly bucket: string; readonly object: string; readonly generation: string }
  readonly build?: string
  readonly revision?: string
}

export const repository = 'us-central1-docker.pkg.dev/demo/cloud-run-source-deploy/api'
export const defaultBuild = '41d7c8c6-58d7-4d1d-b10f-da73dafd60c8'
export const defaultRevision = 'api-00003-sp7'
export const defaultArchive = {
  bucket: 'demo_cloudbuild',
  object: 'source/1782171765.77413-7244c09944624a37aecf98484e580f4c.tgz',
  generation: '1782171768501007',
}

const failed =
  'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout. Logs for this revision might contain more information.\n\nLogs URL: https://console.cloud.google.com/logs/viewer?project=demo'

function sourceOf({ archive = defaultArchive }: Deployed): string {
  return `gs://${archive.bucket}/${archive.object}#${archive.generation}`
}

/** `gcloud run revisions describe`. */
export function revisionV1(deployed: Deployed): object {
  const image = `${repository}@${deployed.digest}`
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      name: deployed.revision ?? defaultRevision,
      namespace: '123456789012',
      generation: 1,
      creationTimestamp: '2026-09-18T02:24:21.031565Z',
      labels: { 'serving.knative.dev/service': 'api', 'cloud.googleapis.com/location': 'us-central1' },
      annotations: {
        'run.googleapis.com/client-name': 'gcloud',
        'run.googleapis.com/build-id': deployed.build ?? defaultBuild,
        'run.googleapis.com/build-source-location': sourceOf(deployed),
      },
    },
    spec: {
      containerConcurrency: 80,
      containers: [{ name: 'api-1', image, ports: [{ name: 'http1', containerPort: 8080 }] }],
    },
    status: {
      observedGeneration: 1,
      conditions: [
        { type: 'ContainerReady', status: 'True', message: 'Container image import completed in 23.22s.' },
        { type: 'Ready', status: 'False', reason: 'HealthCheckContainerError', message: failed },
        { type: 'ContainerHealthy', status: 'False', reason: 'HealthCheckContainerError', message: failed },
        { type: 'Retry', status: 'True', reason: 'ImmediateRetry', severity: 'Info' },
      ],
      imageDigest: image,
      containerStatuses: [{ name: 'api-1', imageDigest: image }],
    },
  }
}

/** `gcloud run services describe`. */
export function serviceV1(deployed: Deployed): object {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name: 'api',
      namespace: '123456789012',
      annotations: {
        'run.googleapis.com/build-id': deployed.build ?? defaultBuild,
        'run.googleapis.com/build-name': `projects/123456789012/locations/us-central1/builds/${deployed.build ?? defaultBuild}`,
        'run.googleapis.com/build-source-location': sourceOf(deployed),
      },
      labels: {},
    },
    spec: { template: { spec: { containers: [{ image: `${repository}@${deployed.digest}` }] } } },
    status: {
      conditions: [{ type: 'Ready', status: 'False', reason: 'RevisionFailed', message: failed }],
      latestCreatedRevisionName: deployed.revision ?? defaultRevision,
      latestReadyRevisionName: 'api-00002-abc',
      traffic: [{ revisionName: 'api-00002-abc', percent: 100 }],
    },
  }
}

/** The REST interface's. */
export function revisionV2(deployed: Deployed): object {
  return {
    name: `projects/demo/locations/us-central1/services/api/revisions/${deployed.revision ?? defaultRevision}`,
    service: 'api',
    containers: [
      {
        name: 'api-1',
        image: `${repository}@${deployed.digest}`,
        buildInfo: { buildId: deployed.build ?? defaultBuild, sourceLocation: sourceOf(deployed) },
      },
    ],
    conditions: [
      { type: 'Ready', state: 'CONDITION_FAILED', revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR', message: failed },
    ],
  }
}

/** `gcloud run jobs describe`. */
export function jobV1(deployed: Deployed): object {
  const containers = [{ image: `${repository}@${deployed.digest}` }]
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: { name: 'nightly', annotations: {}, labels: {} },
    spec: { template: { spec: { taskCount: 1, template: { spec: { containers } } } } },
    status: { latestCreatedExecution: { name: 'nightly-x7k2p' } },
  }
}

/** `gcloud run jobs executions describe`. */
export function executionV1(deployed: Deployed): object {
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Execution',
    metadata: { name: 'nightly-x7k2p', labels: { 'run.googleapis.com/job': 'nightly' } },
    spec: { template: { spec: { containers: [{ image: `${repository}@${deployed.digest}` }] } } },
    status: {
      conditions: [
        {
          type: 'Completed',
          status: 'False',
          reason: 'NonZeroExitCode',
          message: 'The container exited with an error.',
        },
      ],
    },
  }
}

/** Of an archive, in hex. */
export interface ArchiveHashes {
  readonly sha256?: string
  readonly md5?: string
}

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

/** `gcloud builds describe`. */
export function buildV1(deployed: Deployed, hashes: ArchiveHashes = {}, more: object = {}): object {
  const archive = deployed.archive ?? defaultArchive
  const fileHash = [
    ...(hashes.sha256 === undefined ? [] : [{ type: 'SHA256', value: base64(hashes.sha256) }]),
    ...(hashes.md5 === undefined ? [] : [{ type: 'MD5', value: base64(hashes.md5) }]),
  ]
  return {
    id: deployed.build ?? defaultBuild,
    projectId: 'demo',
    status: 'SUCCESS',
    source: { storageSource: archive },
    sourceProvenance: {
      resolvedStorageSource: archive,
      fileHashes: fileHash.length === 0 ? {} : { [sourceOf(deployed)]: { fileHash } },
    },
    steps: [{ name: 'gcr.io/cloud-builders/docker', args: ['build', '-t', repository, '.'], status: 'SUCCESS' }],
    results: {
      images: [
        { name: repository, digest: deployed.digest },
        { name: `${repository}:latest`, digest: deployed.digest },
      ],
      buildStepImages: ['sha256:d048af25a6f8945fa77e3aa679e49a8f8a8011f0050aab0364034e58f445a434'],
      buildStepOutputs: [''],
    },
    options: { logging: 'LEGACY' },
    timeout: '600s',
    ...more,
  }
}

/** An in-toto statement of SLSA 0.1, as of a build that gcloud submitted. */
export function statementV01(deployed: Deployed, hashes: ArchiveHashes = {}): object {
  const archive = deployed.archive ?? defaultArchive
  const predicate = {
    builder: { id: 'https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3' },
    materials: [{ uri: sourceOf(deployed), digest: hashes }],
    metadata: { buildInvocationId: deployed.build ?? defaultBuild, buildStartedOn: '2026-09-18T02:20:12Z' },
    recipe: {
      type: 'https://cloudbuild.googleapis.com/CloudBuildSteps@v0.1',
      definedInMaterial: '-1',
      arguments: {
        '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.Build',
        id: deployed.build ?? defaultBuild,
        sourceProvenance: { resolvedStorageSource: archive, fileHashes: {} },
        substitutions: {},
      },
    },
  }
  return {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.1',
    subject: [{ name: `https://${repository}`, digest: { sha256: deployed.digest.slice('sha256:'.length) } }],
    predicate,
    slsaProvenance: predicate,
  }
}

/** One of SLSA 1.0, as of a build that a trigger started. */
export function statementV1(deployed: Deployed, commit: string): object {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: [{ name: `https://${repository}:latest`, digest: { sha256: deployed.digest.slice('sha256:'.length) } }],
    predicate: {
      buildDefinition: {
        buildType: 'https://cloud.google.com/build/gcb-buildtypes/google-worker/v1',
        externalParameters: {
          buildConfigSource: { path: 'cloudbuild.yaml', ref: 'refs/heads/main' },
          substitutions: {},
        },
        internalParameters: {
          systemSubstitutions: {
            BUILD_ID: deployed.build ?? defaultBuild,
            COMMIT_SHA: commit,
            LOCATION: 'us-central1',
          },
        },
        resolvedDependencies: [
          { uri: 'git+https://github.com/demo/api@refs/heads/main', digest: { gitCommit: commit } },
          { uri: 'gcr.io/cloud-builders/docker', digest: { sha256: 'd'.repeat(64) } },
        ],
      },
      runDetails: {
        builder: { id: 'https://cloudbuild.googleapis.com/GoogleHostedWorker' },
        metadata: {
          invocationId: `https://cloudbuild.googleapis.com/v1/projects/demo/locations/us-central1/builds/${deployed.build ?? defaultBuild}`,
        },
      },
    },
  }
}

export function envelopeOf(statement: object): object {
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64url')
  return { payload, payloadType: 'application/vnd.in-toto+json', signatures: [{ keyid: 'k', sig: 'c2ln' }] }
}

/** `gcloud artifacts docker images describe --show-provenance`. */
export function describedImage(deployed: Deployed, statements: readonly object[]): object {
  return {
    image_summary: { digest: deployed.digest, fully_qualified_digest: `${repository}@${deployed.digest}` },
    provenance_summary: {
      provenance: statements.map(statement => ({
        build: { intotoStatement: statement },
        kind: 'BUILD',
        noteName: `projects/verified-builder/notes/intoto_${deployed.build ?? defaultBuild}`,
        resourceUri: `https://${repository}@${deployed.digest}`,
        envelope: envelopeOf(statement),
      })),
    },
  }
}

/** An entry of a revision's log. */
export function logEntry(textPayload: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    textPayload,
    insertId: '66537deb000d6795627223e2',
    resource: {
      type: 'cloud_run_revision',
      labels: {
        revision_name: defaultRevision,
        location: 'us-central1',
        service_name: 'api',
        configuration_name: 'api',
        project_id: 'demo',
      },
    },
    timestamp: '2026-09-18T02:25:20.878485Z',
    severity: 'ERROR',
    labels: { instanceId: '00f46b927c' },
    logName: 'projects/demo/logs/run.googleapis.com%2Fstderr',
    receiveTimestamp: '2026-09-18T02:25:20.881188747Z',
    ...more,
  }
}

/** The entry that says that a revision is not ready, with the whole of it. */
export function auditEntry(deployed: Deployed): Record<string, unknown> {
  const name = deployed.revision ?? defaultRevision
  return logEntry('', {
    textPayload: undefined,
    insertId: 'audit-1',
    logName: 'projects/demo/logs/cloudaudit.googleapis.com%2Fsystem_event',
    timestamp: '2026-09-18T02:25:21Z',
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'run.googleapis.com',
      methodName: '/Services.CreateService',
      resourceName: `namespaces/demo/revisions/${name}`,
      status: {
        code: 9,
        message: `Ready condition status changed to False for Revision ${name} with message: ${failed}`,
      },
      response: revisionV1(deployed),
    },
  })
}

/** Each line of a text as an entry of its own, a thousandth of a second apart, the newest first as gcloud prints them. */
export function splitEntries(text: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown>[] {
  return text
    .split('\n')
    .map((line, i) =>
      logEntry(line, {
        timestamp: `2026-09-18T02:25:20.8${String(i).padStart(2, '0')}Z`,
        insertId: `${String(1000 - i)}`,
        ...more,
      }),
    )
    .reverse()
}
