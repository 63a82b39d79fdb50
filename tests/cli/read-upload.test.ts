import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tarOf, tgzOf, zipOf } from '../support/archives.ts'
import { firstbreak } from '../support/command-line.ts'
import { imageRecords } from '../support/images.ts'
import { git, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { unwrapped } from '../support/unwrapped.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)
const files = { 'app/a.py': 'x = 1\n', 'b.py': 'y = 2\n' }
let commit: string
let source: Buffer
const manifestDigests: string[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), files)
  commit = await git(at('repository'), 'rev-parse', 'HEAD')
  source = await tgzOf(files)
  await writeFile(at('source.tgz'), source)
  const records = await imageRecords([{ 'srv/app/a.py': 'x = 1\n', 'srv/b.py': 'y = 2\n' }], { layout: 'oci' })
  await writeFile(at('image.tar'), await tarOf(records))
  const index = records.find(({ name }) => name === 'index.json')!
  manifestDigests.push(JSON.parse(String(index.content)).manifests[0].digest)
})
afterAll(() => folder[Symbol.asyncDispose]())

const offline = ['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12', '--format', 'json']

async function run(...args: string[]) {
  const { code, out, err } = await firstbreak(at('repository'), [...args, ...offline], {})
  const report = out === '' ? { findings: [], remarks: [], stages: [] } : JSON.parse(out)
  return { code, err, ...report, codes: report.findings.map((each: { code: string }) => each.code) }
}

describe('an archive that is cut off, damaged or goes on is never clean', () => {
  const kinds = { tar: tarOf, tgz: tgzOf, zip: (content: typeof files) => zipOf(content) }
  test.each(Object.entries(kinds))('.%s', async (kind, make) => {
    const whole = await make(files)
    const damaged = Buffer.from(whole)
    // In the first header of a tar, and in the data of the others.
    const place = kind === 'zip' ? 34 + damaged.readUInt16LE(26) + damaged.readUInt16LE(28) : 40
    damaged[place]! ^= 0xff
    const spoilt = [
      ...[1, 0.25, 0.5, 0.75].map(part => whole.subarray(0, Math.floor(whole.length * part) - (part === 1 ? 1 : 0))),
      Buffer.concat([whole, Buffer.from('x')]),
      damaged,
    ]
    for (const bytes of spoilt) {
      await writeFile(at(`spoilt.${kind}`), bytes)
      const { code, err, stages } = await run('--upload', at(`spoilt.${kind}`))
      expect({ code, stages }).toEqual({ code: 2, stages: [] })
      expect(err).toContain(`spoilt.${kind}`)
    }
  })
})

describe('limits', () => {
  test.each([
    ['--max-entries', '1', 'more than 1 entries'],
    ['--max-unpacked', '1kB', 'more than 1000 bytes'],
  ])('%s %s', async (option, value, message) => {
    const { code, err } = await run('--upload', at('source.tgz'), option, value)
    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(err).toContain(`pass a higher ${option}`)
  })

  test('a ratio, of an archive that unpacks to over 100 MiB', async () => {
    await writeFile(at('bomb.tgz'), await tgzOf({ 'a.txt': '0'.repeat(110 * 1024 * 1024), ...files }))
    const { code, err } = await run('--upload', at('bomb.tgz'), '--max-ratio', '500')
    expect(code).toBe(2)
    expect(err).toMatch(/more than 500 times its size.*pass a higher --max-ratio/)
    expect((await run('--upload', at('bomb.tgz'), '--max-ratio', '2000')).code).toBe(0)
  })

  test.each([
    ['--max-entries', '0'],
    ['--max-entries', '1e9'],
    ['--max-unpacked', 'lots'],
    ['--max-unpacked', '8 GiB'],
    ['--max-ratio', '-1'],
  ])('%s %s is none', async (option, value) => {
    const { code, err } = await run('--upload', at('source.tgz'), `${option}=${value}`)
    expect(code).toBe(2)
    expect(err).toContain(`${option} ${value}: not a`)
  })

  test('a repository does not set them', async () => {
    await writeFile(at('repository/pyproject.toml'), '[tool.firstbreak]\nmax-entries = 1\n')
    const { code, err } = await run()
    await git(at('repository'), 'clean', '-fq')
    expect(code).toBe(2)
    expect(err).toContain('has no option "max-entries"')
  })
})

