import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathPython } from '../../src/interpreters/path-python.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const script = '#!/bin/sh\necho must not be run >&2\nexit 1\n'

test('none where there is none', async () => {
  await using folder = await temporaryFolder()
  expect(await pathPython({ PATH: folder.path })).toBeNull()
  expect(await pathPython({})).toBeNull()
})

test('a script that is called so is not taken at its word', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'python3'), script)
  await chmod(join(folder.path, 'python3'), 0o755)
  expect(await pathPython({ PATH: folder.path })).toBeNull()
})

testNeeding(needsNative('3.11', '3.12'))(
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
    expect(await pathPython({ PATH: `${bin}:${shims}` })).toEqual({ version: nativePython('3.11')!.version, from })
    expect(await pathPython({ PATH: `${shims}:${bin}` })).toEqual({ version: newer, from })
    const set = { PATH: shims, PYENV_VERSION: nativePython('3.11')!.version }
    expect(await pathPython(set)).toEqual({ version: nativePython('3.11')!.version, from })
    expect(await pathPython({ PATH: shims, PYENV_VERSION: '../../bin' })).toBeNull()
    expect(await pathPython({ PATH: shims, PYENV_VERSION: 'system' })).toBeNull()
  },
)
