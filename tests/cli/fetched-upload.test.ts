import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tgzOf } from '../support/archives.ts'
import { firstbreak } from '../support/command-line.ts'
import { sha256 } from '../support/images.ts'
import { testNeeding } from '../support/needs.ts'
import { builtProgram } from '../support/program.ts'
import { needsPosix } from '../support/programs.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)
const files = { 'app/a.py': 'x = 1\n', 'b.py': 'y = 2\n' }
const url = 'gs://demo_cloudbuild/source/1782171765.77-7244c0.tgz'

beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), files)
  await mkdir(at('tmp'))
  await writeFile(at('object'), await tgzOf(files))
})
afterEach(() => folder[Symbol.asyncDispose]())

/** A gcloud that writes down what it was asked, and then does as the script says; `$6` is where the object is to go. */
async function fakeGcloud(script: string, place = 'bin'): Promise<void> {
  await mkdir(at(place), { recursive: true })
  await writeFile(at(`${place}/gcloud`), `#!/bin/sh\nprintf '%s\\n' "$@" >> ${at('calls')}\n${script}\n`)
  await chmod(at(`${place}/gcloud`), 0o755)
}

const environment = (path = at('bin')) => ({
  PATH: `${path}:${process.env.PATH}`,
  TMPDIR: at('tmp'),
  CLOUDSDK_CORE_ACCOUNT: 'me@example.com',
})
const offline = ['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12']
const run = (args: readonly string[], env = environment()) => firstbreak(at('repository'), [...args, ...offline], env)
const calls = async () => (await readFile(at('calls'), 'utf8').catch(() => '')).split('\n').slice(0, -1)
const left = () => readdir(at('tmp'))

