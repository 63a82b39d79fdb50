import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { type Path, rootPath } from '../../src/model/path.ts'
import { predictedUpload } from '../../src/sources/predicted-upload.ts'
import { openRepository } from '../../src/sources/repository.ts'
import { uploadRules } from '../../src/sources/upload-rules.ts'
import { asCommonUser } from '../support/common-user.ts'
import { type Need, testNeeding } from '../support/needs.ts'
import { git, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { bytesOf, lines, pathsOf } from './reading.ts'

const posix: Need = { name: 'a POSIX file system', present: process.platform !== 'win32' }
const linux: Need = { name: 'file names of any bytes', present: process.platform === 'linux' }

/** The upload of `directory` of the repository at `top`. */
async function uploadOf(top: string, directory = '') {
  const rules = await uploadRules(join(top, directory))
  return predictedUpload(await openRepository(top), directory as Path, rules)
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
