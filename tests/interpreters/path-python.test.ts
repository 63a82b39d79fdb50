import { chmod, copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathPython } from '../../src/interpreters/path-python.ts'
import type { Environment } from '../../src/model/environment.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { needsPosix } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const script = '#!/bin/sh\necho must not be run >&2\nexit 1\n'

test('none where there is none', async () => {
  await using folder = await temporaryFolder()
  expect(await pathPython({ environment: { PATH: folder.path } })).toBeNull()
  expect(await pathPython({ environment: {} })).toBeNull()
})

test('a script that is called so is not taken at its word', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'python3'), script)
  await chmod(join(folder.path, 'python3'), 0o755)
  expect(await pathPython({ environment: { PATH: folder.path } })).toBeNull()
})

testNeeding(needsPosix, needsNative('3.11', '3.12'))(
  'the first on PATH, and behind a shim of pyenv what it is set to',
  async () => {
    await using folder = await temporaryFolder()
    const [bin, shims] = ['bin', 'pyenv/shims'].map(name => join(folder.path, name)) as [string, string]
    await mkdir(bin)
    await mkdir(shims, { recursive: true })
    await symlink(nativePython('3.11')!.executable!, join(bin, 'python3'))
    await writeFile(join(shims, 'python3'), script)
    for (const minor of ['3.11', '3.12']) {
      const { version, executable } = nativePython(minor)!
      await mkdir(join(folder.path, 'pyenv/versions', version, 'bin'), { recursive: true })
      await symlink(executable!, join(folder.path, 'pyenv/versions', version, 'bin/python3'))
    }
    const newer = nativePython('3.12')!.version
    await writeFile(join(folder.path, 'pyenv/version'), `${newer}\n${nativePython('3.11')!.version}\n`)

    const from = 'python3 on PATH'
    const older = nativePython('3.11')!.version
    const by = (environment: Environment) => pathPython({ environment })
    expect(await by({ PATH: `${bin}:${shims}` })).toEqual({ version: older, from })
    expect(await by({ PATH: `${shims}:${bin}` })).toEqual({ version: newer, from })
    expect(await by({ PATH: shims, PYENV_VERSION: older })).toEqual({ version: older, from })
    expect(await by({ PATH: shims, PYENV_VERSION: '../../bin' })).toBeNull()
    expect(await by({ PATH: shims, PYENV_VERSION: 'system' })).toBeNull()
  },
)

testNeeding(needsPosix, needsNative('3.11', '3.12'))(
  'behind a shim of asdf or mise, what its variable or the .tool-versions of the user names',
  async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    const [older, newer] = [nativePython('3.11')!, nativePython('3.12')!]
    for (const manager of ['asdf', 'mise']) {
      await mkdir(at(`${manager}/shims`), { recursive: true })
      for (const { version, executable } of [older, newer]) {
        await mkdir(at(`${manager}/installs/python/${version}/bin`), { recursive: true })
        await symlink(executable!, at(`${manager}/installs/python/${version}/bin/python3`))
      }
    }
    await writeFile(at('asdf/shims/python3'), script)
    // mise has one program behind all its shims.
    await copyFile(process.execPath, at('mise/program'))
    await symlink('../program', at('mise/shims/python3'))
    await writeFile(at('.tool-versions'), `nodejs 20.1.0\npython ${newer.version} ${older.version} system\n`)

    const from = 'python3 on PATH'
    for (const [manager, name] of [
      ['asdf', 'ASDF_PYTHON_VERSION'],
      ['mise', 'MISE_PYTHON_VERSION'],
    ] as const) {
      const environment = { PATH: at(`${manager}/shims`), HOME: folder.path }
      expect(await pathPython({ environment })).toEqual({ version: newer.version, from })
      const set = { ...environment, [name]: older.version }
      expect(await pathPython({ environment: set })).toEqual({ version: older.version, from })
      expect(await pathPython({ environment: { ...environment, [name]: '9.9.9' } })).toBeNull()
    }
  },
)

testNeeding(needsPosix, needsNative('3.11'))(
  'one in the repository is not run; one that its .venv leads to is',
  async () => {
    await using folder = await temporaryFolder()
    const bin = join(folder.path, '.venv/bin')
    await mkdir(bin, { recursive: true })
    const { version, executable } = nativePython('3.11')!
    await symlink(executable!, join(bin, 'python3'))
    const search = { environment: { PATH: bin }, repository: folder.path }
    expect(await pathPython(search)).toEqual({ version, from: 'python3 on PATH' })
    await rm(join(bin, 'python3'))
    await copyFile(executable!, join(bin, 'python3'))
    await chmod(join(bin, 'python3'), 0o755)
    expect(await pathPython(search)).toBeNull()
  },
)
