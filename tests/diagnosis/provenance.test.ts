import { describe, expect, test } from 'vitest'
import {
  compareArchiveCommit,
  compareBuild,
  type LookedAt,
  provenanceFindings,
} from '../../src/diagnosis/provenance.ts'
import type { BuildRecord } from '../../src/model/build-record.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
const [sha256, md5] = ['a'.repeat(64), 'b'.repeat(32)]
const digest = `sha256:${'c'.repeat(64)}`
const otherDigest = `sha256:${'d'.repeat(64)}`
const url = 'gs://demo_cloudbuild/source/1.tgz'

const build: BuildRecord = {
  id: '41d7',
  status: 'SUCCESS',
  archive: { bucket: 'demo_cloudbuild', object: 'source/1.tgz', generation: '7' },
  hashes: [
    { algorithm: 'SHA-256', hex: sha256 },
    { algorithm: 'MD5', hex: md5 },
  ],
  images: [{ name: 'europe-docker.pkg.dev/demo/app/api:1', digest }],
  commits: [{ from: 'substitutions.COMMIT_SHA', id: commit }],
}
const archive = { sha256, md5, origin: null, commit: null }
const repository = 'europe-docker.pkg.dev/demo/app/api'
const looked: LookedAt = { commit, archive, images: new Map([['image', [{ repository, digest }]]]) }

function outcome(changedBuild: Partial<BuildRecord>, changedLooked: Partial<LookedAt> = {}) {
  const comparisons = compareBuild({ ...build, ...changedBuild }, { ...looked, ...changedLooked })
  return {
    mismatches: comparisons.flatMap(({ mismatches }) =>
      mismatches.map(({ recorded, found }) => `${recorded} / ${found}`),
    ),
    unchecked: comparisons.flatMap(({ unchecked }) => unchecked),
    checked: comparisons.some(({ checked }) => checked),
  }
}

test('everything is what the build names', () => {
  expect(outcome({})).toEqual({ mismatches: [], unchecked: [], checked: true })
})

test.each<[string, Partial<BuildRecord>, Partial<LookedAt>, string[]]>([
  [
    'the SHA-256 of the archive',
    {},
    { archive: { ...archive, sha256: 'e'.repeat(64) } },
    [`SHA-256 ${sha256} / SHA-256 ${'e'.repeat(64)}`],
  ],
  [
    'its MD5, where that is all',
    { hashes: [{ algorithm: 'MD5', hex: md5 }] },
    { archive: { ...archive, md5: 'f'.repeat(32) } },
    [`MD5 ${md5} / MD5 ${'f'.repeat(32)}`],
  ],
  [
    'its name, where there is no hash',
    { hashes: [] },
    { archive: { ...archive, origin: 'gs://demo_cloudbuild/source/2.tgz#7' } },
    [`${url}#7 / gs://demo_cloudbuild/source/2.tgz#7`],
  ],
  [
    'its generation, where there is no hash',
    { hashes: [] },
    { archive: { ...archive, origin: `${url}#8` } },
    [`${url}#7 / ${url}#8`],
  ],
  [
    'the digest of the image, from the same repository',
    {},
    { images: new Map([['image', [{ repository, digest: otherDigest }]]]) },
    [`${repository}@${digest} / ${repository}@${otherDigest}`],
  ],
  ['the commit', {}, { commit: 'f'.repeat(40) }, [`${commit} / ${'f'.repeat(40)}`]],
  [
    'the beginning of the commit',
    { commits: [{ from: 'substitutions.SHORT_SHA', id: '9999999' }] },
    {},
    [`9999999 / ${commit}`],
  ],
])('%s is another', (_name, changedBuild, changedLooked, mismatches) => {
  expect(outcome(changedBuild, changedLooked)).toEqual({ mismatches, unchecked: [], checked: true })
})

