import { expect, test } from 'vitest'
import { readProvenance } from '../../src/evidence/read-provenance.ts'
import {
  defaultArchive,
  defaultBuild,
  describedImage,
  envelopeOf,
  repository,
  statementV1,
  statementV01,
} from '../support/google-records.ts'

const digest = `sha256:${'9'.repeat(64)}`
const hashes = { md5: '7d4467b5b74959c39c08b3c8545ffac1', sha256: 'a'.repeat(64) }
const commit = 'b'.repeat(40)
const read = (value: unknown) => readProvenance(Buffer.from(JSON.stringify(value)), 'provenance.json')

const older = {
  id: defaultBuild,
  status: null,
  archive: defaultArchive,
  hashes: [
    { algorithm: 'SHA-256', hex: hashes.sha256 },
    { algorithm: 'MD5', hex: hashes.md5 },
  ],
  images: [{ name: repository, digest }],
  commits: [],
}
const newer = {
  id: defaultBuild,
  status: null,
  archive: null,
  hashes: [],
  images: [{ name: `${repository}:latest`, digest }],
  commits: [
    { from: 'internalParameters.systemSubstitutions.COMMIT_SHA', id: commit },
    { from: 'the material git+https://github.com/demo/api@refs/heads/main', id: commit },
  ],
}

const [first, second] = [statementV01({ digest }, hashes), statementV1({ digest }, commit)]
const { _type, subject, slsaProvenance } = first as Record<string, unknown>

test.each<[string, unknown, unknown]>([
  ['what gcloud prints of both', describedImage({ digest }, [first, second]), [older, newer]],
  ['an envelope', envelopeOf(first), [older]],
  ['a statement of SLSA 0.1', first, [older]],
  ['one with slsaProvenance alone, as gcloud prints it', { _type, subject, slsaProvenance }, [older]],
  ['a statement of SLSA 1.0', second, [newer]],
  ['an image without provenance', { provenance_summary: { provenance: [] } }, []],
])('%s', (_name, value, expected) => {
  expect(read(value)).toEqual(expected)
})

test('without an envelope, the statements that gcloud prints', () => {
  const provenance = [
    { build: { intotoStatement: first } },
    { build: { inTotoSlsaProvenanceV1: second } },
    { build: {} },
  ]
  expect(read({ provenance_summary: { provenance } })).toEqual([older, newer])
})

test('what is signed comes before what was made of it', () => {
  const provenance = [{ build: { intotoStatement: second }, envelope: envelopeOf(first) }]
  expect(read({ provenance_summary: { provenance } })).toEqual([older])
})

test.each<[string, unknown, string]>([
  ['an image that was described without provenance', { image_summary: {} }, 'its "provenance_summary" is missing'],
  ['a list', [], 'it is no object'],
  ['a payload that is no base64', { payload: '{}' }, 'its "payload" is no base64'],
  ['a payload that holds no JSON', { payload: 'aGVsbG8=' }, 'in its "payload", it is no JSON'],
  [
    'a payload with a subject that is none',
    envelopeOf({ _type: 'x', subject: 'y' }),
    'in its "payload", its "subject" should be Array',
  ],
  ['a statement that names no build', { _type: 'x', subject: [] }, 'no field of it names the build'],
])('%s is refused', (_name, value, message) => {
  expect(() => read(value)).toThrow(message)
  expect(() => read(value)).toThrow('cannot read provenance from "provenance.json"')
})
