import { describe, expect, test } from 'vitest'
import { readBuild } from '../../src/evidence/read-build.ts'

const url = 'gs://demo-prod_cloudbuild/source/1782171765.77413-7244c0.tgz'
const archive = {
  bucket: 'demo-prod_cloudbuild',
  object: 'source/1782171765.77413-7244c0.tgz',
  generation: '1782171768501007',
}
const image = 'europe-west1-docker.pkg.dev/demo-prod/app/api:1'
const digest = 'sha256:b88ba477ddba8b92d379178cb49a990e8b36bc9feb42909790026e250c6f8487'
const commit = '0123456789abcdef0123456789abcdef01234567'

const build = {
  name: 'projects/123456789012/locations/europe-west1/builds/41d7c8c6-58d7-4d1d-b10f-da73dafd60c8',
  id: '41d7c8c6-58d7-4d1d-b10f-da73dafd60c8',
  status: 'SUCCESS',
  createTime: '2026-06-22T23:44:08.1Z',
  source: { storageSource: archive },
  sourceProvenance: {
    resolvedStorageSource: archive,
    fileHashes: {
      [`${url}#1782171768501007`]: {
        fileHash: [
          { type: 'SHA256', value: 'nE5+KL71yf+r6hcKQL+24obhcBAMDrAtfgbH3YwiOOQ=' },
          { type: 'MD5', value: 'fURntbdJWcOcCLPIVF/6wQ==' },
          { type: 'SHA512', value: 'AAAA' },
        ],
      },
    },
  },
  steps: [{ name: 'gcr.io/cloud-builders/docker', args: ['build', '.'], status: 'SUCCESS' }],
  results: { images: [{ name: image, digest, pushTiming: {} }], buildStepImages: [], buildStepOutputs: [''] },
  substitutions: { _COMMIT: commit, _REGION: 'europe-west1' },
  timeout: '600s',
}

const read = (value: unknown) => readBuild(Buffer.from(JSON.stringify(value)), 'build.json')

test('what a build says of archive, image and commit', () => {
  expect(read(build)).toEqual({
    id: build.id,
    status: 'SUCCESS',
    archive,
    hashes: [
      { algorithm: 'SHA-256', hex: '9c4e7e28bef5c9ffabea170a40bfb6e286e170100c0eb02d7e06c7dd8c2238e4' },
      { algorithm: 'MD5', hex: '7d4467b5b74959c39c08b3c8545ffac1' },
    ],
    images: [{ name: image, digest }],
    commits: [{ from: 'substitutions._COMMIT', id: commit }],
  })
})

test('a build that has only begun, and one that says hardly anything', () => {
  const begun = { id: 'b', status: 'WORKING', sourceProvenance: { resolvedStorageSource: archive }, results: {} }
  expect(read(begun)).toEqual({ id: 'b', status: 'WORKING', archive, hashes: [], images: [], commits: [] })
  expect(read({ id: 'b' })).toEqual({ id: 'b', status: null, archive: null, hashes: [], images: [], commits: [] })
  const empty = { id: 'b', source: null, sourceProvenance: null, results: null, substitutions: null }
  expect(read(empty)).toEqual(read({ id: 'b' }))
})

describe('the hashes', () => {
  const hashes = (fileHashes: object) =>
    read({ ...build, sourceProvenance: { ...build.sourceProvenance, fileHashes } }).hashes
  const md5 = { fileHash: [{ type: 'MD5', value: 'fURntbdJWcOcCLPIVF/6wQ==' }] }
  const other = { fileHash: [{ type: 'MD5', value: 'AAAAAAAAAAAAAAAAAAAAAA==' }] }
  const found = [{ algorithm: 'MD5', hex: '7d4467b5b74959c39c08b3c8545ffac1' }]

  test('of the archive, among those of others', () => {
    expect(hashes({ 'gs://x/y#1': other, [`${url}#1782171768501007`]: md5 })).toEqual(found)
    expect(hashes({ 'gs://x/y#1': md5 })).toEqual(found)
    expect(hashes({ 'gs://x/y#1': other, 'gs://x/z#1': md5 })).toEqual([])
  })
  test('in the alphabet for URLs, as some of gcloud print it', () => {
    expect(hashes({ a: { fileHash: [{ type: 'MD5', value: 'fURntbdJWcOcCLPIVF_6wQ==' }] } })).toEqual(found)
  })
  test('none of a kind that is not read', () => {
    expect(hashes({ a: { fileHash: [{ type: 'NONE' }, {}, { type: 'DIRSUM_SHA256', value: 'x' }] } })).toEqual([])
  })
})