test('files that come twice are said, those with other bytes apart', async () => {
  const twice = [
    { name: 'b.py', content: 'y = 2\n' },
    { name: 'app/a.py', content: 'x = (\n' },
    { name: './app/a.py', content: 'x = 1\n' },
    { name: 'b.py', content: 'y = 2\n' },
  ]
  await writeFile(at('twice.tgz'), await tgzOf(twice))
  const { code, remarks } = await run('--upload', at('twice.tgz'))
  expect(code).toBe(0)
  expect(remarks).toContainEqual(
    expect.stringMatching(/^upload holds more than once, and with different bytes: "app\/a\.py"\. The last counts/),
  )
  expect(remarks).toContain('upload holds more than once: "b.py". The last counts')
})

describe('what git archive made', () => {
  test.each(['tar.gz', 'zip'])('of another commit, as .%s, is called that', async format => {
    const repository = at(`other-${format}`)
    await makeRepository(repository, { 'app/a.py': 'x = 1\n' })
    const file = at(`github.${format}`)
    await git(repository, 'archive', `--format=${format}`, '--prefix=name-1a2b/', '-o', file, 'HEAD')
    const first = await git(repository, 'rev-parse', 'HEAD')
    const args = ['--repo', repository, '--upload', file]
    expect((await run(...args)).codes).toEqual([])
    await git(repository, 'commit', '--quiet', '--allow-empty', '--message=second')
    const { code, findings } = await run(...args)
    expect(code).toBe(1)
    expect(findings).toMatchObject([
      {
        code: 'provenance-mismatch',
        severity: 'error',
        evidence: { provenance: { subject: 'commit', recorded: first, by: 'the uploaded archive itself' } },
      },
    ])
    const text = await firstbreak(repository, [...args, ...offline.slice(0, -2)], {})
    expect(unwrapped(text.out)).toContain(`The uploaded archive itself records ${first} for the commit; looked at was`)
    expect(unwrapped(text.out)).toContain(`look at the commit that was built: pass --rev ${first}`)
    expect((await run(...args, '--rev', first)).codes).toEqual([])
  })

  test('with the only folder of the repository is compared path by path', async () => {
    const repository = at('one-folder')
    await makeRepository(repository, { 'app/a.py': 'x = 1\n', 'app/b.py': 'y = 2\n' })
    await git(repository, 'archive', '--format=tar', '-o', at('one-folder.tar'), 'HEAD')
    const { code, codes, stages } = await run('--repo', repository, '--upload', at('one-folder.tar'))
    expect({ code, codes }).toEqual({ code: 0, codes: [] })
    expect(new Set(stages.map(({ digest }: { digest: string }) => digest)).size).toBe(1)
  })

  test('of a commit that is not in the repository is told by the paths of the one that is looked at', async () => {
    const [repository, other] = [at('here'), at('elsewhere')]
    await makeRepository(repository, { 'app/a.py': 'x = 1\n' })
    await makeRepository(other, { 'app/a.py': 'x = 1\n', 'app/new.py': 'z = 3\n' })
    await git(other, 'archive', '--format=tar', '-o', at('elsewhere.tar'), 'HEAD')
    const { codes, stages } = await run('--repo', repository, '--upload', at('elsewhere.tar'))
    expect(stages.at(-1).pythonFiles).toBe(2)
    expect(codes).toContain('provenance-mismatch')
    expect(codes).not.toContain('missing-from-upload')
  })
})

