import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tgzOf } from '../../support/archives.ts'
import { firstbreak } from '../../support/command-line.ts'
import { saveImage } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { builtProgram } from '../../support/program.ts'
import { needsPosix } from '../../support/programs.ts'
import { makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const offline = ['--interpreters', 'embedded', '--dev-python', '3.12']
const skew = "x = f'{\n1}'\n"

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)

beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('top'), {
    'api/main.py': 'x = 1\n',
    'api/Dockerfile': 'FROM python:3.11\nCOPY . .\n',
    'old/a.py': skew,
  })
  await fakeGcloud('exit 0')
})
afterEach(() => folder[Symbol.asyncDispose]())

/** A gcloud that writes down what it was asked, and then does as the script says. */
async function fakeGcloud(script: string): Promise<void> {
  await mkdir(at('bin'), { recursive: true })
  await writeFile(at('bin/gcloud'), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${at('calls')}\n${script}\n`)
  await chmod(at('bin/gcloud'), 0o755)
}

const calls = () => readFile(at('calls'), 'utf8').catch(() => '')
async function gate(cwd: string, line: string, options: readonly string[] = []) {
  const env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH}` }
  return firstbreak(at(cwd), ['gate', ...offline, ...options, '--', ...line.split(' ')], env)
}

testNeeding(needsPosix)('what is clean is run as it was given, and its exit code is returned', async () => {
  await fakeGcloud('exit 7')
  const line = 'gcloud run deploy api --source api --set-env-vars A=--source'
  const { code, out, err } = await gate('top', line)
  expect({ code, out }).toEqual({ code: 7, out: '' })
  expect(err).toContain('CLEAN')
  expect(err).toContain('firstbreak: running gcloud run deploy …')
  expect(await calls()).toBe(`${line.slice('gcloud '.length)}\n`)
})

testNeeding(needsPosix)('an image that runs beside what is built could not be told of', async () => {
  const line = 'gcloud run deploy api --container a --source api --container b --image nginx'
  const { code, err } = await gate('top', line)
  expect(code).toBe(2)
  expect(err).toContain(
    'firstbreak: nginx runs beside it, and was not looked at\nfirstbreak: not run: gcloud run deploy …',
  )
  expect(await calls()).toBe('')
  expect(await gate('top', line, ['--on-undecided', 'allow'])).toMatchObject({ code: 0 })
})

testNeeding(needsPosix)('what is broken is not run, and reported as asked', async () => {
  await writeFiles(at('top'), { 'api/main.py': skew })
  const { code, out, err } = await gate('top', 'gcloud builds submit --tag x api', [
    '--format',
    `json=${at('report')}`,
    '--format',
    'text',
  ])
  expect({ code, out, calls: await calls() }).toEqual({ code: 1, out: '', calls: '' })
  expect(err).toContain('BROKEN')
  expect(err).toContain('firstbreak: not run: gcloud builds submit …')
  const { stages, findings } = JSON.parse(await readFile(at('report'), 'utf8'))
  expect(stages.map(({ name }: { name: string }) => name)).toEqual(['commit', 'worktree', 'upload'])
  expect(findings).toMatchObject([{ code: 'uncommitted-change', path: 'api/main.py' }])
})

testNeeding(needsPosix)('what is not sent does not stop it', async () => {
  expect(await gate('top', 'gcloud run deploy --source api')).toMatchObject({ code: 0 })
  // Broken on the Python that the whole of it is for.
  expect(await gate('top', 'gcloud run deploy --source .', ['--deploy-python', '3.11'])).toMatchObject({ code: 1 })
  expect(await gate('top/api', 'gcloud run deploy --source .')).toMatchObject({ code: 0 })
  expect(await gate('top/old', 'gcloud run deploy --source ../api')).toMatchObject({ code: 0 })
})

testNeeding(needsPosix)('the Python that the command asks for runs it', async () => {
  const deploy = 'gcloud functions deploy f --source old --runtime'
  expect(await gate('top', `${deploy} python311`)).toMatchObject({ code: 1 })
  expect(await gate('top', `${deploy} python312`)).toMatchObject({ code: 0 })
})

testNeeding(needsPosix)('the Python that a file of variables asks for runs it', async () => {
  const line = `gcloud run deploy f --source old --build-env-vars-file ${at('variables.yaml')}`
  expect(await gate('top', line)).toMatchObject({ code: 2, err: expect.stringContaining('cannot be read') })
  await writeFile(at('variables.yaml'), 'A: b\n"GOOGLE_PYTHON_VERSION": "3.11.7"\n')
  expect(await gate('top', line)).toMatchObject({ code: 1 })
  await writeFile(at('variables.yaml'), 'GOOGLE_PYTHON_VERSION: 3.12\n')
  expect(await gate('top', line)).toMatchObject({ code: 0 })
})

