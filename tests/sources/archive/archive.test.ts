import { createHash } from 'node:crypto'
import { link, mkdir, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { type Path, rootPath } from '../../../src/model/path.ts'
import { archive } from '../../../src/sources/archive/archive.ts'
import { defaultLimits } from '../../../src/sources/archive/archive-limits.ts'
import { tarOf, tgzOf, zipOf } from '../../support/archives.ts'
import { type Need, testNeeding } from '../../support/needs.ts'
import { type Files, git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { bytesOf, lines, pathsOf } from '../reading.ts'

const python = await need('Python 3', 'python3', '--version', /^Python 3/)
const gnuTar = await need('GNU tar', 'tar', '--version', /GNU tar/)
const infoZip = await need('Info-ZIP', 'zip', '-v', /Info-ZIP/)
const linux: Need = { name: 'file names of any bytes', present: process.platform === 'linux' }
const posix: Need = { name: 'a POSIX file system', present: process.platform !== 'win32' }

async function need(name: string, program: string, question: string, answer: RegExp): Promise<Need> {
  const { stdout = '' } = await execa(program, [question], { reject: false })
  return { name, present: answer.test(stdout) }
}

/** What the archive of these bytes holds, as lines. */
async function read(bytes: Uint8Array, directory = '', only?: readonly string[]): Promise<string[]> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'archive')
  await writeFile(file, bytes)
  return await lines(await archive(file, directory as Path), only)
}

async function rejection(bytes: Uint8Array): Promise<{ code: string; message: string }> {
  return read(bytes).then(
    found => expect.fail(`was read: ${found}`),
    error => error,
  )
}

const service: Files = {
  'app/main.py': 'x = 1\n',
  'app/empty.py': '',
  'ä/ü.py': 'y\r\n',
  'big.py': 'z'.repeat(700_000),
}
const serviceLines = Object.entries(service)
  .map(([path, content]) => `file ${path} = ${content}`)
  .sort()

const kinds = [
  ['.tar', tarOf],
  ['.tgz', tgzOf],
  ['.zip', (files: Files) => zipOf(files)],
] as const

test.each(kinds)('a %s, recognised by its bytes', async (_kind, make) => {
  await using folder = await temporaryFolder()
  const bytes = await make(service)
  const file = join(folder.path, 'misleading.txt')
  await writeFile(file, bytes)
  const source = await archive(file, rootPath)
  expect(source.stage).toEqual({
    name: 'upload',
    place: 'upload',
    kind: 'archive',
    reference: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  })
  expect(await lines(source)).toEqual(serviceLines)
  expect(await pathsOf(source)).toEqual(Object.keys(service).sort())
})

test.each(kinds)('a %s below a directory, and only what is asked for', async (_kind, make) => {
  const bytes = await make(service)
  expect(await read(bytes, 'svc/api', ['svc/api/app/main.py', 'app/main.py'])).toEqual([
    'file svc/api/app/main.py = x = 1\n',
  ])
})

test.each(kinds)(
  'bodies of a %s that are not read, or not to their end, leave the next ones whole',
  async (_kind, make) => {
    await using folder = await temporaryFolder()
    const big = 'y'.repeat(600_000)
    const file = join(folder.path, 'archive')
    await writeFile(file, await make({ a: big, b: big, c: 'c', d: big, e: 'e' }))
    const read: Record<string, string> = {}
    const stale: AsyncIterable<Uint8Array>[] = []
    for await (const entry of (await archive(file, rootPath)).entries()) {
      if (entry.kind !== 'file') throw new Error(entry.kind)
      if (entry.path === 'a') for await (const _chunk of entry.body()) break
      if (entry.path === 'b') stale.push(entry.body())
      if (entry.path === 'c' || entry.path === 'e') read[entry.path] = (await bytesOf(entry.body())).toString()
      if (entry.path === 'e') await expect(bytesOf(stale[0]!)).rejects.toThrow()
    }
    expect(read).toEqual({ c: 'c', e: 'e' })
  },
)

test.each(kinds)('an empty %s has no files', async (_kind, make) => {
  expect(await read(await make({}))).toEqual([])
})

test('a tar cut anywhere before its end blocks or within a block is cut short, and whole without blocks of padding', async () => {
  await using folder = await temporaryFolder()
  const tar = await tarOf({ 'a.py': 'x = 1\n' })
  const file = join(folder.path, 'a.tar')
  await writeFile(file, Buffer.concat([tar, Buffer.alloc(512)]))
  for (let size = tar.length + 512; size >= 0; size--) {
    await truncate(file, size)
    const reading = archive(file, rootPath).then(source => lines(source))
    if (size >= tar.length && size % 512 === 0) expect(await reading).toEqual(['file a.py = x = 1\n'])
    else
      await expect(reading).rejects.toMatchObject({
        code: 'archive-unreadable',
        message: expect.stringContaining('a.tar'),
      })
  }
})

