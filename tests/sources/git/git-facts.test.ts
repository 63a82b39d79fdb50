import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { parseBlobId } from '../../../src/model/digest.ts'
import { type Path, rootPath } from '../../../src/model/path.ts'
import { gitFacts } from '../../../src/sources/git/git-facts.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { fc, runs } from '../../support/random.ts'
import { git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const attributes = {
  plain: '',
  text: 'text',
  auto: 'text=auto',
  binary: '-text',
  crlf: 'text eol=crlf',
  lf: 'text eol=lf',
  autocrlf: 'text=auto eol=crlf',
  onlyeol: 'eol=crlf',
  ident: 'ident',
  both: 'ident text eol=crlf',
} as const

const pieces = fc.constantFrom(
  'x = 1',
  '\n',
  '\r\n',
  '\r',
  // With a blank behind: of `$$Id$` the code of git that streams to the disk misses the second dollar.
  '$Id$ ',
  '$Id: old $ ',
  '$Id: a b $ ',
  '\0',
  '\x01',
  'é',
  '\n\n',
  '\x1a',
)
const contents = fc.sample(
  fc.array(pieces, { maxLength: 12 }).map(parts => Buffer.from(parts.join(''))),
  {
    numRuns: runs(40),
  },
)

test.each([
  ['autocrlf=false', ['core.autocrlf', 'false']],
  ['autocrlf=true', ['core.autocrlf', 'true']],
  ['autocrlf=input', ['core.autocrlf', 'input']],
  ['eol=crlf', ['core.eol', 'crlf']],
])('what git itself writes to the disk is known to be of the blob: %s', async (_name, setting) => {
  await using folder = await temporaryFolder()
  const rules = Object.entries(attributes).map(([name, rule]) => `${name}/** ${rule}\n`)
  await makeRepository(folder.path, { 'a.py': '' })
  // Stored as they are, whatever the attributes say of them; these come afterwards.
  const paths = Object.keys(attributes).flatMap(name => contents.map((_, i) => `${name}/${i}.py` as Path))
  await writeFiles(folder.path, Object.fromEntries(paths.map((path, i) => [path, contents[i % contents.length]!])))
  await git(folder.path, 'add', '--all')
  await writeFiles(folder.path, { '.gitattributes': rules.join('') })
  await git(folder.path, 'add', '.gitattributes')
  await git(folder.path, 'commit', '--quiet', '--message=all')
  await git(folder.path, 'config', ...setting)
  for (const name of Object.keys(attributes)) await rm(join(folder.path, name), { recursive: true })
  // Not through the helper, which sets core.autocrlf.
  await execa('git', ['checkout', '--', '.'], {
    cwd: folder.path,
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  })

  const ids = (await git(folder.path, 'ls-tree', '-r', 'HEAD')).split('\n').map(line => /(\w+)\t(.*)$/.exec(line)!)
  const blobs = new Map(ids.map(([, id, path]) => [path as Path, parseBlobId(id!)]))
  const conversions = await gitFacts(await openRepository(folder.path), rootPath).conversions(blobs)
  let converted = 0
  for (const [i, path] of paths.entries()) {
    const blob = contents[i % contents.length]!
    const onDisk = await readFile(join(folder.path, path))
    const conversion = conversions.get(path)
    const what = `${path}: ${JSON.stringify(blob.toString())} became ${JSON.stringify(onDisk.toString())}`
    if (!onDisk.equals(blob)) {
      converted++
      expect(conversion?.joins(blob, onDisk), what).toBe(true)
    }
    expect(conversion?.joins(blob, Buffer.concat([onDisk, Buffer.from('!')])) ?? false, what).toBe(false)
  }
  expect(converted).toBeGreaterThan(20)
})

test('what is staged, and what a sparse checkout skips', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'app/a.py': 'a\n', 'docs/d.py': 'd\n' })
  await git(folder.path, 'sparse-checkout', 'set', 'app')
  const index = await gitFacts(await openRepository(folder.path), rootPath).index()
  expect([...index].map(([path, { skipped }]) => [path, skipped])).toEqual([
    ['app/a.py', false],
    ['docs/d.py', true],
  ])
  expect(index.get('app/a.py' as Path)?.blobId).toBe(await git(folder.path, 'rev-parse', 'HEAD:app/a.py'))
})

test('where export-ignore is said, if only one line may be it', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {
    '.gitattributes': '*.md text\ntests export-ignore\n',
    'app/.gitattributes': '# none\n',
    'app/a.py': '',
    'tests/deep/t.py': '',
  })
  const facts = gitFacts(await openRepository(folder.path), rootPath)
  const paths = ['app/a.py', 'tests/deep/t.py'] as Path[]
  expect([...(await facts.exportIgnored(paths))]).toEqual([
    ['tests/deep/t.py', { file: '.gitattributes', line: 2, text: 'tests export-ignore' }],
  ])
  await writeFiles(folder.path, { '.gitattributes': 'tests export-ignore\n*.txt export-ignore\n' })
  expect([...(await facts.exportIgnored(paths)).values()]).toEqual([
    { file: '.gitattributes', line: null, text: 'export-ignore' },
  ])
})
