import { describe, expect, test } from 'vitest'
import { custodyChain } from '../../src/diagnosis/autopsy/custody.ts'
import type { SeenThings } from '../../src/diagnosis/autopsy/custody-link.ts'
import type { Records } from '../../src/model/autopsy.ts'
import type { BuildRecord } from '../../src/model/build-record.ts'
import type { DeploymentRecord } from '../../src/model/deployment.ts'
import type { LogRecord } from '../../src/model/log.ts'
import { parsePath } from '../../src/model/path.ts'

const [digest, other] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`]
const commit = 'c'.repeat(40)
const object = { bucket: 'b', object: 'source/1.tgz', generation: '7' }
const deployment: DeploymentRecord = {
  kind: 'revision',
  name: 'api-3',
  images: [{ from: 'status.imageDigest', reference: `r/api@${digest}`, digest }],
  failure: null,
  builds: [{ from: 'the annotation', id: 'b1' }],
  archives: [],
  commits: [],
  latest: null,
  ready: null,
}
const build: BuildRecord = {
  id: 'b1',
  status: 'SUCCESS',
  archive: object,
  hashes: [],
  images: [{ name: 'r/api:1', digest }],
  commits: [],
}
const log: LogRecord = { entries: 1, tracebacks: [], subjects: ['api-3'], remarks: [], deployments: [] }
const nothing: Records = { deployment: null, build: null, provenance: [], log: null }
const unseen: SeenThings = { commit: null, archive: null, images: new Map(), contents: null }
const archive = { sha256: 'a'.repeat(64), md5: 'b'.repeat(32), origin: null, commit: null }

const link = (id: string, records: Partial<Records>, seen: Partial<SeenThings> = {}) => {
  const { state, evidence } = custodyChain({ ...nothing, ...records }, { ...unseen, ...seen }).find(
    each => each.id === id,
  )!
  return `${state}: ${evidence}`
}

test('without anything, nothing is known, and each step says why', () => {
  const chain = custodyChain(nothing, unseen)
  expect(chain.map(({ id, state }) => `${id} ${state}`)).toEqual([
    'log-deployment unknown',
    'deployment-image unknown',
    'image-seen unknown',
    'image-build unknown',
    'build-archive unknown',
    'archive-bytes unknown',
    'bytes-commit unknown',
  ])
  expect(chain.every(({ evidence }) => evidence !== '')).toBe(true)
})

describe.each<[string, readonly (readonly [string, Partial<Records>, Partial<SeenThings>, string])[]]>([
  [
    'log-deployment',
    [
      [
        'plain output',
        { deployment, log: { ...log, subjects: [] } },
        {},
        'unknown: the log is plain output, which does not say whose it is',
      ],
      [
        'of several',
        { deployment, log: { ...log, subjects: ['api-2', 'api-3'] } },
        {},
        'confirmed: entries of the log are of revision api-3, others of 1 more',
      ],
      [
        'a task',
        { deployment: { ...deployment, kind: 'execution' }, log: { ...log, subjects: ['api-3 task 0'] } },
        {},
        'confirmed: entries of the log are of execution api-3',
      ],
      [
        'a name that only begins so',
        { deployment, log: { ...log, subjects: ['api-30'] } },
        {},
        'contradicted: no entry of the log is of revision api-3: it is of api-30',
      ],
      ['no revision', { log }, {}, 'unknown: there is no revision to hold the log against: it is of api-3'],
      [
        'a service',
        { deployment: { ...deployment, kind: 'service', name: 'api', latest: 'api-3' }, log },
        {},
        'confirmed: entries of the log are of service api',
      ],
    ],
  ],
  [
    'deployment-image',
    [
      [
        'a tag',
        { deployment: { ...deployment, images: [{ from: 'spec', reference: 'r/api:1', digest: null }] } },
        {},
        'unknown: revision api-3 names r/api:1, without a digest: the tag may have moved since',
      ],
      ['no image', { deployment: { ...deployment, images: [] } }, {}, 'unknown: revision api-3 names no image'],
    ],
  ],
  [
    'image-seen',
    [
      [
        'the digest',
        { deployment },
        { images: new Map([['image', [{ repository: null, digest }]]]) },
        `confirmed: image has the digest ${digest}`,
      ],
      [
        'the digest of the build, without a revision',
        { build },
        { images: new Map([['image', [{ repository: null, digest }]]]) },
        `confirmed: image has the digest ${digest}`,
      ],
      [
        'another of the same repository',
        { deployment },
        { images: new Map([['image', [{ repository: 'r/api', digest: other }]]]) },
        `contradicted: the image that was looked at is r/api@${other}, and not ${digest}`,
      ],
      [
        'saved anew',
        { deployment },
        { images: new Map([['image', [{ repository: null, digest: other }]]]) },
        'unknown: the image that was looked at was saved anew, which gives it another digest',
      ],
      [
        'no digest',
        { deployment },
        { images: new Map([['image', []]]) },
        'unknown: the image that was looked at carries no digest of a registry',
      ],
      ['no record', {}, { images: new Map([['image', []]]) }, 'unknown: no record tells the digest of the image'],
    ],
  ],
  [
    'image-build',
    [
      [
        'an annotation alone',
        { deployment },
        {},
        'unknown: there is no record of a build: the annotation names b1, which may be left from an earlier deployment',
      ],
      [
        'no digest',
        { build, deployment: { ...deployment, images: [] } },
        {},
        'unknown: no revision tells which digest ran',
      ],
      [
        'a build that pushed nothing',
        { deployment, build: { ...build, images: [] } },
        {},
        'unknown: build b1 records no image: a step of it may have pushed one, as kaniko does',
      ],
      [
        'a build whose image only provenance names',
        { deployment, build: { ...build, images: [] }, provenance: [build] },
        {},
        `confirmed: build b1 pushed ${digest}, by provenance`,
      ],
      [
        'an annotation that is left over',
        { deployment: { ...deployment, builds: [{ from: 'the annotation', id: 'b0' }] }, build },
        {},
        `confirmed: build b1 pushed ${digest}, by its results.images; the annotation names b0, left from an earlier deployment`,
      ],
    ],
  ],
  [
    'build-archive',
    [
      [
        'a build of a repository',
        { build: { ...build, archive: null } },
        {},
        'unknown: build b1 names no archive: it fetched a repository itself',
      ],
      [
        'a revision alone',
        { deployment: { ...deployment, archives: [{ from: 'the annotation', object }] } },
        {},
        'unknown: the annotation names gs://b/source/1.tgz#7, and there is no record of a build',
      ],
      [
        'a name without a generation',
        {
          deployment: {
            ...deployment,
            archives: [{ from: 'the annotation', object: { ...object, generation: null } }],
          },
          build,
        },
        {},
        'confirmed: build b1 was made of gs://b/source/1.tgz#7, as the annotation says',
      ],
      [
        'provenance that names another',
        { deployment, build, provenance: [{ ...build, archive: { ...object, generation: '8' } }] },
        {},
        'contradicted: build b1 was made of gs://b/source/1.tgz#7, and provenance of build b1 names gs://b/source/1.tgz#8',
      ],
    ],
  ],
  [
    'archive-bytes',
    [
      [
        'an MD5',
        { build: { ...build, hashes: [{ algorithm: 'MD5', hex: 'b'.repeat(32) }] } },
        { archive },
        `confirmed: the archive has the MD5 that the build recorded, ${'b'.repeat(32)}`,
      ],
      [
        'an MD5 that cannot be computed',
        { build: { ...build, hashes: [{ algorithm: 'MD5', hex: 'b'.repeat(32) }] } },
        { archive: { ...archive, md5: null } },
        'unknown: no record has a hash of the archive',
      ],
      [
        'a generation',
        { build },
        { archive: { ...archive, origin: 'gs://b/source/1.tgz#7' } },
        'confirmed: it was fetched as gs://b/source/1.tgz#7, whose generation is never given to other bytes',
      ],
      [
        'a name',
        { build },
        { archive: { ...archive, origin: 'gs://b/source/1.tgz' } },
        'unknown: no record has a hash of the archive, and only its name is known',
      ],
      [
        'another name',
        { build },
        { archive: { ...archive, origin: 'gs://b/source/2.tgz' } },
        'contradicted: what was looked at is gs://b/source/2.tgz, and not gs://b/source/1.tgz#7',
      ],
    ],
  ],
  [
    'bytes-commit',
    [
      [
        'no repository',
        { build: { ...build, commits: [{ from: 'COMMIT_SHA', id: commit }] } },
        {},
        `unknown: there is no repository; build b1, in COMMIT_SHA, names ${commit}`,
      ],
      [
        'a name alone',
        { build: { ...build, commits: [{ from: 'COMMIT_SHA', id: commit }] } },
        { commit },
        `confirmed: build b1, in COMMIT_SHA, names ${commit}; no bytes were compared`,
      ],
      [
        'nothing',
        { build },
        { commit },
        'unknown: no record names a commit, and neither archive nor image was held against one',
      ],
      [
        'bytes',
        { build },
        { commit, contents: { place: 'archive', files: 3, others: [] } },
        `confirmed: 3 of 3 Python files of the archive are as in ${commit}`,
      ],
      [
        'other bytes',
        { build },
        {
          commit,
          contents: {
            place: 'image',
            files: 9,
            others: ['a.py', 'b.py', 'c.py', 'd.py'].map(name => parsePath(name)!),
          },
        },
        `contradicted: 5 of 9 Python files of the image are as in ${commit}, not so a.py, b.py, c.py and 1 more`,
      ],
      [
        'what git archive wrote',
        { build },
        { commit, archive: { ...archive, commit: 'd'.repeat(40) } },
        `contradicted: the archive itself names ${'d'.repeat(40)}, and looked at was ${commit}`,
      ],
    ],
  ],
])('%s', (id, cases) => {
  test.each(cases)('%s', (_name, records, seen, expected) => {
    expect(link(id, records, seen)).toBe(expected)
  })
})
