import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage } from '../support/images.ts'
import { testNeeding } from '../support/needs.ts'
import { needsPosix } from '../support/programs.ts'
import { commitFiles, type Files, git, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const dockerfile = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n'
const ignore = { '.gcloudignore': '.git\n', Dockerfile: dockerfile, '.python-version': '3.12\n' }

/** The image of a tree that was copied to /app. */
async function imageOf(files: Files): Promise<void> {
  const copied = Object.fromEntries(Object.entries(files).map(([path, text]) => [`app/${path}`, text]))
  await saveImage(at('image.tar'), [{ 'etc/os-release': '' }, copied], { instructions: ['FROM', 'COPY . .'] })
}

/** What a person reads; the digits of commits are left out. */
async function run(...args: string[]): Promise<string> {
  const options = ['--interpreters', 'embedded', '--image', at('image.tar'), ...args]
  const { code, out, err } = await firstbreak(at('repository'), options, {})
  return `${err}${out}exit ${code}\n`
}
const withoutIds = (text: string) => text.replaceAll(/\b[0-9a-f]{8}\b/g, '<id>')

const old = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`app/m${i}.py`, `x = ${i}\n`]))
const changed = Object.fromEntries(Object.keys(old).map((path, i) => [path, `y = ${i}\n`]))
const kept = { 'app/kept.py': 'kept = 1\n', 'app/also.py': 'also = 1\n' }

test('a whole image of an older commit is one finding', async () => {
  await makeRepository(at('repository'), { ...ignore, ...kept, ...old })
  const first = await git(at('repository'), 'rev-parse', 'HEAD')
  await commitFiles(at('repository'), changed, 'second')
  await commitFiles(at('repository'), { 'app/new.py': 'new = 1\n' }, 'third')
  await imageOf({ ...kept, ...old })
  await expect(withoutIds(await run())).toMatchFileSnapshot('runs/stale-image.txt')

  const { findings, hypotheses } = JSON.parse((await run('--format', 'json')).replace(/exit 1\n$/, ''))
  const stale = findings.filter((each: { code: string }) => each.code === 'stale-in-image')
  expect(stale).toHaveLength(1)
  expect(stale[0].evidence.past).toMatchObject({ commit: first, behind: 2 })
  expect(stale[0].evidence.paths).toEqual(Object.keys(old).sort())
  expect(hypotheses.find((each: { id: string }) => each.id === 'stale-image')).toEqual({
    id: 'stale-image',
    explains: 12,
    state: 'confirmed',
    evidence: '12 files of 14 with the bytes of an earlier commit in the image',
  })
})

test('a stale file that the interpreter rejects keeps a finding of its own, with its sites', async () => {
  await makeRepository(at('repository'), { ...ignore, ...kept, 'app/a.py': 'x = (1\n', 'app/b.py': 'b = 1\n' })
  await commitFiles(at('repository'), { 'app/a.py': 'x = 1\n', 'app/b.py': 'b = 2\n' }, 'mended')
  await imageOf({ ...kept, 'app/a.py': 'x = (1\n', 'app/b.py': 'b = 1\n' })
  await expect(withoutIds(await run())).toMatchFileSnapshot('runs/stale-and-broken.txt')
})

test('one stale file beside one that a layer altered', async () => {
  await makeRepository(at('repository'), { ...ignore, ...kept, 'app/a.py': 'x = 1\n', 'app/b.py': 'b = 1\n' })
  await commitFiles(at('repository'), { 'app/a.py': 'x = 2\n' }, 'second')
  await imageOf({ ...kept, 'app/a.py': 'x = 1\n', 'app/b.py': 'b = 1 # by sed\n' })
  await expect(withoutIds(await run())).toMatchFileSnapshot('runs/stale-and-altered.txt')
})

test('in a shallow clone what is not found may lie behind its cut, and that is said', async () => {
  await makeRepository(at('origin'), { ...ignore, ...kept, 'app/a.py': 'x = 1\n' })
  await commitFiles(at('origin'), { 'app/a.py': 'x = 2\n' }, 'second')
  await git(folder.path, 'clone', '--quiet', '--depth=1', `file://${at('origin')}`, at('repository'))
  await imageOf({ ...kept, 'app/a.py': 'x = 1\n' })
  const out = (await run()).replaceAll(/\s+/g, ' ')
  expect(out).toContain('not-examined stale-image')
  expect(out).toContain('none of them in an earlier commit of this shallow clone')
  await git(at('repository'), 'fetch', '--quiet', '--unshallow')
  expect(await run()).toContain('confirmed     stale-image')
})

testNeeding(needsPosix)('what a link leads to, put in its place, is of no older commit', async () => {
  await makeRepository(at('repository'), { ...ignore, ...kept, 'app/real.py': 'real = 1\n' })
  await symlink('real.py', at('repository/app/link.py'))
  await git(at('repository'), 'add', '--all')
  await git(at('repository'), 'commit', '--quiet', '--message=Link it')
  await imageOf({ ...kept, 'app/real.py': 'real = 1\n', 'app/link.py': 'real = 1\n' })
  const { findings } = JSON.parse((await run('--format', 'json')).replace(/exit 0\n$/, ''))
  const linked = findings.filter(({ path }: { path: string }) => path === 'app/link.py')
  expect(linked).toMatchObject([{ code: 'altered-in-image', severity: 'warning' }])
  expect(linked[0].evidence.change).toBe('symlink-dereferenced')
})
