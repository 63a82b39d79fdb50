import { execFileSync } from 'node:child_process'
import { chmod, link, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { rootPath } from '../../../src/model/path.ts'
import type { UploadCommand } from '../../../src/model/upload.ts'
import { archive } from '../../../src/sources/archive/archive.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { listUpload } from '../../../src/sources/upload/list-upload.ts'
import { predictedUpload } from '../../../src/sources/upload/predicted-upload.ts'
import { uploadRules } from '../../../src/sources/upload/upload-rules.ts'
import { uploadOf } from '../../../src/sources/upload/upload-walk.ts'
import { writeUpload } from '../../../src/sources/upload/write-upload.ts'
import { type Need, testNeeding } from '../../support/needs.ts'
import { needsPosix } from '../../support/programs.ts'
import { fc, runs } from '../../support/random.ts'
import { git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { lines } from '../reading.ts'

function needsRun(program: string, ...args: string[]): Need {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return { name: program, present: true }
  } catch {
    return { name: program, present: false }
  }
}

const linux: Need = { name: 'Linux, for its file names', present: process.platform === 'linux' }
const commands = ['builds-submit', 'run-deploy'] as const satisfies UploadCommand[]
const endings: Partial<Record<UploadCommand, string>> = { 'builds-submit': 'tgz', 'run-deploy': 'zip' }

async function prepare(top: string, command: UploadCommand) {
  const repository = await openRepository(top)
  const rules = await uploadRules(top)
  const upload = uploadOf(repository, rootPath, rules, { command })
  const file = join(dirname(top), `upload.${endings[command]}`)
  const signal = new AbortController().signal
  const destination = { file, named: file, force: true, signal, leftovers: new Set<string>() }
  const { members } = await listUpload(upload, rules)
  const write = () => writeUpload(upload, members, destination)
  return { file, members, write, predicted: predictedUpload(repository, rootPath, rules, { command }) }
}

/** One thing to put into a tree; `to` says which of the earlier ones a link leads to. */
interface Item {
  readonly parts: readonly string[]
  readonly kind: 'file' | 'executable' | 'closed' | 'directory' | 'symlink' | 'hardlink'
  readonly content: string
  readonly to: number
}

const odd = [
  'é.py',
  'e\u0301.py',
  'a b',
  "it's",
  'line\nbreak',
  '日本.py',
  '\u202eback',
  '-dash',
  '#hash',
  '!x',
  '🐍',
  '*',
]
const name = fc.constantFrom('a.py', 'b.py', 'sub', 'deep', 'build', `${'long'.repeat(40)}.py`, ...odd)
const item: fc.Arbitrary<Item> = fc.record({
  parts: fc.array(name, { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom('file', 'file', 'executable', 'closed', 'directory', 'symlink', 'hardlink'),
  content: fc.oneof(fc.string({ maxLength: 20 }), fc.constant('x'.repeat(3000))),
  to: fc.nat(),
})
const rule = fc.oneof(
  fc.constantFrom('*.py', '!a.py', 'build/', '/sub', '**/deep', 'sub/*', '!sub/a.py', '*', 'sub/**', '日本.py'),
  name.map(each => `${each}/`),
)
const tree = fc.record({ items: fc.array(item, { maxLength: 20 }), rules: fc.array(rule, { maxLength: 4 }) })

interface Tree {
  readonly items: readonly Item[]
  readonly rules: readonly string[]
}

async function prepareTree(folder: string, tree: Tree, command: UploadCommand) {
  const top = join(folder, 'top')
  await mkdir(top)
  await makeTree(top, tree)
  return prepare(top, command)
}

/** What is in the way of what came before stays out. */
async function makeTree(top: string, { items, rules }: Tree) {
  await git(top, 'init', '--quiet')
  await writeFile(join(top, '.gcloudignore'), ['.git', ...rules, ''].join('\n'))
  const made: { readonly path: string; readonly isFile: boolean }[] = [{ path: top, isFile: false }]
  for (const { parts, kind, content, to } of items) {
    const path = join(top, ...parts)
    const files = made.filter(({ isFile }) => isFile)
    const isMade = await mkdir(dirname(path), { recursive: true })
      .then(async () => {
        if (kind === 'directory') await mkdir(path)
        else if (kind === 'symlink') await symlink(made[to % made.length]!.path, path)
        else if (kind === 'hardlink') await link(files[to % files.length]?.path ?? '', path)
        else
          await writeFile(path, content, { flag: 'wx', mode: { file: 0o644, executable: 0o755, closed: 0o600 }[kind] })
      })
      .then(
        () => true,
        () => false,
      )
    if (isMade) made.push({ path, isFile: kind === 'file' || kind === 'executable' || kind === 'closed' })
  }
}

for (const command of commands) {
  testNeeding(linux)(`${command}: what is written is what is predicted, for any tree and rules`, async () => {
    await fc.assert(
      fc.asyncProperty(tree, async each => {
        await using folder = await temporaryFolder()
        const { file, members, write, predicted } = await prepareTree(folder.path, each, command)
        expect(await write()).toMatchObject({ entries: members.length, bytes: (await readFile(file)).length })
        expect(await lines(await archive(file, rootPath))).toEqual(await lines(predicted))
        expect(await readdir(folder.path)).toEqual(['top', `upload.${endings[command]}`])
        const once = await readFile(file)
        await write()
        expect(await readFile(file)).toEqual(once)
      }),
      { numRuns: runs(40) },
    )
  })
}

const pythonTar = `
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as tar:
    print(json.dumps([[m.name, m.type.decode(), m.mode, m.uid, m.gid, m.uname, m.gname, m.linkname,
                       tar.extractfile(m).read().decode('latin1') if m.isreg() else None] for m in tar]))
`
const pythonZip = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as zip:
    assert zip.testzip() is None
    print(json.dumps([[i.filename, i.create_system, i.external_attr >> 16, zip.read(i).decode('latin1')] for i in zip.infolist()]))
`

async function python(code: string, file: string): Promise<unknown[][]> {
  return JSON.parse((await execa('python3', ['-c', code, file])).stdout)
}

testNeeding(linux, needsRun('python3', '--version'))('tar and tarfile read a .tgz as it was meant', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async each => {
      await using folder = await temporaryFolder()
      const { file, members, write, predicted } = await prepareTree(folder.path, each, 'builds-submit')
      await write()
      const { stdout } = await execa('tar', ['-tzvf', file], { env: { LC_ALL: 'C' } })
      expect(stdout.split('\n').filter(line => line !== '')).toHaveLength(members.length)
      const read = await python(pythonTar, file)
      const modes = new Map(members.map(({ path, described }) => [path as string, described.mode & 0o7777]))
      const shown = read.map(([name, type, mode, uid, gid, uname, gname, target, content]) => {
        expect([mode, uid, gid, uname, gname]).toEqual([modes.get(String(name)), 0, 0, 'root', 'root'])
        if (type === '1') return `hardlink ${name} -> ${target}`
        if (type === '2') return `symlink ${name} -> ${target}`
        return type === '5'
          ? `directory ${name}`
          : `file ${name} = ${Buffer.from(String(content), 'latin1').toString()}`
      })
      expect(shown.sort()).toEqual(await lines(predicted))
      // Directories come before all files.
      const types = read.map(([, type]) => type)
      const firstFile = types.indexOf('0')
      expect(types.lastIndexOf('5')).toBeLessThan(firstFile < 0 ? types.length : firstFile)
    }),
    { numRuns: runs(10) },
  )
})

testNeeding(
  linux,
  needsRun('python3', '--version'),
  needsRun('unzip', '-v'),
)('unzip and zipfile read a .zip as it was meant', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async each => {
      await using folder = await temporaryFolder()
      const { file, members, write, predicted } = await prepareTree(folder.path, each, 'run-deploy')
      await write()
      // Of an archive of nothing, unzip only warns.
      if (members.length > 0) {
        await execa('unzip', ['-tqq', file])
        expect((await execa('unzip', ['-l', file])).stdout).toMatch(new RegExp(`\\b${members.length} files?$`))
      }
      const modes = new Map(members.map(({ path, described }) => [path as string, described.mode]))
      const shown = (await python(pythonZip, file)).map(([name, system, mode, content]) => {
        const path = String(name).replace(/\/$/, '')
        expect([system, mode]).toEqual([3, modes.get(path)])
        return path === name
          ? `file ${name} = ${Buffer.from(String(content), 'latin1').toString()}`
          : `directory ${path}`
      })
      expect(shown.sort()).toEqual(await lines(predicted))
    }),
    { numRuns: runs(10) },
  )
})

testNeeding(needsPosix)('times and modes that a header has no room or no word for', async () => {
  await using folder = await temporaryFolder()
  const top = join(folder.path, 'top')
  await makeRepository(top, {
    '.gcloudignore': '.git\n.gcloudignore\n',
    'old.py': '',
    'late.py': '',
    'fine.py': '',
    'none.py': '',
  })
  await utimes(join(top, 'old.py'), new Date(-86_400_500), new Date(-86_400_500))
  await utimes(join(top, 'late.py'), 2 ** 32, 2 ** 32)
  await utimes(join(top, 'fine.py'), 1_700_000_000.25, 1_700_000_000.25)
  await chmod(join(top, 'none.py'), 0)
  await execa('mkfifo', [join(top, 'pipe')])
  const { file, members, write } = await prepare(top, 'builds-submit')
  // A superuser reads it all the same.
  const readable = members.filter(({ path }) => path !== 'none.py' || process.geteuid?.() === 0)
  expect(readable).not.toEqual([])
  if (readable.length < members.length) await chmod(join(top, 'none.py'), 0o400)
  await write()
  const code =
    'import sys, tarfile\nfor m in tarfile.open(sys.argv[1]): print(m.name, m.mtime, oct(m.mode), m.type.decode())'
  const { stdout } = await execa('python3', ['-c', code, file])
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'old.py -86400.5 0o644 0',
      'late.py 4294967296.0 0o644 0',
      'fine.py 1700000000.25 0o644 0',
      'none.py '.concat(stdout.match(/none.py (\S+)/)![1]!, ' 0o0 0'),
      expect.stringMatching(/^pipe \S+ 0o644 6$/),
    ]),
  )
})

for (const command of commands) {
  test(`${command}: a file that changes its size meanwhile is an error, and leaves nothing`, async () => {
    await using folder = await temporaryFolder()
    const top = join(folder.path, 'top')
    await makeRepository(top, { '.gcloudignore': '.git\n', 'a.py': 'x = 1\n', 'big.bin': Buffer.alloc(600_000) })
    for (const [path, content] of [
      ['a.py', 'longer = 1\n'],
      ['a.py', ''],
      ['big.bin', 'short'],
    ] as const) {
      const { write } = await prepare(top, command)
      const before = await readFile(join(top, path))
      await writeFile(join(top, path), content)
      await expect(write()).rejects.toMatchObject({ code: 'source-changed', message: expect.stringContaining(path) })
      await writeFile(join(top, path), before)
      expect(await readdir(folder.path)).toEqual(['top'])
    }
  })

  test(`${command}: a file that vanishes meanwhile is an error`, async () => {
    await using folder = await temporaryFolder()
    const top = join(folder.path, 'top')
    await makeRepository(top, { '.gcloudignore': '.git\n', 'a.py': 'x = 1\n', 'b.py': '' })
    const { write } = await prepare(top, command)
    await rm(join(top, 'a.py'))
    await expect(write()).rejects.toMatchObject({ code: 'source-changed' })
    expect(await readdir(folder.path)).toEqual(['top'])
  })
}

testNeeding(linux)('names that the libraries would change are refused', async () => {
  await using folder = await temporaryFolder()
  const top = join(folder.path, 'top')
  await makeRepository(top, { '.gcloudignore': '.git\n' })
  const refusal = { code: 'upload-unwritable', message: expect.stringContaining('does not write') }
  await writeFile(Buffer.from(`${top}/caf\xe9.py`, 'latin1'), '')
  await expect((await prepare(top, 'builds-submit')).write()).rejects.toMatchObject(refusal)
  await rm(Buffer.from(`${top}/caf\xe9.py`, 'latin1'))
  await symlink(Buffer.from('\xe9', 'latin1'), join(top, 'link'))
  await expect((await prepare(top, 'builds-submit')).write()).rejects.toMatchObject(refusal)
  await rm(join(top, 'link'))
  await writeFiles(top, { 'a\\b.py': '' })
  await (await prepare(top, 'builds-submit')).write()
  await expect((await prepare(top, 'run-deploy')).write()).rejects.toMatchObject(refusal)
})

test('a signal ends it, and nothing is left', async () => {
  await using folder = await temporaryFolder()
  const top = join(folder.path, 'top')
  await makeRepository(top, { '.gcloudignore': '.git\n', 'a.bin': Buffer.alloc(5_000_000) })
  const repository = await openRepository(top)
  const rules = await uploadRules(top)
  const upload = uploadOf(repository, rootPath, rules)
  const { members } = await listUpload(upload, rules)
  const giveUp = new AbortController()
  const leftovers = new Set<string>()
  const file = join(folder.path, 'upload.tgz')
  const writing = writeUpload(upload, members, { file, named: file, force: false, signal: giveUp.signal, leftovers })
  expect(leftovers.size).toBe(1)
  giveUp.abort(new Error('stopped'))
  await expect(writing).rejects.toThrow('stopped')
  expect([await readdir(folder.path), leftovers.size]).toEqual([['top'], 0])
})
