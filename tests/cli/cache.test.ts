import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { userCacheFolder } from '../../src/cli/cache-directory.ts'
import { firstbreak } from '../support/command-line.ts'
import { makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), { 'a.py': 'x = 1\n', 'b.py': 'y = (\n' })
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const embedded = ['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12']

const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  firstbreak(at('repository'), args, environment)

const shown = (entries: RegExp, snapshots: RegExp) =>
  new RegExp(
    '^place      .*verdicts-1\nsize       \\d+\\.\\d MiB, of at most about 64\n' +
      `entries    ${entries.source}\nsnapshots  ${snapshots.source} MiB\n$`,
  )

test('a run fills it, another one says the same with it, and it can be shown and cleared', async () => {
  const place = { FIRSTBREAK_CACHE_DIR: at('cache') }
  expect((await run(['cache'], place)).out).toMatch(shown(/0/, /0, 0\.0/))
  await expect(readdir(at('cache'))).rejects.toThrow('ENOENT')
  const cold = await run(embedded, place)
  expect(cold).toMatchObject({ code: 1, err: '' })
  expect((await run(['cache'], place)).out).toMatch(shown(/[1-9]\d*/, /1, [1-9]\d*\.\d/))
  expect(await run(embedded, place)).toEqual(cold)
  expect(await run(['cache', 'clear'], place)).toMatchObject({
    code: 0,
    out: expect.stringMatching(shown(/0/, /0, 0\.0/)),
    err: '',
  })
  expect(await readdir(at('cache'))).toEqual([])
})

test('--cache-dir comes before the environment, and --no-cache before both', async () => {
  const place = { FIRSTBREAK_CACHE_DIR: at('of-environment') }
  await run([...embedded, '--cache-dir', '../of-option', '--no-cache'], place)
  await writeFiles(at('repository'), { 'pyproject.toml': '[tool.firstbreak]\nno-cache = true\n' })
  await run([...embedded, '--cache-dir', '../of-option'], place)
  expect(await readdir(folder.path)).toEqual(['repository'])
  await writeFiles(at('repository'), { 'pyproject.toml': '' })
  await run([...embedded, '--cache-dir', '../of-option'], place)
  expect(await readdir(folder.path)).toEqual(['of-option', 'repository'])
  expect((await run(['cache', '--cache-dir', '../of-option'], place)).out).toContain(at('of-option'))
})

test('a repository does not say where verdicts come from', async () => {
  await writeFiles(at('repository'), { 'pyproject.toml': '[tool.firstbreak]\ncache-dir = ".cache"\n' })
  const { code, err } = await run(embedded)
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining('cache-dir names a folder, .cache: give it as --cache-dir'),
  })
})

test('a place that cannot be used, or none, is said once and changes nothing of the report', async () => {
  const expected = await run([...embedded, '--no-cache'])
  await writeFile(at('file'), '')
  const { err, ...rest } = await run([...embedded, '--cache-dir', at('file/below')])
  expect(rest).toEqual({ code: expected.code, out: expected.out })
  expect(err.split('\n')).toEqual([
    expect.stringMatching(/^firstbreak: verdicts are not remembered, as .*file.below.* cannot be used: /),
    expect.stringMatching(
      /^firstbreak: embedded interpreters start slowly, as their memory is not kept in .*file.below/,
    ),
    '',
  ])
  const homeless = await run(embedded, { FIRSTBREAK_CACHE_DIR: '' })
  expect(homeless).toEqual({
    ...expected,
    err: 'firstbreak: verdicts are not remembered, as there is no home folder: pass --cache-dir\n',
  })
})

test('what is neither shown nor cleared', async () => {
  expect(await run(['cache', 'fill'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('fill') })
})

test.each<[NodeJS.Platform, Record<string, string>, string | null]>([
  ['linux', { HOME: '/home/me' }, join('/home/me', '.cache')],
  ['linux', { HOME: '/home/me', XDG_CACHE_HOME: '/var/me' }, '/var/me'],
  ['linux', { HOME: '/home/me', XDG_CACHE_HOME: 'relative' }, join('/home/me', '.cache')],
  ['linux', {}, null],
  ['darwin', { HOME: '/Users/me', XDG_CACHE_HOME: '/var/me' }, join('/Users/me', 'Library', 'Caches')],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }, 'C:\\Users\\me\\AppData\\Local'],
  ['win32', { HOME: '/home/me' }, null],
])("on %s with %o the user's cache folder is %s", (system, environment, expected) =>
  expect(userCacheFolder(environment, system)).toBe(expected),
)
