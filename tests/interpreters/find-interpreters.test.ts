import { mkdir, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, delimiter, dirname, join, relative } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { interpreterAt } from '../../src/interpreters/interpreter-at.ts'
import { surveyNatives } from '../../src/interpreters/survey-natives.ts'
import { VerifierError } from '../../src/model/errors.ts'
import type { LeftOut } from '../../src/model/machine.ts'
import { testNeeding } from '../support/needs.ts'
import { type Behaviour, needsLinux, needsPosix, writeProgram } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const natives = await findInterpreters({ environment: process.env, allow: 'native' })
const native = natives.at(-1)
const python = { name: 'a CPython', present: native !== undefined }

testNeeding(needsPosix, python)('one of each version, by version, under whatever name it lies', async () => {
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
  const found = await findInterpreters({ environment, root: folder.path, allow: 'native' })
  expect(found).toEqual([...new Set([natives[0], native])])
})

testNeeding(needsPosix, python)('no relative folder of PATH is looked into', async () => {
  await using folder = await temporaryFolder()
  await link(native!.executable!, join(folder.path, 'python3'))
  const environment = { PATH: `${relative(process.cwd(), folder.path)}${delimiter}${delimiter}.` }
  expect(await findInterpreters({ environment, root: folder.path, allow: 'native' })).toEqual([])
})

/** What is no CPython that can be asked, by the name it goes by, and what is said of it. */
const faults: Readonly<Record<string, readonly [Behaviour, string]>> = {
  python: [{ says: 'rubbish\n' }, 'it does not say that it is a Python'],
  python3: [{ says: answer({ implementation: 'pypy' }) }, 'it is no CPython: it says it is pypy, of Python 3.11.7'],
  'python3.5': [{ says: answer({ version: '3.5.2' }) }, 'it is CPython 3.5.2; 2.7, and 3.6 and later can be asked'],
  'python3.6': [{ says: answer({ version: '3.6.15\u001b[2J' }) }, 'it does not say that it is a Python'],
  'python3.7': [{ says: answer({ traits: '64-bit' }) }, 'it does not say that it is a Python'],
  'python3.8': [{ says: answer({}), times: 2 }, 'it does not say that it is a Python'],
  'python3.9': [{ says: 'null\n' }, 'it does not say that it is a Python'],
  'python3.10': [{ says: answer({}), sleeps: true }, 'it does not answer as a Python does'],
  'python3.11': [{ says: 'x'.repeat(1 << 20), times: 100 }, 'it does not answer as a Python does'],
  'python3.12': [{}, 'it does not say that it is a Python'],
  'python3.13': [{ says: answer({}), times: Infinity }, 'it does not answer as a Python does'],
}

/** Expects that these, alone in a folder, are left out for what they are. */
async function expectLeftOut(names: readonly string[], timeLimit: number): Promise<void> {
  await using folder = await temporaryFolder()
  const expected: LeftOut[] = []
  for (const name of names) {
    const [behaviour, reason] = faults[name]!
    await writeProgram(join(folder.path, name), behaviour)
    expected.push({ path: join(folder.path, name), from: 'PATH', reason })
  }
  const { found, leftOut } = await surveyNatives({ ...alone(folder.path), timeLimit })
  expect(found).toEqual([])
  expect(leftOut.toSorted(byPath)).toEqual(expected.toSorted(byPath))
}

const hanging = Object.keys(faults).filter(name => faults[name]![0].sleeps)

testNeeding(needsLinux)('what prints rubbish or too much, claims to be another or lies is left out', () =>
  expectLeftOut(
    Object.keys(faults).filter(name => !hanging.includes(name)),
    60_000,
  ),
)

testNeeding(needsLinux)('what hangs is left out', () => expectLeftOut(hanging, 1000))