test.each(kinds.slice(1))('a %s cut anywhere is cut short', async (kind, make) => {
  await using folder = await temporaryFolder()
  const bytes = await make({ 'a.py': 'x = 1\n', 'b.py': 'import os, sys, re\n' })
  const file = join(folder.path, `a${kind}`)
  await writeFile(file, bytes)
  for (let size = bytes.length - 1; size >= 0; size--) {
    await truncate(file, size)
    await expect(archive(file, rootPath).then(pathsOf)).rejects.toMatchObject({
      code: 'archive-unreadable',
      message: expect.stringContaining(`a${kind}`),
    })
  }
})

test('a bit flipped anywhere in a .tgz is found, or of no consequence', async () => {
  const bytes = await tgzOf({ 'a.py': 'x = 1\n', 'b.py': 'import os, sys, re\n' })
  const whole = await read(bytes)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes)
    flipped[at]! ^= 1 << (at % 8)
    const found = await read(flipped).catch(error => error.code)
    expect(found === 'archive-unreadable' || found).toEqual(found === 'archive-unreadable' ? true : whole)
  }
})

test.each([
  ['data, deflated', undefined, 'y'.repeat(5000)],
  ['data, stored', 0, 'plain text, plain text'],
])('damage in the %s of a .zip is found in members that nobody reads', async (_name, level, content) => {
  await using folder = await temporaryFolder()
  const bytes = await zipOf({ 'a.py': content }, level === undefined ? {} : { level })
  const dataStart = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)
  bytes[dataStart + 4]! ^= 0x10
  const file = join(folder.path, 'a.zip')
  await writeFile(file, bytes)
  await expect(pathsOf(await archive(file, rootPath))).rejects.toMatchObject({
    code: 'archive-unreadable',
    message: expect.stringContaining('a.zip'),
  })
})

test.each([
  ['names another member', 30],
  ['states another method', 8],
])('a zip whose local header %s is refused', async (_name, at) => {
  const bytes = await zipOf({ 'a.py': 'x = 1\n' })
  bytes[at]! ^= 1
  expect((await rejection(bytes)).message).toContain(
    'its member "a.py" has a header that says otherwise than the directory',
  )
})

test('a zip compressed in a way that is not read', async () => {
  const bytes = await zipOf({ 'a.py': 'x = 1\n'.repeat(100) })
  const directory = bytes.indexOf('PK\x01\x02')
  bytes.writeUInt16LE(12, 8)
  bytes.writeUInt16LE(12, directory + 10)
  expect((await rejection(bytes)).message).toContain('its member "a.py" is compressed by method 12')
})

test.each([
  ['nothing at all', Buffer.alloc(0), 'it is empty'],
  ['text', Buffer.from('def f():\n    pass\n'.repeat(100)), 'neither tar, nor gzip, nor zip'],
  ['gzip of text', gzipSync('def f():\n    pass\n'.repeat(100)), 'it is not a tar'],
  ['gzip of nothing', gzipSync(''), 'it is empty'],
  ['a second stream of text behind the first', Buffer.concat([await tgzOf({ a: '' }), Buffer.from('tail')]), 'damaged'],
  [
    'something behind the padding of a gzip',
    Buffer.concat([await tgzOf({ a: '' }), Buffer.alloc(9), Buffer.from('x')]),
    'follows',
  ],
  ['something behind a zip', Buffer.concat([await zipOf({ a: '' }), Buffer.from('tail')]), 'something follows its end'],
  ['a zip behind a zip', Buffer.concat([await zipOf({ a: 'a' }), await zipOf({ b: 'b' })]), 'prepended data'],
  ['an encrypted zip', await zipOf({ 'a.py': 'x' }, { password: 'secret' }), 'its member "a.py" is encrypted'],
  ['text behind a tar', Buffer.concat([await tarOf({ a: '' }), Buffer.from('tail')]), 'something follows its end'],
  ['a tar behind a tar', Buffer.concat([await tarOf({ a: '' }), await tarOf({ b: '' })]), 'something follows its end'],
  ['a tar behind a tar in one gzip', gzipSync(Buffer.concat([await tarOf({}), await tarOf({ b: '' })])), 'follows'],
  ['a lone zero block', (await tarOf({ a: '' })).subarray(0, 1024), 'cut off'],
])('%s is refused', async (_name, bytes, message) => {
  expect(await rejection(bytes)).toMatchObject({
    code: 'archive-unreadable',
    message: expect.stringContaining(message),
  })
})

