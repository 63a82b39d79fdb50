import { chmod, link, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { type Path, rootPath } from '../../../src/model/path.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { predictedUpload } from '../../../src/sources/upload/predicted-upload.ts'
import { uploadRules } from '../../../src/sources/upload/upload-rules.ts'
import type { Prediction } from '../../../src/sources/upload/upload-walk.ts'
import { asCommonUser } from '../../support/common-user.ts'
import { type Need, testNeeding } from '../../support/needs.ts'
import { git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { bytesOf, lines, pathsOf } from '../reading.ts'

const posix: Need = { name: 'a POSIX file system', present: process.platform !== 'win32' }
const linux: Need = { name: 'file names of any bytes', present: process.platform === 'linux' }

/** The upload of `directory` of the repository at `top`. */
async function uploadOf(top: string, directory = '', prediction: Prediction = {}) {
  const rules = await uploadRules(join(top, directory))
  return predictedUpload(await openRepository(top), directory as Path, rules, prediction)
}

test('what the rules leave of the disk, tracked or not, with every directory', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {
    'a.py': 'a\n',
    'build/b.py': 'b\n',
    'sub/c.py': 'c\n',
    '.gitignore': 'build/\n*.log\n',
  })
  await writeFiles(folder.path, { 'a.py': 'dirty\n', 'new.py': 'n\n', 'sub/x.log': '' })
  await mkdir(join(folder.path, 'empty'))
  const source = await uploadOf(folder.path)
  expect(source.stage).toEqual({ name: 'upload', place: 'upload', kind: 'predicted-upload', reference: null })
  expect(await lines(source)).toEqual([
    'directory empty',
    'directory sub',
    'file a.py = dirty\n',
    'file new.py = n\n',
    'file sub/c.py = c\n',
  ])
})

test('rules are of the upload directory, paths of the repository', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {
    '.gitignore': 'keep.py\n',
    'service/.gcloudignore': '/app/drop.py\n/service\n',
    'service/app/keep.py': '',
    'service/app/drop.py': '',
    'other.py': '',
  })
  const source = await uploadOf(folder.path, 'service')
  expect(await pathsOf(source)).toEqual(['service/.gcloudignore', 'service/app', 'service/app/keep.py'])
  expect(
    await lines(source, ['service/app/keep.py', 'service/app/drop.py', 'other.py', 'service/none.py', 'service']),
  ).toEqual(['file service/app/keep.py = '])
})

test('with no rules, git itself goes up', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '', '.gcloudignore': '' })
  expect(await pathsOf(await uploadOf(folder.path))).toEqual(
    expect.arrayContaining(['.git', '.git/HEAD', 'a.py', '.gcloudignore']),
  )
})

test('what is below a dropped directory does not go up by being asked for', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { '.gcloudignore': 'd/**\n!d/a.py\n', 'd/a.py': '', 'e/a.py': 'x' })
  expect(await lines(await uploadOf(folder.path), ['d/a.py', 'e/a.py'])).toEqual(['file e/a.py = x'])
})

testNeeding(posix)('links go up as links, and what is no file as that; sockets stay', async () => {
  await using folder = await temporaryFolder()
  const top = join(folder.path, 'top')
  await writeFiles(folder.path, { 'outside/a.py': '' })
  await makeRepository(top, { 'a.py': '', '.gcloudignore': '.git\nlinked-dropped/\nlinked.py/\n' })
  await symlink('a.py', join(top, 'linked.py'))
  await symlink('../outside', join(top, 'linked'))
  await symlink('../outside', join(top, 'linked-dropped'))
  await symlink('nowhere', join(top, 'broken'))
  await execa('mkfifo', [join(top, 'fifo')])
  const server = createServer()
  await new Promise<void>(resolve => server.listen(join(top, 'socket'), resolve))
  try {
    const source = await uploadOf(top)
    expect(await lines(source)).toEqual([
      'file .gcloudignore = .git\nlinked-dropped/\nlinked.py/\n',
      'file a.py = ',
      'special fifo',
      'symlink broken -> nowhere',
      'symlink linked -> ../outside',
      'symlink linked.py -> a.py',
    ])
    expect(await lines(source, ['linked/a.py', 'linked.py', 'socket'])).toEqual(['symlink linked.py -> a.py'])
  } finally {
    server.close()
  }
})

testNeeding(linux)('names of any bytes', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { '.gcloudignore': '.git\ncaf?.pyc\n' })
  for (const name of ['caf\xe9.py', 'caf\xe9.pyc']) {
    await writeFile(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from(name, 'latin1')]), 'x')
  }
  expect(await lines(await uploadOf(folder.path))).toEqual([
    'file .gcloudignore = .git\ncaf?.pyc\n',
    'file caf\udce9.py = x',
  ])
})

testNeeding(posix)('a directory that nobody may read counts as empty', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '', 'closed/b.py': '' })
  await chmod(join(folder.path, 'closed'), 0)
  await asCommonUser(folder.path, async () => {
    expect(await pathsOf(await uploadOf(folder.path))).toEqual(['a.py', 'closed'])
  })
  await chmod(join(folder.path, 'closed'), 0o700)
})

test('a directory that vanishes meanwhile is named', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'sub/a.py': '' })
  const reading = (async () => {
    for await (const { path } of (await uploadOf(folder.path)).entries()) {
      if (path === 'sub') await rm(join(folder.path, 'sub'), { recursive: true })
    }
  })()
  await expect(reading).rejects.toMatchObject({ code: 'source-changed', message: expect.stringContaining('"sub"') })
})