testNeeding(needsPosix)('fetches the object with the gcloud of the user, and leaves nothing behind', async () => {
  await fakeGcloud(`cp ${at('object')} "$6"; ls -ld "$(dirname "$6")" > ${at('seen')}; env >> ${at('seen')}`)
  for (const object of [url, `${url}#1782171768501007`]) {
    const { code, out, err } = await run(['--upload', object, '--format', 'json'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const upload = JSON.parse(out).stages.find(({ name }: { name: string }) => name === 'upload')
    const reference = `${object}@sha256:${sha256(await readFile(at('object')))}`
    expect(upload).toMatchObject({ kind: 'archive', reference, pythonFiles: 2 })
    const asked = (await calls()).slice(-6)
    expect(asked.slice(0, 5)).toEqual(['storage', 'cp', '--do-not-decompress', '--quiet', object])
    expect(asked[5]).toMatch(`${at('tmp')}/firstbreak-`)
    expect(await left()).toEqual([])
  }
  const seen = await readFile(at('seen'), 'utf8')
  expect(seen).toMatch(/^drwx------/)
  expect(seen).toContain('CLOUDSDK_CORE_ACCOUNT=me@example.com')
})

for (const [name, script, message] of [
  [
    'fails',
    'echo one >&2; echo "ERROR: (gcloud.storage.cp) HTTPError 403: no access" >&2; exit 1',
    'HTTPError 403: no access',
  ],
  ['fails without a word', 'exit 3', 'it does not say why'],
  ['is killed', 'kill -9 $$', 'cannot fetch'],
  ['writes nothing', 'exit 0', 'wrote no file'],
  ['writes a folder', 'mkdir "$6"', 'wrote no file'],
  ['writes half and fails', 'echo half > "$6"; exit 1', 'cannot fetch'],
  ['writes what is no archive', 'echo text > "$6"', 'neither tar, nor gzip, nor zip'],
  ['writes half an archive', `head -c 100 ${'$OBJECT'} > "$6"`, 'cut off'],
] as const) {
  testNeeding(needsPosix)(`a gcloud that ${name} ends the run with 2`, async () => {
    await fakeGcloud(script.replace('$OBJECT', at('object')))
    const { code, out, err } = await run(['--upload', url])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).toContain(url)
    expect(err).not.toMatch(/bug in firstbreak|^ +at /m)
    expect(await left()).toEqual([])
  })
}

testNeeding(needsPosix)('so does one that cannot be started', async () => {
  await fakeGcloud('exit 0')
  await writeFile(at('bin/gcloud'), 'no program')
  const { code, err } = await run(['--upload', url])
  expect(code).toBe(2)
  expect(err).toMatch(/cannot (start|fetch).*gcloud|gcloud cannot fetch/)
  expect(await left()).toEqual([])
})

testNeeding(needsPosix)('without a gcloud, it says what to do, and a gcloud of the repository is not run', async () => {
  const git = await pathWithGitOnly()
  const missing = await run(['--upload', url], { ...environment(), PATH: git })
  expect(missing.code).toBe(2)
  expect(missing.err).toMatch(
    /no gcloud to fetch gs:\S+ with \(not on PATH\): install the Google Cloud CLI, or download/,
  )
  await fakeGcloud(`cp ${at('object')} "$6"`, 'repository/bin')
  const own = await run(['--upload', url], environment(at('repository/bin')))
  expect(own).toMatchObject({ code: 2, err: expect.stringContaining('the one on PATH lies in the repository') })
  expect(await calls()).toEqual([])
})

test.each([
  'gs://',
  'gs://bucket',
  'gs://bucket/',
  'gs://bucket/folder/',
  'gs://bucket/*.tgz',
  'gs://bucket/a?.tgz',
  'gs://bucket/[ab].tgz',
  'gs://bucket/a.tgz#',
  'gs://bucket/a.tgz#latest',
  'gs://-bucket/a.tgz',
  'gs://bucket/a\nb.tgz',
])('%j is no object', async object => {
  const { code, err } = await run(['--upload', object])
  expect(code).toBe(2)
  expect(err).toContain('is no object in Cloud Storage: write gs://bucket/object or gs://bucket/object#generation')
})

testNeeding(needsPosix)('a repository does not decide what is fetched', async () => {
  await fakeGcloud(`cp ${at('object')} "$6"`)
  await writeFile(at('repository/pyproject.toml'), `[tool.firstbreak]\nupload = "${url}"\n`)
  const { code, err } = await run([])
  expect(code).toBe(2)
  expect(err).toContain(`upload names an object to fetch, ${url}: give it as --upload instead`)
  expect(await calls()).toEqual([])
  expect((await run(['--upload', 'none'])).code).toBe(0)
})

for (const [name, script] of [
  ['hangs', 'echo half > "$6"; exec sleep 600'],
  ['hangs and will not end', `echo half > "$6"; trap '' TERM INT HUP; while :; do sleep 0.1; done`],
] as const) {
  testNeeding(needsPosix)(`a signal ends a gcloud that ${name}, and removes what it wrote`, async () => {
    await fakeGcloud(`echo $$ > ${at('pid')}.new; mv ${at('pid')}.new ${at('pid')}; ${script}`)
    const args = [await builtProgram(), '--repo', at('repository'), '--upload', url, ...offline]
    const child = spawn(process.execPath, args, { env: { ...process.env, ...environment(), TMPDIR: at('tmp') } })
    const ended = once(child, 'exit')
    while ((await left()).length === 0 || !(await readdir(folder.path)).includes('pid')) await setTimeout(20)
    child.kill('SIGTERM')
    expect(await ended).toEqual([143, null])
    expect((await left()).filter(each => each.startsWith('firstbreak-'))).toEqual([])
    const pid = Number(await readFile(at('pid'), 'utf8'))
    await expect.poll(() => isThere(pid)).toBe(false)
  })
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // there is no such process
  }
}

/** A folder in which git is all there is to start. */
async function pathWithGitOnly(): Promise<string> {
  await mkdir(at('only-git'))
  await writeFile(at('only-git/git'), `#!/bin/sh\nPATH='${process.env.PATH}' exec git "$@"\n`)
  await chmod(at('only-git/git'), 0o755)
  return at('only-git')
}