describe('--build', () => {
  const image = 'europe-docker.pkg.dev/demo/app/api:1'
  const url = 'gs://demo_cloudbuild/source/1.tgz#7'
  const archive = { bucket: 'demo_cloudbuild', object: 'source/1.tgz', generation: '7' }
  const hashOf = (type: 'SHA256' | 'MD5', bytes = source) => ({
    type,
    value: createHash(type.toLowerCase()).update(bytes).digest('base64'),
  })
  const build = (changes: object = {}) => ({
    id: '41d7c8c6',
    status: 'SUCCESS',
    sourceProvenance: {
      resolvedStorageSource: archive,
      fileHashes: { [url]: { fileHash: [hashOf('SHA256'), hashOf('MD5')] } },
    },
    results: { images: [{ name: image, digest: manifestDigests[0] }] },
    substitutions: { COMMIT_SHA: commit },
    ...changes,
  })
  const runWith = async (value: unknown, ...args: string[]) => {
    await writeFile(at('build.json'), JSON.stringify(value))
    return run('--build', at('build.json'), ...args)
  }
  const everything = () => ['--upload', at('source.tgz'), '--image', at('image.tar')]
  const hashes = (...fileHash: object[]) => ({
    sourceProvenance: { resolvedStorageSource: archive, fileHashes: { [url]: { fileHash } } },
  })

  test('the archive, the image and the commit are those of the build', async () => {
    const { code, codes, remarks } = await runWith(build(), ...everything())
    expect({ code, codes, remarks }).toEqual({ code: 0, codes: [], remarks: [] })
  })

  test.each<[string, () => object, object]>([
    [
      'SHA-256',
      () => hashes(hashOf('SHA256', Buffer.from('x')), hashOf('MD5')),
      { subject: 'archive', stage: 'upload', by: 'build 41d7c8c6' },
    ],
    ['MD5', () => hashes(hashOf('MD5', Buffer.from('x'))), { subject: 'archive' }],
    ['commit', () => ({ substitutions: { _COMMIT: 'f'.repeat(40) } }), { subject: 'commit', recorded: 'f'.repeat(40) }],
  ])('another %s', async (_name, changes, provenance) => {
    const { code, findings } = await runWith(build(changes()), ...everything())
    expect(code).toBe(1)
    expect(findings).toMatchObject([
      { code: 'provenance-mismatch', severity: 'error', path: null, evidence: { provenance } },
    ])
  })

  test('in words', async () => {
    await writeFile(at('build.json'), JSON.stringify(build(hashes(hashOf('MD5', Buffer.from('x'))))))
    const args = ['--build', at('build.json'), '--upload', at('source.tgz'), ...offline.slice(0, -2)]
    const { code, out } = await firstbreak(at('repository'), args, {})
    expect(code).toBe(1)
    expect(out).toMatch(/^BROKEN {2}1 thing wrong: provenance-mismatch$/m)
    expect(unwrapped(out)).toContain(
      `error provenance-mismatch Build 41d7c8c6 records MD5 ${createHash('md5').update('x').digest('hex')} for the uploaded ` +
        `archive; looked at was MD5 ${createHash('md5').update(source).digest('hex')}.`,
    )
    expect(out).toContain('look at the archive that build 41d7c8c6 was made of: pass that as --upload')
  })

  test('what cannot be checked is said, with what to pass', async () => {
    const { code, remarks } = await runWith(build({ substitutions: {} }), '--upload', at('source.tgz'))
    expect(code).toBe(0)
    expect(remarks).toEqual([
      `the image of build 41d7c8c6 was not looked at: pass --image europe-docker.pkg.dev/demo/app/api@${manifestDigests[0]}`,
      expect.stringContaining('build 41d7c8c6 names no commit'),
    ])
    const without = await runWith(build())
    expect(without.remarks).toContain(`the archive of build 41d7c8c6 was not looked at: pass --upload "${url}"`)
  })

  test('a build of which nothing can be checked is undecided', async () => {
    const { code, codes } = await runWith({ id: 'b' }, ...everything())
    expect({ code, codes }).toEqual({ code: 2, codes: ['undecided'] })
  })

  test.each([
    ['no JSON', 'id: b\n', 'it is no JSON'],
    ['no build', '{}', 'its "id" is missing'],
    ['far too large', ' '.repeat(17 * 1024 * 1024), 'larger than 16 MiB'],
  ])('%s', async (_name, content, message) => {
    await writeFile(at('build.json'), content)
    const { code, err } = await run('--build', at('build.json'))
    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(err).toContain('build.json')
  })

  test('a file that is not there, and a folder', async () => {
    for (const name of ['gone.json', '.']) {
      const { code, err } = await run('--build', at(name))
      expect(code).toBe(2)
      expect(err).toContain('cannot read a build from')
    }
  })

  test('can stand in pyproject.toml', async () => {
    await writeFile(at('repository/build.json'), JSON.stringify(build({ substitutions: { _COMMIT: 'f'.repeat(40) } })))
    await writeFile(at('repository/pyproject.toml'), '[tool.firstbreak]\nbuild = "build.json"\n')
    const { codes } = await run()
    await git(at('repository'), 'clean', '-fq')
    expect(codes).toEqual(['provenance-mismatch'])
  })
})

test('a report of a mismatch is as the schema says', async () => {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const schema = JSON.parse(await readFile(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'))
  await writeFile(at('build.json'), JSON.stringify({ id: 'b', substitutions: { _COMMIT: 'f'.repeat(40) } }))
  const args = ['--build', at('build.json'), ...offline]
  const { out } = await firstbreak(at('repository'), args, {})
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)
  expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true)
})