test('a tar header whose checksum is wrong', async () => {
  const bytes = await tarOf({ 'a.py': 'x', 'b.py': 'y' })
  bytes[1024]! ^= 1
  expect(await rejection(bytes)).toMatchObject({
    code: 'archive-unreadable',
    message: expect.stringContaining('damaged'),
  })
})

test('gzip may be padded with zeros, and be of several members', async () => {
  const tar = await tarOf({ 'a.py': 'x\n' })
  const parts = [gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700)), Buffer.alloc(1000)]
  expect(await read(Buffer.concat(parts))).toEqual(['file a.py = x\n'])
})

test.each([
  ['a missing file', 'missing.tgz', 'there is no such file'],
  ['a directory', '.', 'it is no file'],
])('%s is named', async (_name, name, message) => {
  await using folder = await temporaryFolder()
  await expect(archive(join(folder.path, name), rootPath)).rejects.toMatchObject({
    code: 'archive-unreadable',
    message: expect.stringContaining(message),
  })
})

test.each([
  ['../a.py', '"../a.py"'],
  ['app/../../a.py', '"app/../../a.py"'],
  ['/etc/a.py', '"/etc/a.py"'],
  ['../\u001b[31m\u202ea', '"../\\u001b[31m\\u202ea"'],
])('a member %j leads out of the archive', async (name, shown) => {
  for (const bytes of [await tarOf({ [name]: '' }), await zipOf({ [name]: '' })]) {
    expect(await rejection(bytes)).toMatchObject({
      code: 'archive-unreadable',
      message: expect.stringContaining(shown),
    })
  }
})

test('so does a hard link', async () => {
  const bytes = await tarOf([{ name: 'a', type: 'link', linkname: '../../etc/passwd' }])
  expect((await rejection(bytes)).message).toContain('"../../etc/passwd" leads out')
})

test('members of every kind, those that come twice included', async () => {
  const bytes = await tarOf([
    { name: './', type: 'directory' },
    { name: './app', type: 'directory' },
    { name: 'app/a.py', content: 'first' },
    { name: './app/a.py', content: 'last' },
    { name: 'app/same.py', type: 'link', linkname: './app/a.py' },
    { name: 'link.py', type: 'symlink', linkname: '../outside' },
    { name: 'fifo', type: 'fifo' },
    { name: 'long.py', content: 'p', pax: { path: `${'d'.repeat(300)}/long.py` } },
  ])
  expect(await read(bytes, 'svc')).toEqual([
    'directory svc/app',
    'file svc/app/a.py = first',
    'file svc/app/a.py = last',
    `file svc/${'d'.repeat(300)}/long.py = p`,
    'hardlink svc/app/same.py -> svc/app/a.py',
    'special svc/fifo',
    'symlink svc/link.py -> ../outside',
  ])
})

test('directories of a zip, and zip64', async () => {
  expect(await read(await zipOf({ 'empty/': '', 'a.py': 'x' }, { zip64: true }))).toEqual([
    'directory empty',
    'file a.py = x',
  ])
})

test.each([
  ['entries', { entries: 2 }, /more than 2 entries.*a higher --max-entries/],
  ['bytes', { unpackedSize: 500_000 }, /more than 500000 bytes.*a higher --max-unpacked/],
  ['ratio', { ratioFrom: 100_000, ratio: 50 }, /more than 50 times its size.*a higher --max-ratio/],
])('an archive beyond the limit of %s is not read further', async (_name, limits, message) => {
  await using folder = await temporaryFolder()
  for (const make of [tgzOf, zipOf]) {
    const file = join(folder.path, make.name)
    await writeFile(file, await make({ a: 'a', b: '0'.repeat(600_000), c: 'c' }))
    const source = await archive(file, rootPath, { limits: { ...defaultLimits, ...limits } })
    await expect(pathsOf(source)).rejects.toMatchObject({
      code: 'archive-unreadable',
      message: expect.stringMatching(message),
    })
  }
})

test.each(kinds)('a %s that changes after it was opened', async (_kind, make) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'archive')
  await writeFile(file, await make({ a: 'one' }))
  const source = await archive(file, rootPath)
  await writeFile(file, await make({ a: 'another' }))
  await expect(pathsOf(source)).rejects.toMatchObject({ code: 'source-changed' })
})