testNeeding(needsPosix)('an archive and an image are read where they are deployed as they are', async () => {
  const json = ['--format', `json=${at('report')}`]
  const stages = async () =>
    JSON.parse(await readFile(at('report'), 'utf8')).stages.map(({ kind }: { kind: string }) => kind)
  await writeFile(at('sent.tgz'), await tgzOf({ 'main.py': 'x = 1\n', Dockerfile: 'FROM python:3.11\n' }))
  const options = [...json, '--source', 'api']
  expect(await gate('top', `gcloud builds submit ${at('sent.tgz')} --tag x`, options)).toMatchObject({ code: 0 })
  expect(await stages()).toEqual(['git', 'worktree', 'archive'])
  await saveImage(at('image.tar'), [{ 'app/a.py': skew }], { environment: ['PYTHON_VERSION=3.11.9'] })
  expect(
    await gate('top', `gcloud run deploy api --image ${at('image.tar')}`, [...json, '--source', 'old']),
  ).toMatchObject({ code: 1 })
  expect(await stages()).toEqual(['git', 'worktree', 'docker-archive'])
})

testNeeding(needsPosix)('what cannot be told stops it, unless that is allowed', async () => {
  await symlink('nowhere', at('top/api/broken'))
  const line = 'gcloud builds submit --tag x api'
  expect(await gate('top', line)).toMatchObject({
    code: 2,
    err: expect.stringContaining('firstbreak: not run: gcloud'),
  })
  expect(await calls()).toBe('')
  expect(await gate('top', line, ['--on-undecided', 'allow'])).toMatchObject({ code: 0 })
  expect(await calls()).not.toBe('')
  await writeFiles(at('top'), { 'api/main.py': skew })
  expect(await gate('top', line, ['--on-undecided', 'allow'])).toMatchObject({ code: 1 })
})

testNeeding(needsPosix)('options that say otherwise are refused, and nothing is run', async () => {
  for (const [line, options, reason] of [
    ['gcloud run deploy --source api', ['--source', 'old'], '--source "old": gcloud run deploy says "api"'],
    ['gcloud run deploy --source api', ['--upload-as', 'builds-submit'], '--upload-as "builds-submit"'],
    ['gcloud run deploy --source nowhere', [], 'there is no "nowhere" here'],
    ['gcloud run deploy --source https://example.com/r.git', [], 'Google fetches it from where nobody looks here'],
    ['gcloud builds submit --config ../outside.yaml api', [], 'lies outside of the repository'],
    ['gcloud run deploy api', [], 'give it --source or --image'],
    ['', [], "missing required argument 'command'"],
  ] as const) {
    await writeFile(at('outside.yaml'), 'steps: []\n')
    const words = line === '' ? [] : ['--', ...line.split(' ')]
    const refused = await firstbreak(at('top'), ['gate', ...options, ...words], {
      ...process.env,
      PATH: `${at('bin')}:${process.env.PATH}`,
    })
    expect({ line, ...refused }).toMatchObject({ line, code: 2, err: expect.stringContaining(reason) })
  }
  expect(await calls()).toBe('')
})

testNeeding(needsPosix)('any other command is run after what the options say', async () => {
  const { code, err } = await gate('top', 'gcloud compute ssh', ['--source', 'api'])
  expect({ code, calls: await calls() }).toEqual({ code: 0, calls: 'compute ssh\n' })
  expect(err).toContain('what this command sends is not known here')
  const missing = await gate('top', 'no-such-program-here', ['--source', 'api'])
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('cannot run "no-such-program-here" (ENOENT)') })
})

testNeeding(needsPosix)("stdin, stdout and signals are the command's", async () => {
  await fakeGcloud('trap "echo stopped; exit 9" TERM; read line; echo "read $line"; while :; do sleep 0.1; done')
  const args = [
    'gate',
    ...offline,
    '--no-cache',
    '--repo',
    at('top'),
    '--',
    'gcloud',
    'run',
    'deploy',
    '--source',
    at('top/api'),
  ]
  const child = spawn(process.execPath, [await builtProgram(), ...args], {
    env: { ...process.env, PATH: `${at('bin')}:${process.env.PATH}` },
  })
  const out: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  const ended = once(child, 'close')
  child.stdin.write('a line\n')
  while (!Buffer.concat(out).toString().includes('read')) await setTimeout(20)
  child.kill('SIGTERM')
  expect(await ended).toEqual([9, null])
  expect(Buffer.concat(out).toString()).toBe('read a line\nstopped\n')
})

test('gate --help', async () => {
  const { code, out } = await firstbreak(folder.path, ['gate', '--help'])
  expect(code).toBe(0)
  await expect(out).toMatchFileSnapshot('../runs/gate-help.txt')
})
