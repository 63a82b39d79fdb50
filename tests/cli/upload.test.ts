import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { sha256 } from '../support/images.ts'
import { testNeeding } from '../support/needs.ts'
import { builtProgram } from '../support/program.ts'
import { needsPosix } from '../support/programs.ts'
import { makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('top'), {
    'app/a.py': 'x = 1\n',
    'app/b.py': 'y = 2\n',
    '.gitignore': '# made\nbuild/\n*.log\n',
  })
  await writeFiles(at('top'), { 'build/x.bin': 'x', 'build/deep/y.bin': 'y', 'app/run.log': '', '.env': 'KEY=1\n' })
  await mkdir(at('top/empty'))
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const python = ['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12']
const run = (...args: string[]) => firstbreak(at('top'), ['upload', ...args])

testNeeding(needsPosix)('what goes up, what stays by which rule, what it amounts to', async () => {
  await writeFiles(at('top'), { 'app/\u001b[31mred.py': '' })
  await symlink('app/a.py', at('top/link.py'))
  const { code, out, err } = await run()
  expect({ code, err }).toEqual({ code: 0, err: '' })
  await expect(out).toMatchFileSnapshot('runs/upload-list.txt')
  expect((await run('--list')).out).toBe(out)
  const json = await run('--format', 'json')
  expect(json.code).toBe(0)
  await expect(json.out).toMatchFileSnapshot('runs/upload-list-json.txt')
  expect((await run('--format', 'json')).out).toBe(json.out)
})

test('what is written is what verify then finds to be what it predicted', async () => {
  const { code, out } = await run('--write', '../source.tgz')
  const bytes = await readFile(at('source.tgz'))
  expect({ code, out }).toEqual({
    code: 0,
    out: `wrote   ../source.tgz\n        5 entries, ${bytes.length} bytes\nsha256  ${sha256(bytes)}\nsubmit  gcloud builds submit ../source.tgz\n`,
  })
  const verified = await firstbreak(at('top'), [...python, '--upload', '../source.tgz', '--format', 'json'])
  const report = JSON.parse(verified.out)
  expect([verified.code, report.outcome, report.findings]).toEqual([0, 'clean', []])
  const altered = report.hypotheses.find(({ id }: { id: string }) => id === 'bytes-altered-in-upload')
  expect(altered.state).toBe('refuted')
})

test('a .zip for run-deploy; a list beside it; JSON with what was written; names that a shell would take apart', async () => {
  const both = await run('--upload-as', 'run-deploy', '--write', "../it's.zip", '--list')
  expect(both.code).toBe(0)
  expect(both.out).toContain('gcloud run deploy --source, by ')
  expect(both.out).toContain("submit  gcloud builds submit '../it'\\''s.zip'\n")
  const json = await run('--upload-as', 'run-deploy', '--write', '../b.zip', '--format', 'json')
  const { archive, totals, command } = JSON.parse(json.out)
  expect({ command, archive, totals }).toMatchObject({
    command: 'run-deploy',
    archive: { file: '../b.zip', entries: 5, sha256: sha256(await readFile(at('b.zip'))) },
    totals: { entries: 5, files: 3 },
  })
  const verified = await firstbreak(at('top'), [...python, '--upload', '../b.zip', '--upload-as', 'run-deploy'])
  expect(verified.code).toBe(0)
})