test.each(kinds)('a %s that vanishes after it was opened', async (_kind, make) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'archive')
  await writeFile(file, await make({ a: 'one' }))
  const source = await archive(file, rootPath)
  await rm(file)
  await expect(pathsOf(source)).rejects.toMatchObject({ code: 'archive-unreadable' })
})

const fileDescriptors: Need = { name: '/proc/self/fd', present: process.platform === 'linux' }

testNeeding(fileDescriptors)('leaving early leaves no file open', async () => {
  await using folder = await temporaryFolder()
  for (const [kind, make] of kinds) await writeFile(join(folder.path, kind), await make(service))
  const before = (await readdir('/proc/self/fd')).length
  for (const [kind] of kinds) {
    const source = await archive(join(folder.path, kind), rootPath)
    for (let times = 0; times < 5; times++) for await (const _entry of source.entries()) break
  }
  await expect.poll(async () => (await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before)
})

// How gcloud packs: Python's tarfile and zipfile as they come.
testNeeding(python, linux)('the .tgz of gcloud, with links and names of any bytes', async () => {
  await using folder = await temporaryFolder()
  const top = join(folder.path, 'src')
  await writeFiles(top, { 'app/a.py': 'a\n', 'ä.py': 'umlaut\n', [`${'n'.repeat(120)}.py`]: 'long\n' })
  await writeFile(Buffer.concat([Buffer.from(`${top}/`), Buffer.from('caf\xe9.py', 'latin1')]), 'latin\n')
  await link(join(top, 'app/a.py'), join(top, 'app/b.py'))
  await symlink('app/a.py', join(top, 'link.py'))
  await mkdir(join(top, 'empty'))
  const script = [
    'import os, sys, tarfile',
    'os.chdir(sys.argv[1])',
    'with tarfile.open(sys.argv[2], "w:gz") as tar:',
    '    for name in ["app", "empty", "app/a.py", "app/b.py", "link.py"] + [n for n in os.listdir(".") if "/" not in n and n not in ("app", "empty", "link.py")]:',
    '        tar.add(name, recursive=False)',
  ].join('\n')
  const file = join(folder.path, 'source.tgz')
  await execa('python3', ['-c', script, top, file], { env: { PYTHONUTF8: '1' } })
  expect(await lines(await archive(file, rootPath))).toEqual([
    'directory app',
    'directory empty',
    'file app/a.py = a\n',
    'file caf\udce9.py = latin\n',
    `file ${'n'.repeat(120)}.py = long\n`,
    'file ä.py = umlaut\n',
    'hardlink app/b.py -> app/a.py',
    'symlink link.py -> app/a.py',
  ])
})

testNeeding(python)('the .zip of gcloud, in which a name may come twice', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'source.zip')
  const script = [
    'import sys, warnings, zipfile',
    'warnings.simplefilter("ignore")',
    'with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:',
    '    z.writestr("app/", b"")',
    '    z.writestr("app/\\u00e4.py", b"umlaut\\n")',
    '    z.writestr("a.py", b"first\\n")',
    '    z.writestr("a.py", b"last\\n")',
  ].join('\n')
  await execa('python3', ['-c', script, file])
  expect(await lines(await archive(file, rootPath))).toEqual([
    'directory app',
    'file a.py = first\n',
    'file a.py = last\n',
    'file app/ä.py = umlaut\n',
  ])
})

testNeeding(infoZip, posix)('symbolic links and names of any bytes in a .zip of Info-ZIP', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'in/a.py': 'x\n' })
  await symlink('a.py', join(folder.path, 'in/link.py'))
  await execa('zip', ['-q', '-r', '-y', '../a.zip', '.'], { cwd: join(folder.path, 'in') })
  expect(await lines(await archive(join(folder.path, 'a.zip'), rootPath))).toEqual([
    'file a.py = x\n',
    'symlink link.py -> a.py',
  ])
})

for (const format of ['gnu', 'posix', 'ustar', 'v7']) {
  testNeeding(gnuTar)(`a tar of GNU tar, format ${format}`, async () => {
    await using folder = await temporaryFolder()
    const name = format === 'v7' ? 'd/a.py' : `${'d'.repeat(60)}/${'e'.repeat(60)}/a.py`
    await writeFiles(join(folder.path, 'in'), { [name]: 'x\n' })
    const file = join(folder.path, 'a.tar')
    await execa('tar', ['-C', join(folder.path, 'in'), `--format=${format}`, '-cf', file, name])
    expect(await lines(await archive(file, rootPath))).toEqual([`file ${name} = x\n`])
  })
}