describe('the commit', () => {
  const commits = (fields: object) => read({ id: 'b', ...fields }).commits
  test.each([
    ['COMMIT_SHA', commit],
    ['REVISION_ID', commit],
    ['SHORT_SHA', '0123456'],
    ['_COMMIT', commit],
    ['_COMMIT_SHA', commit.toUpperCase()],
    ['_GIT_SHA', commit],
    ['_GIT_COMMIT_HASH', 'a'.repeat(64)],
    ['_REV', commit],
  ])('in the substitution %s', (name, value) => {
    const from = `substitutions.${name}`
    expect(commits({ substitutions: { [name]: value } })).toEqual([{ from, id: value.toLowerCase() }])
  })
  test.each([
    ['COMMIT_SHA', 'local'],
    ['COMMIT_SHA', ''],
    ['SHORT_SHA', 'latest'],
    ['_COMMIT', '0123456'],
    ['_BASE_SHA', commit],
    ['_PREVIOUS_COMMIT', commit],
    ['_CACHE_KEY', commit],
    ['BRANCH_NAME', commit],
  ])('not in the substitution %s that is %j', (name, value) => {
    expect(commits({ substitutions: { [name]: value } })).toEqual([])
  })
  test.each([
    [{ source: { repoSource: { commitSha: commit } } }, 'source.repoSource.commitSha'],
    [{ source: { gitSource: { revision: commit } } }, 'source.gitSource.revision'],
    [{ source: { connectedRepository: { revision: commit } } }, 'source.connectedRepository.revision'],
    [{ source: { developerConnectConfig: { revision: commit } } }, 'source.developerConnectConfig.revision'],
    [
      { sourceProvenance: { resolvedRepoSource: { commitSha: commit } } },
      'sourceProvenance.resolvedRepoSource.commitSha',
    ],
    [{ sourceProvenance: { resolvedGitSource: { revision: commit } } }, 'sourceProvenance.resolvedGitSource.revision'],
    [
      { sourceProvenance: { resolvedConnectedRepository: { revision: commit } } },
      'sourceProvenance.resolvedConnectedRepository.revision',
    ],
  ])('in %j', (fields, from) => {
    expect(commits(fields)).toEqual([{ from, id: commit }])
  })
  test('not in a revision that is a branch', () => {
    expect(commits({ source: { gitSource: { revision: 'main' } } })).toEqual([])
  })
})

test.each<[string, string | Buffer]>([
  ['with the byte order mark of Windows', `\ufeff${JSON.stringify(build)}`],
  ['in UTF-16, as PowerShell redirects', Buffer.from(`\ufeff${JSON.stringify(build)}`, 'utf16le')],
])('%s', (_name, content) => {
  expect(readBuild(Buffer.from(content as string), 'b').id).toBe(build.id)
})

test.each<[string, unknown, string]>([
  ['no id', {}, 'its "id" is missing'],
  ['an id that is none', { id: '../x' }, 'its "id" is no id of a build'],
  ['a number for an id', { id: 5 }, 'its "id" should be string, and is 5'],
  ['a status that is none', { id: 'b', status: 'fine' }, 'its "status" is no status'],
  ['a list of builds', [build], 'it is a list, and one record is wanted'],
  ['a text', 'build', 'it is "build", no object'],
  ['null', null, 'it is null, no object'],
  ['images that are none', { id: 'b', results: { images: {} } }, 'its "results.images" should be Array, and is Object'],
  [
    'a digest that is none',
    { id: 'b', results: { images: [{ name: 'a', digest: 'sha256:1' }] } },
    '"results.images.0.digest" is no sha256:… of an image',
  ],
  [
    'a generation that is none',
    { id: 'b', source: { storageSource: { ...archive, generation: 'x' } } },
    '"source.storageSource.generation" is no generation',
  ],
  [
    'an archive without a bucket',
    { id: 'b', source: { storageSource: { object: 'o' } } },
    '"source.storageSource.bucket" is missing',
  ],
  [
    'a hash that is too short',
    { id: 'b', sourceProvenance: { fileHashes: { a: { fileHash: [{ type: 'MD5', value: 'AAAA' }] } } } },
    '"sourceProvenance.fileHashes.a" states a MD5 that is no base64 of 16 bytes',
  ],
  [
    'a substitution that is no text',
    { id: 'b', substitutions: { _A: 1 } },
    '"substitutions._A" should be string, and is 1',
  ],
  [
    'a name that is too long',
    { id: 'b', results: { images: [{ name: 'a'.repeat(5000), digest }] } },
    '"results.images.0.name" is longer than any',
  ],
  [
    'far too many images',
    { id: 'b', results: { images: Array(10_001).fill({ name: 'a', digest }) } },
    '"results.images" has more items than any',
  ],
  [
    'far too many substitutions',
    { id: 'b', substitutions: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`_${i}`, ''])) },
    '"substitutions" has more keys than any',
  ],
  [
    'a field whose name steers the terminal',
    { id: 'b', substitutions: { '\u001b[31m': 1 } },
    'substitutions.\\u001b[31m',
  ],
])('%s is refused', (_name, value, message) => {
  expect(() => read(value)).toThrow(
    expect.objectContaining({ code: 'record-unreadable', message: expect.stringContaining(message) }),
  )
  expect(() => read(value)).toThrow(/build\.json.*gcloud builds describe ID --format=json/)
})

test.each([
  ['YAML, which gcloud prints unless told otherwise', 'id: 41d7\nstatus: SUCCESS\n'],
  ['nothing', ''],
  ['half of it', JSON.stringify(build).slice(0, 200)],
  ['bytes', Buffer.from([0xff, 0x00, 0x12])],
])('%s is no JSON', (_name, content) => {
  expect(() => readBuild(Buffer.from(content as string), 'build.json')).toThrow('it is no JSON')
})

test('names from the prototype are names like others', () => {
  const text = '{"id":"b","substitutions":{"__proto__":"x","constructor":"y"},"__proto__":{"status":"FAILURE"}}'
  expect(readBuild(Buffer.from(text), 'b')).toMatchObject({ status: null, commits: [] })
})
