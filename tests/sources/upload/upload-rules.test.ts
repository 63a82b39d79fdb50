import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Path } from '../../../src/model/path.ts'
import { uploadRules } from '../../../src/sources/upload/upload-rules.ts'
import { type Files, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

async function explanations(files: Files, ...paths: readonly string[]) {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, files)
  const rules = await uploadRules(folder.path)
  return paths.map(path => {
    const isDirectory = path.endsWith('/')
    const rule = rules.explain((isDirectory ? path.slice(0, -1) : path) as Path, isDirectory)
    return rule && `${rule.file}:${rule.line}: ${rule.text}`
  })
}

const own = 'the default rules of gcloud:null: '

test('with neither file nor repository, everything goes up', async () => {
  expect(await explanations({ 'a.py': '' }, '.git/', '.gitignore', 'a.py')).toEqual([null, null, null])
})

test('a .git, file or directory, brings the default rules', async () => {
  const expected = [`${own}.git`, `${own}.gitignore`, `${own}.git`, null]
  for (const git of ['.git', '.git/HEAD']) {
    expect(await explanations({ [git]: '' }, '.git/config', 'sub/.gitignore', 'vendor/.git', '.gitattributes')).toEqual(
      expected,
    )
  }
})

test('so does a .gitignore, which then counts, the one at the top alone', async () => {
  const files = { '.gitignore': '# made\nbuild/\n', 'sub/.gitignore': '*\n' }
  expect(await explanations(files, 'build/a.py', 'sub/a.py', '.gitignore')).toEqual([
    '.gitignore:2: build/',
    null,
    `${own}.gitignore`,
  ])
})

test('a .gcloudignore stands alone, an empty one too', async () => {
  const files = { '.gitignore': '*.log\n', '.git/HEAD': '' }
  expect(await explanations({ ...files, '.gcloudignore': '/tests\n' }, 'a.log', 'tests/a.py', '.git/')).toEqual([
    null,
    '.gcloudignore:1: /tests',
    null,
  ])
  expect(await explanations({ ...files, '.gcloudignore': '' }, 'a.log', '.git/')).toEqual([null, null])
})

test('what it includes counts where the line stands', async () => {
  const files = {
    '.gcloudignore': '*.md\n#!include:.gitignore\n!b.log\n',
    '.gitignore': '*.log\n!a.md\n#!include:more\n',
    more: '*\n',
  }
  expect(await explanations(files, 'a.md', 'b.md', 'a.log', 'b.log', 'c.py')).toEqual([
    null,
    '.gcloudignore:1: *.md',
    '.gitignore:1: *.log',
    null,
    null,
  ])
})

test('a directory of that name counts as none', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, '.gcloudignore'))
  await writeFiles(folder.path, { '.gitignore': '*.log\n' })
  expect((await uploadRules(folder.path)).explain('a.log' as Path, false)).toMatchObject({
    file: '.gitignore',
    line: 1,
  })
})

test.each<[string, Files, string]>([
  ['text that is no UTF-8', { '.gcloudignore': Buffer.from('caf\xe9\n', 'latin1') }, '".gcloudignore" is not UTF-8'],
  ['included text that is none', { '.git/HEAD': '', '.gitignore': Buffer.from([0xff]) }, '".gitignore" is not UTF-8'],
  [
    'an include that is missing',
    { '.gcloudignore': 'a\n#!include:gone\n' },
    '.gcloudignore:2 includes "gone", which cannot be read',
  ],
  ['an include elsewhere', { '.gcloudignore': '#!include:../x\n' }, '.gcloudignore:1 includes "../x"'],
  ['an include of the directory above', { '.gcloudignore': '#!include:..\n' }, 'includes "..", which cannot be read'],
  [
    'an include elsewhere in what is included',
    { '.gcloudignore': '#!include:i\n', i: '\n\n#!include:a/b\n' },
    'i:3 includes "a/b"',
  ],
  ['a .gitignore that is a directory', { '.gitignore/x': '' }, 'includes ".gitignore", which cannot be read'],
])('%s stops gcloud, and us', async (_name, files, message) => {
  await expect(explanations(files, 'a')).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringContaining(message),
  })
})

test('another ignore file stands for .gcloudignore, and includes what stands beside it', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, {
    '.gcloudignore': '*.md\n',
    '.gitignore': '*.log\n',
    'deploy/ignore': '#!include:more\n*.txt\n',
    'deploy/more': '*.bin\n',
  })
  const rules = await uploadRules(folder.path, 'deploy/ignore')
  const of = (path: string) => rules.explain(path as Path, false)
  expect([of('a.md'), of('a.txt')?.file, of('a.bin')?.file]).toEqual([null, 'deploy/ignore', 'deploy/more'])
  // One that is missing is not said to be, and .gcloudignore does not take its place.
  const missing = await uploadRules(folder.path, 'gone')
  expect(missing).toMatchObject({ isMissing: true, from: '.gitignore and the default rules of gcloud' })
  expect(missing.explain('a.log' as Path, false)).toMatchObject({ file: '.gitignore', line: 1 })
})