test('where an archive must not go', async () => {
  await writeFiles(folder.path, { 'there.tgz': 'kept' })
  for (const [args, problem] of [
    [['--write', '../x.zip'], 'name it NAME.tgz or NAME.tar.gz'],
    [['--write', '../x.tgz', '--upload-as', 'run-deploy'], 'name it NAME.zip'],
    [['--write', '../.tgz'], 'name it NAME.tgz or NAME.tar.gz'],
    [['--write', 'x.tgz'], 'it would go up itself'],
    [['--write', 'app/x.tar.gz'], 'it would go up itself'],
    [['--write', '../there.tgz'], 'it is there already: name another, or pass --force'],
    [['--write', '../missing/x.tgz'], 'there is no folder to put it into'],
  ] as const) {
    const { code, out, err } = await run(...args)
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(problem) })
  }
  expect(await readFile(at('there.tgz'), 'utf8')).toBe('kept')
  expect(await readdir(folder.path)).toEqual(['there.tgz', 'top'])
  // What a rule drops may lie in the source, and what is given away may be replaced.
  expect((await run('--write', 'build/x.tgz')).code).toBe(0)
  expect((await run('--write', '../there.tgz', '--force')).code).toBe(0)
  expect((await run('--write', 'build/x.tgz')).code).toBe(2)
  await mkdir(at('folder.tgz'))
  expect((await run('--write', '../folder.tgz', '--force')).err).toContain('it is a folder')
})

test.each([
  [['--upload-as', 'jobs-deploy'], '--upload-as jobs-deploy: write builds-submit or run-deploy or'],
  [['--source', '../elsewhere'], '--source ../elsewhere'],
  [['--source', 'app/a.py'], 'is no directory of the working tree'],
  [['--format', 'xml'], 'Allowed choices are text, json'],
  [['stray'], 'too many arguments'],
])('%s is told to be wrong', async (args, problem) => {
  expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(problem) })
})

testNeeding(needsPosix)('what would stop gcloud is listed, and nothing is written', async () => {
  await symlink('nowhere', at('top/app/broken'))
  await writeFile(at('top/.gcloudignore'), '.git\n')
  const elsewhere = (...args: string[]) => firstbreak(folder.path, ['upload', '--repo', 'top', ...args])
  const listed = await elsewhere()
  expect(listed).toMatchObject({ code: 2, err: '' })
  expect(listed.out).toMatch(
    /\n\ngcloud builds submit would fail, and nothing go up\n {2}app\/broken: it is a symbolic link/,
  )
  const written = await elsewhere('--write', 'x.tgz')
  expect(written.code).toBe(2)
  expect(written.out).toMatch(/^gcloud builds submit would fail/)
  expect(written.err).toContain('"x.tgz" is not written, as gcloud would fail')
  expect(JSON.parse((await elsewhere('--format', 'json')).out).obstacles).toMatchObject([{ path: 'app/broken' }])
  expect(await readdir(folder.path)).toEqual(['top'])
  expect((await run()).out).toContain('broken  a symbolic link that leads nowhere, which gcloud leaves out')
})

test('what the project says of its upload counts, and how it is to be reported does not', async () => {
  const settings = '[tool.firstbreak]\nsource = "app"\nignore-file = "../.rules"\nformat = "json"\n'
  await writeFiles(at('top'), { 'pyproject.toml': settings, '.rules': 'b.py\n' })
  expect((await run()).err).toContain('ignore-file leads out of the source')
  await writeFiles(at('top'), { 'pyproject.toml': settings.replace('../', ''), 'app/.rules': 'b.py\n' })
  const { out } = await run()
  expect(out).toContain('b.py  b.py (.rules:1)')
  expect((await run('--source', '.')).out).not.toBe(out)
  const missing = await run('--ignore-file', 'gone')
  expect(missing).toMatchObject({ code: 0, err: expect.stringContaining('--ignore-file gone cannot be read') })
})

test('a bare repository has nothing to upload', async () => {
  const { code, err } = await firstbreak(at('top/.git'), ['upload'])
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('name its working tree') })
})

test('upload --help', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  await expect(out).toMatchFileSnapshot('runs/upload-help.txt')
})

testNeeding(needsPosix)('Ctrl-C leaves no half of an archive', async () => {
  const noise = Buffer.alloc(200_000_000)
  for (let at = 0; at < noise.length; at += 8) noise.writeDoubleLE(Math.sin(at), at)
  await writeFile(at('top/app/big.bin'), noise)
  const args = [await builtProgram(), 'upload', '--repo', at('top'), '--write', at('x.tgz')]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = once(child, 'close')
  while ((await readdir(folder.path)).length === 1) await setTimeout(5)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(await readdir(folder.path)).toEqual(['top'])
})
