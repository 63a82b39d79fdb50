import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import type { Path } from '../../../src/model/path.ts'
import { uploadRules } from '../../../src/sources/upload/upload-rules.ts'
import { testNeeding } from '../../support/needs.ts'
import { git, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const test = testNeeding({ name: 'file names with any character', present: process.platform !== 'win32' })

/** A tree and an ignore text; of its paths, those that gcloud drops and those that `git check-ignore` calls ignored. */
interface Row {
  readonly paths: readonly string[]
  readonly text: string
  readonly gcloud: readonly string[]
  readonly git: readonly string[]
  /** Done to the tree before git is asked. */
  readonly prepare?: (top: string) => Promise<unknown>
}

const rows: Readonly<Record<string, Row>> = {
  'a slash in the middle': {
    paths: ['doc/frotz', 'z/doc/frotz'],
    text: 'doc/frotz',
    gcloud: ['doc/frotz', 'z/doc/frotz'],
    git: ['doc/frotz'],
  },
  'a slash before a star': {
    paths: ['data/a', 'data/keep.txt', 'x/data/a'],
    text: 'data/*\n!data/keep.txt',
    gcloud: ['data/a', 'x/data/a'],
    git: ['data/a'],
  },
  'a leading star and a slash': {
    paths: ['foo', 'ab/foo', 'ab/c/foo'],
    text: '*/foo',
    gcloud: ['foo', 'ab/foo'],
    git: ['ab/foo'],
  },
  'two stars with a slash': { paths: ['a.py', 'ab/b'], text: '*/*', gcloud: ['a.py', 'ab/b'], git: ['ab/b'] },
  'a lone star, with a directory taken back': {
    paths: ['a.py', 'src/a.py', 's/a.py'],
    text: '*\n!src/\n!s/',
    gcloud: ['a.py', 's/a.py'],
    git: ['a.py', 'src/a.py', 's/a.py'],
  },
  'a lone star, and everything below src': {
    paths: ['src/a.py', 'src/deep/b', 'c'],
    text: '*\n!src/',
    gcloud: ['c'],
    git: ['src/a.py', 'src/deep/b', 'c'],
  },
  'all but Python': {
    paths: ['a.txt', 'a.py', 'sub/a.txt', 'sub/a.py'],
    text: '*\n!*/\n!*.py',
    gcloud: ['a.txt'],
    git: ['a.txt', 'sub/a.txt'],
  },
  'all of a directory but one file': {
    paths: ['data/a', 'data/keep.txt'],
    text: 'data/**\n!data/keep.txt',
    gcloud: ['data/a', 'data/keep.txt'],
    git: ['data/a'],
  },
  'the same, anchored': { paths: ['d/foo', 'd/a'], text: '/d/**\n!/d/foo', gcloud: ['d/foo', 'd/a'], git: ['d/a'] },
  'blanks behind a slash': { paths: ['build/a'], text: 'build/ ', gcloud: [], git: ['build/a'] },
  'an escaped star': { paths: ['a*b', 'axb'], text: 'a\\*b', gcloud: ['a*b', 'axb'], git: ['a*b'] },
  'escaped brackets': { paths: ['br[1]', 'br1'], text: 'br\\[1\\]', gcloud: ['br1'], git: ['br[1]'] },
  'a circumflex in a class': {
    paths: ['bar', 'car', '^ar'],
    text: '[^b]ar',
    gcloud: ['bar', '^ar'],
    git: ['car', '^ar'],
  },
  'a named class': { paths: ['foo1', 'foo:]'], text: 'foo[[:digit:]]', gcloud: ['foo:]'], git: ['foo1'] },
  'a BOM': { paths: ['foo', 'bar'], text: '\ufefffoo\nbar', gcloud: ['bar'], git: ['foo', 'bar'] },
  ...Object.fromEntries(
    ['\f', '\v', '\x85', '\u2028', '\u2029'].map((character): [string, Row] => [
      `${JSON.stringify(character)} within a line`,
      {
        paths: ['foo', 'bar', `foo${character}bar`],
        text: `foo${character}bar`,
        gcloud: ['foo', 'bar'],
        git: [`foo${character}bar`],
      },
    ]),
  ),
  'a symbolic link to a directory': {
    paths: ['name'],
    text: 'name/',
    gcloud: ['name'],
    git: [],
    prepare: async top => {
      await mkdir(join(top, 'elsewhere'))
      await symlink('elsewhere', join(top, 'name'))
    },
  },
  'nested and private ignore files': {
    paths: ['sub/a.log', 'private.txt'],
    text: '# nothing',
    gcloud: [],
    git: ['sub/a.log', 'private.txt'],
    prepare: async top => {
      await writeFiles(top, { 'sub/.gitignore': '*.log\n', '.git/info/exclude': 'private.txt\n' })
    },
  },
  'global excludes': {
    paths: ['a.log'],
    text: '# nothing',
    gcloud: [],
    git: ['a.log'],
    prepare: async top => {
      await writeFile(join(top, '.git', 'global'), '*.log\n')
      await git(top, 'config', 'core.excludesFile', join(top, '.git', 'global'))
    },
  },
  'a tracked file': {
    paths: ['tracked.py', 'other.py'],
    text: '*.py',
    gcloud: ['tracked.py', 'other.py'],
    git: ['other.py'],
    prepare: top => git(top, 'add', '--force', 'tracked.py'),
  },
}

for (const [name, { paths, text, gcloud, git: ignored, prepare }] of Object.entries(rows)) {
  test(`gcloud and git differ: ${name}`, async () => {
    await using folder = await temporaryFolder()
    const top = folder.path
    await git(top, 'init', '--quiet')
    const isLink = name.startsWith('a symbolic link')
    await writeFiles(top, { '.gcloudignore': text, '.gitignore': text })
    if (!isLink) await writeFiles(top, Object.fromEntries(paths.map(path => [path, ''])))
    await prepare?.(top)
    const rules = await uploadRules(top)
    expect(paths.filter(path => rules.explain(path as Path, isLink) !== null)).toEqual(gcloud)
    expect(await checkIgnore(top, paths)).toEqual(ignored)
  })
}

async function checkIgnore(top: string, paths: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await execa('git', ['check-ignore', '-z', '--stdin'], {
    cwd: top,
    input: paths.join('\0'),
    reject: false,
    env: { GIT_CONFIG_SYSTEM: '/dev/null', GIT_CONFIG_GLOBAL: '/dev/null' },
  })
  return stdout.split('\0').filter(path => path !== '')
}