test.each<[string, Partial<BuildRecord>, Partial<LookedAt>, string[]]>([
  [
    'no archive was looked at',
    {},
    { archive: null },
    [`the archive of build 41d7 was not looked at: pass --upload "${url}#7"`],
  ],
  [
    'the build fetched a repository',
    { archive: null, hashes: [] },
    {},
    ['build 41d7 names no archive: it fetched a repository itself'],
  ],
  [
    'no hash was recorded',
    { hashes: [] },
    {},
    ['build 41d7 records no MD5 or SHA-256 of its archive: it cannot tell whether this is the one'],
  ],
  [
    'no hash was recorded, and the name is the same',
    { hashes: [] },
    { archive: { ...archive, origin: `${url}#7` } },
    ['build 41d7 records no MD5 or SHA-256 of its archive: only the name of the archive was compared'],
  ],
  [
    'only an MD5 was, and none can be computed',
    { hashes: [{ algorithm: 'MD5', hex: md5 }] },
    { archive: { ...archive, md5: null } },
    ['build 41d7 records only an MD5, which is not computed here: it cannot tell whether this is the one'],
  ],
  [
    'no image was looked at',
    {},
    { images: new Map() },
    [`the image of build 41d7 was not looked at: pass --image ${repository}@${digest}`],
  ],
  [
    'the build pushed none',
    { images: [] },
    {},
    ['build 41d7 records no image: it pushed none, or a step of it did, as with kaniko'],
  ],
  [
    'an image without a digest',
    {},
    { images: new Map([['image', []]]) },
    [
      `whether "image" is the image of build 41d7 cannot be told, it carries no digest of a registry: pull ${repository}@${digest} and pass that`,
    ],
  ],
  [
    'a saved image with a digest of its own',
    {},
    { images: new Map([['image', [{ repository: null, digest: otherDigest }]]]) },
    [
      `whether "image" is the image of build 41d7 cannot be told, the digest in a saved file need not be that of the registry: pull ${repository}@${digest} and pass that`,
    ],
  ],
  [
    'an image from another registry',
    {},
    { images: new Map([['image', [{ repository: 'mirror/api', digest: otherDigest }]]]) },
    [
      `whether "image" is the image of build 41d7 cannot be told, the engine has it from elsewhere: pull ${repository}@${digest} and pass that`,
    ],
  ],
  [
    'no commit is named',
    { commits: [] },
    {},
    [
      'build 41d7 names no commit, as a build of an archive does only if it is told: submit with --substitutions=_COMMIT=$(git rev-parse HEAD)',
    ],
  ],
  ['the build failed', { status: 'FAILURE' }, {}, ['build 41d7 is FAILURE']],
])('%s, which is said', (_name, changedBuild, changedLooked, unchecked) => {
  expect(outcome(changedBuild, changedLooked)).toEqual({ mismatches: [], unchecked, checked: true })
})

describe('an image is proven', () => {
  test.each([
    ['by the digest that a file holds', [{ repository: null, digest }]],
    [
      'by one digest of several',
      [
        { repository, digest: otherDigest },
        { repository: 'mirror/api', digest },
      ],
    ],
  ])('%s', (_name, digests) => {
    expect(outcome({}, { images: new Map([['image', digests]]) }).mismatches).toEqual([])
  })
})

test('the same bytes under another name are the same archive', () => {
  expect(outcome({}, { archive: { ...archive, origin: 'gs://copy/1.tgz#1' } })).toMatchObject({
    mismatches: [],
    unchecked: [],
  })
})

test('findings: a mismatch is an error, and nothing that could be compared is undecided', () => {
  const wrong = compareBuild(build, { ...looked, commit: 'f'.repeat(40) })
  expect(provenanceFindings(wrong, build).map(({ code, severity }) => [code, severity])).toEqual([
    ['provenance-mismatch', 'error'],
  ])
  const bare = { ...build, archive: null, hashes: [], images: [], commits: [] }
  const nothing = compareBuild(bare, looked)
  expect(provenanceFindings(nothing, bare).map(({ code, severity }) => [code, severity])).toEqual([
    ['undecided', 'error'],
  ])
  expect(provenanceFindings(nothing, null)).toEqual([])
})

test.each<[string, string | null, unknown[]]>([
  ['of the commit', commit, []],
  ['of none', null, []],
  ['of another', 'f'.repeat(40), [{ recorded: 'f'.repeat(40), found: commit, by: 'the uploaded archive itself' }]],
])('an archive that says it is %s', (_name, said, mismatches) => {
  expect(compareArchiveCommit({ ...looked, archive: { ...archive, commit: said } }).mismatches).toMatchObject(
    mismatches,
  )
})