test('a file that vanishes before it is read is named', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x' })
  const reading = (async () => {
    for await (const entry of (await uploadOf(folder.path)).entries()) {
      await rm(join(folder.path, 'a.py'))
      if (entry.kind === 'file') await bytesOf(entry.body())
    }
  })()
  await expect(reading).rejects.toMatchObject({ code: 'source-changed', message: expect.stringContaining('"a.py"') })
})

test.each(['missing', 'a.py', 'a.py/x'])('%s is no directory to upload', async directory => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '' })
  const source = predictedUpload(await openRepository(folder.path), directory as Path, await uploadRules(folder.path))
  await expect(pathsOf(source)).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringContaining(directory),
  })
})

test('a bare repository has nothing to upload', async () => {
  await using folder = await temporaryFolder()
  await git(folder.path, 'init', '--quiet', '--bare')
  const repository = await openRepository(folder.path)
  const rules = await uploadRules(folder.path)
  expect(() => predictedUpload(repository, rootPath, rules)).toThrow('is a bare repository')
})

testNeeding(posix)('run-deploy replaces links: files by their bytes, directories by empty ones', async () => {
  await using folder = await temporaryFolder()
  const top = join(folder.path, 'top')
  await writeFiles(folder.path, { 'outside.py': 'outside', 'outside/a.py': '' })
  await makeRepository(top, { 'a.py': 'inside', '.gcloudignore': '.git\n.gcloudignore\n' })
  await symlink('a.py', join(top, 'b.py'))
  await symlink('../outside.py', join(top, 'c.py'))
  await symlink('../outside', join(top, 'directory'))
  await link(join(top, 'a.py'), join(top, 'd.py'))
  const source = await uploadOf(top, '', { command: 'run-deploy' })
  expect(await lines(source)).toEqual([
    'directory directory',
    'file a.py = inside',
    'file b.py = inside',
    'file c.py = outside',
    'file d.py = inside',
  ])
  expect(await lines(source, ['b.py', 'directory/a.py'])).toEqual(['file b.py = inside'])
  expect(await source.survey()).toMatchObject({ files: 4, bytes: 25, outside: ['c.py'], obstacles: [] })
})

testNeeding(posix)('builds-submit makes the second name of a file a hard link', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x', '.gcloudignore': '.git\n.gcloudignore\n' })
  await mkdir(join(folder.path, 'sub'))
  await link(join(folder.path, 'a.py'), join(folder.path, 'sub', 'b.py'))
  const source = await uploadOf(folder.path)
  expect(await lines(source)).toEqual(['directory sub', 'file a.py = x', 'hardlink sub/b.py -> a.py'])
  expect(await lines(source, ['sub/b.py'])).toEqual(['file sub/b.py = x'])
})

testNeeding(posix)('a broken link is left out where gcloud starts in the source, and stops it elsewhere', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '', '.gcloudignore': '.git\nignored\n' })
  for (const name of ['broken', 'ignored']) await symlink('nowhere', join(folder.path, name))
  const here = await uploadOf(folder.path, '', { workingDirectory: folder.path })
  expect(await pathsOf(here)).toEqual(['.gcloudignore', 'a.py'])
  expect((await here.survey()).obstacles).toEqual([])
  for (const command of ['builds-submit', 'run-deploy'] as const) {
    const elsewhere = await uploadOf(folder.path, '', { command, workingDirectory: join(folder.path, '..') })
    expect((await elsewhere.survey()).obstacles).toEqual([
      { path: 'broken', reason: expect.stringContaining('leads nowhere') },
    ])
  }
})

testNeeding(posix)('what a zip cannot hold stops run-deploy alone', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'old.py': '', '.gcloudignore': '.git\n' })
  await utimes(join(folder.path, 'old.py'), 0, 0)
  await execa('mkfifo', [join(folder.path, 'fifo')])
  const obstacles = async (command: 'builds-submit' | 'run-deploy') =>
    (await (await uploadOf(folder.path, '', { command })).survey()).obstacles
  expect(await obstacles('builds-submit')).toEqual([])
  expect(await obstacles('run-deploy')).toEqual([
    { path: 'fifo', reason: expect.stringContaining('FIFO') },
    { path: 'old.py', reason: expect.stringContaining('a zip knows the years from 1980 to 2107') },
  ])
})

testNeeding(posix)('a file that this user cannot read stops gcloud', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.txt': 'x' })
  await chmod(join(folder.path, 'a.txt'), 0)
  await asCommonUser(folder.path, async () => {
    expect((await (await uploadOf(folder.path)).survey()).obstacles).toEqual([
      { path: 'a.txt', reason: expect.stringContaining('gcloud cannot read it') },
    ])
  })
})

test('folders are weighed, those of a known kind apart', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {
    '.gcloudignore': '.git\n',
    'app/a.py': '12345',
    'app/deep/b.bin': Buffer.alloc(1000),
    'web/node_modules/x/y/z.js': Buffer.alloc(5000),
    'web/index.js': '1',
    'env/bin/python': '',
    'env/pyvenv.cfg': '123',
    'env/lib/a.py': '123',
    '.env': 'SECRET=1',
  })
  const survey = await (await uploadOf(folder.path)).survey()
  expect(survey).toMatchObject({ files: 9, bytes: 6025, secrets: ['.env'] })
  expect(survey.folders).toEqual([
    { path: 'web/node_modules', kind: 'node-modules', files: 1, bytes: 5000 },
    { path: 'app/deep', kind: null, files: 1, bytes: 1000 },
    { path: 'env', kind: 'virtual-environment', files: 3, bytes: 6 },
    { path: 'web', kind: null, files: 1, bytes: 1 },
  ])
})