testNeeding(needsLinux)('what cannot be run is left out, and nothing of it is started', async () => {
  await using folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  await mkdir(at('python'))
  await symlink(at('gone'), at('python3'))
  await symlink('python3.6', at('python3.6'))
  await writeProgram(at('python3.7'), { says: answer({}) }, 0o644)
  await writeFile(at('python3.8'), 'print()\n', { mode: 0o755 })
  await writeFile(at('python3.9'), '', { mode: 0o755 })
  await symlink('/dev/zero', at('python3.10'))
  await writeProgram(at('mise'), { says: answer({}) })
  await symlink('mise', at('python3.11'))
  await execa('mkfifo', [at('python3.12')])
  await writeFile(at('python3.13'), `#!/bin/sh\n: > ${at('started')}\n`, { mode: 0o755 })
  const { found, leftOut } = await surveyNatives(alone(folder.path))
  expect(found).toEqual([])
  expect(Object.fromEntries(leftOut.map(({ path, reason }) => [basename(path), reason]))).toEqual({
    python: 'it is no file',
    python3: 'it leads nowhere',
    'python3.6': 'it leads nowhere',
    'python3.7': 'it may not be run',
    'python3.8': 'it is no program',
    'python3.9': 'it is no program',
    'python3.10': 'it is no file',
    'python3.11': 'it leads to mise, which is not called a Python',
    'python3.12': 'it is no file',
    'python3.13': 'it is a script, and no script is run',
  })
  await expect(stat(at('started'))).rejects.toThrow('ENOENT')
})

testNeeding(needsLinux)('among 200 candidates the one CPython is found', async () => {
  await using folder = await temporaryFolder()
  for (let minor = 100; minor < 300; minor++) {
    await writeProgram(join(folder.path, `python3.${minor}`), { says: minor === 250 ? answer({}) : 'no\n' })
  }
  const { found, leftOut } = await surveyNatives(alone(folder.path))
  expect(found.map(({ executable }) => executable)).toEqual([join(folder.path, 'python3.250')])
  expect(leftOut).toHaveLength(199)
})

testNeeding(needsLinux)(
  'of two builds of one version the first on PATH is kept, whatever sets them apart',
  async () => {
    await using folder = await temporaryFolder()
    const builds = {
      ordinary: ['64-bit'],
      free: ['64-bit', 'free-threaded', 'abi t'],
      debug: ['64-bit', 'debug', 'abi d'],
    }
    for (const [name, traits] of Object.entries(builds)) {
      await writeProgram(join(folder.path, name, 'python3.13t'), { says: answer({ traits }) })
    }
    const orders = [
      ['ordinary', 'free', 'debug'],
      ['free', 'debug', 'ordinary'],
      ['debug', 'ordinary', 'free'],
    ]
    const kept = []
    for (const order of orders) {
      const PATH = order.map(name => join(folder.path, name)).join(delimiter)
      const { found, leftOut } = await surveyNatives({ environment: { PATH }, root: folder.path })
      kept.push(...found)
      expect(leftOut).toEqual(
        order.slice(1).map(name => ({
          path: join(folder.path, name, 'python3.13t'),
          from: 'PATH',
          reason: 'CPython 3.11.7 was found before, from PATH',
        })),
      )
    }
    expect(kept.map(({ executable }) => basename(dirname(executable!)))).toEqual(['ordinary', 'free', 'debug'])
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(['native-3.11.7']))
    expect(new Set(kept.map(({ build }) => build)).size).toBe(3)
  },
)

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

/** A search of this folder alone. */
function alone(folder: string) {
  return { environment: { PATH: folder }, root: folder }
}

/** What a CPython 3.11.7 says of itself, but for what is given. */
function answer(differing: Readonly<Record<string, unknown>>): string {
  const identity = {
    implementation: 'cpython',
    version: '3.11.7',
    cacheTag: 'cpython-311',
    magic: 'a70d0d0a',
    platform: 'linux-x86_64',
    libc: 'glibc 2.36',
    traits: ['64-bit'],
    compiled: '(main, Jan 1 2026, 00:00:00) [GCC 12.2.0]',
  }
  return `${JSON.stringify({ ...identity, ...differing })}\n`
}

function byPath(a: LeftOut, b: LeftOut): number {
  return a.path < b.path ? -1 : 1
}