for (const format of ['gnu', 'posix']) {
  testNeeding(gnuTar, linux)(`a sparse file of GNU tar, format ${format}, is refused`, async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'holes.py'), '')
    await truncate(join(folder.path, 'holes.py'), 1024 * 1024)
    const file = join(folder.path, 'a.tar')
    await execa('tar', ['-C', folder.path, `--format=${format}`, '-S', '-cf', file, 'holes.py'])
    await expect(pathsOf(await archive(file, rootPath))).rejects.toMatchObject({
      code: 'archive-unreadable',
      message: expect.stringContaining('"holes.py" is a GNU sparse file, which is not read'),
    })
  })
}

/** An archive of a repository's HEAD, made by real git. */
async function gitArchive(files: Files, format: string, ...options: string[]) {
  const folder = await temporaryFolder()
  const repository = join(folder.path, 'repository')
  await makeRepository(repository, files)
  const file = join(folder.path, 'archive')
  await git(repository, 'archive', `--format=${format}`, ...options, '-o', file, 'HEAD')
  return {
    file,
    commit: await git(repository, 'rev-parse', 'HEAD'),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

describe.each(['tar', 'tar.gz', 'zip'])('a %s of git archive', format => {
  const nested = { 'app/a.py': 'x\n', 'app/app/b.py': 'y\n' }
  const several = { 'app/a.py': 'x\n', 'b.py': 'y\n' }
  const known = (files: Files) => async () => new Set(Object.keys(files).map(path => `svc/${path}` as Path))

  test.each<[string, Files, string[], Files | null, string[]]>([
    ['with a folder of the forge', several, ['--prefix=repository-1a2b/'], several, ['svc/app/a.py', 'svc/b.py']],
    ['with one, and nobody knows the paths', several, ['--prefix=r-1/'], null, ['svc/app/a.py', 'svc/b.py']],
    ['without one', several, [], several, ['svc/app/a.py', 'svc/b.py']],
    ["without one, in the repository's only folder", nested, [], nested, ['svc/app/a.py', 'svc/app/app/b.py']],
    ['with one that is called like that', nested, ['--prefix=app/'], nested, ['svc/app/a.py', 'svc/app/app/b.py']],
    ['of paths that nobody knows', several, ['--prefix=r-1/'], { 'z.py': '' }, ['svc/app/a.py', 'svc/b.py']],
  ])('%s', async (_name, files, options, paths, expected) => {
    await using made = await gitArchive(files, format, ...options)
    const asked: string[] = []
    const source = await archive(made.file, 'svc' as Path, {
      ...(paths && {
        pathsOfCommit: commit => {
          asked.push(commit)
          return known(paths)()
        },
      }),
    })
    expect((await lines(source)).filter(line => line.startsWith('file')).map(line => line.split(' ')[1])).toEqual(
      expected,
    )
    expect(source.archive.commit).toBe(made.commit)
    expect(asked).toEqual(paths === null ? [] : [made.commit])
  })
})

test('what others pack names no commit, and its digests are those of the file', async () => {
  await using folder = await temporaryFolder()
  for (const [kind, make] of kinds) {
    const file = join(folder.path, kind)
    const bytes = await make({ 'a.py': 'x = 1\n' })
    await writeFile(file, bytes)
    const { archive: facts, stage } = await archive(file, rootPath, { origin: 'gs://bucket/a.tgz#1' })
    const [sha256, md5] = ['sha256', 'md5'].map(name => createHash(name).update(bytes).digest('hex'))
    expect(facts).toEqual({ sha256, md5, origin: 'gs://bucket/a.tgz#1', commit: null })
    expect(stage.reference).toBe(`gs://bucket/a.tgz#1@sha256:${sha256}`)
  }
})

test.each([
  // Where the directory states the size, and the attributes below the system that they are of.
  ['a directory with a body', { 'app/': '' }, [[24, 3]]],
  [
    'a file that is a directory',
    { 'a.py': 'x\n' },
    [
      [5, 0],
      [38, 0x10],
    ],
  ],
])('a zip with %s is refused', async (_name, files, spoilt) => {
  const bytes = await zipOf(files as Files)
  const directory = bytes.indexOf('PK\x01\x02')
  for (const [at, value] of spoilt) bytes[directory + at!] = value!
  expect(await rejection(bytes)).toMatchObject({ code: 'archive-unreadable' })
})

test('nor is a folder left out of what others pack', async () => {
  expect(await read(await tgzOf({ 'app/a.py': '', 'app/b.py': '' }))).toEqual(['file app/a.py = ', 'file app/b.py = '])
})
