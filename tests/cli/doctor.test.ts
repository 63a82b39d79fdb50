import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { minorVersion } from '../../src/model/interpreter.ts'
import { firstbreak } from '../support/command-line.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { builtProgram } from '../support/program.ts'
import { needsLinux, needsPosix, writeProgram } from '../support/programs.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

interface Document {
  readonly canVerify: boolean
  readonly git: { readonly version: string | null }
  readonly interpreters: readonly { readonly id: string; readonly from: string; readonly path: string | null }[]
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[]
  readonly containerEngine: { readonly version: string | null; readonly absent: string | null }
  readonly gcloud: object
  readonly cache: object
}

testNeeding(needsNative('3.13'), needsLinux)(
  'says what a machine has, and runs nothing of the repository',
  async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    await makeRepository(at('repository'), { 'a.py': 'x = 1\n' })
    await mkdir(at('repository/.venv/bin'), { recursive: true })
    await writeFile(at('repository/.venv/pyvenv.cfg'), `home = ${dirname(nativePython('3.13')!.executable!)}\n`)
    const program = at('repository/.venv/bin/python')
    await copyFile(nativePython('3.13')!.executable!, program)
    await chmod(program, 0o755)
    await writeProgram(at('repository/.venv/bin/gcloud'), { says: 'Google Cloud SDK 1.0.0\n' })
    await writeProgram(at('.pyenv/versions/pypy3.10/bin/python3'), { says: pypy })
    const environment = {
      HOME: folder.path,
      PATH: at('repository/.venv/bin'),
      DOCKER_HOST: 'tcp://127.0.0.1:9',
      FIRSTBREAK_CACHE_DIR: at('cache'),
    }
    const json = await firstbreak(at('repository'), ['doctor', '--format', 'json'], environment)
    expect(json).toMatchObject({ code: 0, err: '' })
    const document = JSON.parse(json.out) as Document
    expect(document).toMatchObject({
      canVerify: true,
      containerEngine: { version: null, absent: expect.stringContaining('no answer') },
      gcloud: { version: null, absent: 'the one on PATH lies in the repository' },
      cache: { directory: '~/cache', writable: true },
    })
    expect(document.git.version).toMatch(/^\d+\.\d+/)
    const native = document.interpreters.find(({ from }) => from === '.venv')
    expect(native).toMatchObject({ id: nativePython('3.13')!.id, path: nativePython('3.13')!.executable })
    expect(document.interpreters.filter(({ from }) => from === 'firstbreak').length).toBeGreaterThan(3)
    expect(document.leftOut).toEqual(
      expect.arrayContaining([
        {
          path: '~/repository/.venv/bin/python',
          from: 'PATH',
          reason: 'it lies in the repository, of which nothing is run',
        },
        {
          path: '~/.pyenv/versions/pypy3.10/bin/python3',
          from: 'pyenv',
          reason: 'it is no CPython: it says it is pypy, of Python 3.10.14',
        },
      ]),
    )
    const text = await firstbreak(at('repository'), ['doctor'], environment)
    expect(text).toMatchObject({ code: 0, err: '' })
    for (const { id } of document.interpreters) expect(text.out).toContain(`  ${id} `)
    expect(text.out).not.toContain(folder.path)
  },
)

const pypy = JSON.stringify({
  implementation: 'pypy',
  version: '3.10.14',
  cacheTag: 'pypy310',
  magic: '42424242',
  platform: 'linux-x86_64',
  libc: '',
  traits: [],
  compiled: '',
})

test('exits 2 with no interpreter, and with no git', async () => {
  await using folder = await temporaryFolder()
  const nothing = { HOME: folder.path, PATH: folder.path, DOCKER_HOST: `unix://${join(folder.path, 'docker.sock')}` }
  const search = { environment: nothing, allow: 'native' } as const
  const run = await firstbreak(folder.path, ['doctor', '--interpreters', 'native'], nothing)
  // Where Homebrew has a Python, there is one whatever PATH says.
  expect(run.code).toBe((await findInterpreters(search)).length === 0 ? 2 : 0)

  const { exitCode, stdout, stderr } = await execa(process.execPath, [await builtProgram(), 'doctor'], {
    env: { ...nothing, SYSTEMROOT: process.env.SYSTEMROOT, FIRSTBREAK_CACHE_DIR: join(folder.path, 'cache') },
    extendEnv: false,
    reject: false,
  })
  expect(stderr).toBe('')
  expect(exitCode).toBe(2)
  expect(stdout).toContain('git               not on PATH')
})

test.each([
  ['an option that is none', ['--no-such-option'], '--no-such-option'],
  ['a format that is none', ['--format', 'xml'], 'xml'],
  ['more than it asks for', ['more'], 'too many arguments'],
])('%s exits 2', async (_name, args, message) => {
  const run = await firstbreak(process.cwd(), ['doctor', ...args])
  expect(run).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) })
})

testNeeding(needsPosix, needsNative('2.7', '3.6', '3.13'))(
  'verify --python all asks every minor version found',
  async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    await makeRepository(at('repository'), { 'a.py': 'x = 1\n' })
    await mkdir(at('bin'))
    for (const minor of ['2.7', '3.6', '3.13']) {
      await symlink(nativePython(minor)!.executable!, at(`bin/python${minor}`))
    }
    const environment = { ...process.env, HOME: folder.path, PYENV_ROOT: at('none'), PATH: at('bin') }
    const options = ['--format', 'json', '--interpreters', 'native', '--python', 'all', '--dev-python', '3.13']
    const { code, out } = await firstbreak(at('repository'), options, environment)
    expect(code).toBe(0)
    const { interpreters } = JSON.parse(out) as { interpreters: readonly { version: string }[] }
    const asked = interpreters.map(({ version }) => minorVersion(version))
    const found = await findInterpreters({ environment, allow: 'native' })
    expect(new Set(asked)).toEqual(new Set(found.map(({ version }) => minorVersion(version))))
    expect(asked).toEqual(expect.arrayContaining(['2.7', '3.6', '3.13']))
  },
)

testNeeding(needsNative('3.13'), needsLinux)('--python PATH is that build, not another of its version', async () => {
  await using folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  await makeRepository(at('repository'), { 'a.py': 'x = 1\n' })
  const native = nativePython('3.13')!
  const identity = { ...(JSON.parse(pypy) as object), implementation: 'cpython', version: native.version }
  await writeProgram(at('bin/python3'), { says: JSON.stringify(identity) })
  const environment = { ...process.env, HOME: folder.path, PATH: `${at('bin')}${delimiter}${process.env.PATH}` }
  const options = ['--interpreters', 'native', '--deploy-python', native.version, '--python', native.executable!]
  expect((await firstbreak(at('repository'), options, environment)).code).toBe(0)
  // The one that is first on PATH only says that it is one.
  expect((await firstbreak(at('repository'), options.slice(0, 4), environment)).code).toBe(2)
})
