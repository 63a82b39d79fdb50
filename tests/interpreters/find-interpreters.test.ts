import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { interpreterAt } from '../../src/interpreters/interpreter-at.ts'
import { VerifierError } from '../../src/model/errors.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const natives = await findInterpreters({ environment: process.env, allow: 'native' })
const native = natives.at(-1)
const posix = { name: 'a POSIX system', present: process.platform !== 'win32' }
const python = { name: 'a CPython', present: native !== undefined }

testNeeding(posix, python)('one of each version, by version, under whatever name it lies', async () => {
  await using folder = await temporaryFolder()
  const [first, second, pyenv] = ['first', 'second', 'pyenv'].map(name => join(folder.path, name)) as [
    string,
    string,
    string,
  ]
  await link(native!.executable!, join(first, 'python3.11'))
  await link(native!.executable!, join(first, 'python'))
  await link(native!.executable!, join(second, 'python3'))
  await link(natives[0]!.executable!, join(pyenv, 'versions', 'any', 'bin', 'python'))
  const environment = { PATH: [join(folder.path, 'nothing'), first, second].join(delimiter), PYENV_ROOT: pyenv }
  expect(await findInterpreters({ environment, allow: 'native' })).toEqual([...new Set([natives[0], native])])
})

testNeeding(posix, python)('no relative folder of PATH is looked into', async () => {
  await using folder = await temporaryFolder()
  await link(native!.executable!, join(folder.path, 'python3'))
  const environment = { PATH: `${relative(process.cwd(), folder.path)}${delimiter}${delimiter}.` }
  expect(await findInterpreters({ environment, allow: 'native' })).toEqual([])
})

testNeeding(posix)('what prints rubbish, claims too much, hangs or fails is left out, with a word', async () => {
  await using folder = await temporaryFolder()
  // Without `#!`, so that they are started: by the shell.
  const programs: Readonly<Record<string, string>> = {
    python: 'echo rubbish',
    python3: 'echo pypy 3.11.7',
    'python3.5': 'echo cpython 3.5.2',
    'python3.10': 'echo cpython 3.10.1; echo and more',
    'python3.11': '/bin/sleep 600',
    'python3.12': 'exit 3',
    'python3.13': 'while :; do echo cpython 3.13.1; done',
  }
  for (const [name, text] of Object.entries(programs)) await program(join(folder.path, name), `${text}\n`)
  const left: string[] = []
  const environment = { PATH: folder.path, HOME: folder.path }
  const log = (line: string) => void left.push(line)
  expect(await findInterpreters({ environment, allow: 'native', timeLimit: 1000, log })).toEqual([])
  for (const name of Object.keys(programs)) {
    expect(left.filter(line => line.startsWith(`${join(folder.path, name)} is left out: `))).toHaveLength(1)
  }
})

testNeeding(posix)('a script is not started: a shim of pyenv is no Python', async () => {
  await using folder = await temporaryFolder()
  const trace = join(folder.path, 'started')
  await program(join(folder.path, 'python3'), `#!/bin/sh\n: > ${trace}\necho cpython 3.11.7\n`)
  expect(await findInterpreters({ environment: { PATH: folder.path }, allow: 'native' })).toEqual([])
  await expect(stat(trace)).rejects.toThrow('ENOENT')
})

test('only those that are allowed', async () => {
  const allowed = async (allow: 'auto' | 'native' | 'embedded') => {
    const found = await findInterpreters({ environment: process.env, allow })
    return new Set(found.map(({ provider }) => provider))
  }
  expect(await allowed('embedded')).toEqual(new Set(['embedded']))
  expect((await allowed('native')).has('embedded')).toBe(false)
  expect(await allowed('auto')).toEqual(new Set(python.present ? ['native', 'embedded'] : ['embedded']))
})

testNeeding(python)('an interpreter named by its path', async () => {
  expect(await interpreterAt(native!.executable!)).toEqual(native)
})

test.each([process.execPath, dirname(process.execPath), join(process.execPath, 'nothing')])(
  '%s is none',
  async path => {
    const failure = await interpreterAt(path).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(VerifierError)
    expect(failure).toMatchObject({ code: 'interpreter-missing', message: expect.stringContaining(path) })
  },
)

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path)
}

async function program(path: string, text: string): Promise<void> {
  await writeFile(path, text)
  await chmod(path, 0o755)
}
