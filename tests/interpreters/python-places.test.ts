import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { surveyNatives } from '../../src/interpreters/survey-natives.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { needsPosix } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary.ts'

/** Who keeps a Python, the variables that say where (`@` is the folder of the test, and the user's own), and where that is. */
const places: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['PATH', { PATH: '@/bin' }, 'bin/python3'],
  ['PATH', { PATH: '@/bin' }, 'bin/python3.13'],
  ['PATH', { PATH: '@/bin' }, 'bin/python3.13t'],
  ['PATH', { PATH: '@/bin' }, 'bin/python2.7'],
  ['PATH', { PATH: '@/bin' }, 'bin/python'],
  ['PATH', { Path: '@/bin' }, 'bin/python.exe'],
  ['pyenv', {}, '.pyenv/versions/3.13.0/bin/python'],
  ['pyenv', { PYENV_ROOT: '@/elsewhere' }, 'elsewhere/versions/3.13.0/bin/python3.13'],
  ['pyenv', { PYENV_ROOT: '@/pyenv-win' }, 'pyenv-win/versions/3.13.0/python.exe'],
  ['uv', {}, '.local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3.13'],
  ['uv', { XDG_DATA_HOME: '@/data' }, 'data/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3'],
  ['uv', { UV_PYTHON_INSTALL_DIR: '@/uv' }, 'uv/cpython-3.13.0+freethreaded-linux-x86_64-gnu/bin/python3.13t'],
  ['uv', { APPDATA: '@/Roaming' }, 'Roaming/uv/data/python/cpython-3.13.0-windows-x86_64-none/python.exe'],
  ['asdf', {}, '.asdf/installs/python/3.13.0/bin/python3'],
  ['asdf', { ASDF_DATA_DIR: '@/asdf' }, 'asdf/installs/python/3.13.0/bin/python3'],
  ['mise', {}, '.local/share/mise/installs/python/3.13.0/bin/python3'],
  ['mise', { XDG_DATA_HOME: '@/data' }, 'data/mise/installs/python/3.13.0/bin/python3'],
  ['mise', { MISE_DATA_DIR: '@/mise' }, 'mise/installs/python/3.13.0/bin/python3'],
  ['mise', { LOCALAPPDATA: '@/Local' }, 'Local/mise/installs/python/3.13.0/python.exe'],
  ['conda', { CONDA_PREFIX: '@/conda/envs/work' }, 'conda/envs/work/bin/python3.13'],
  ['conda', { CONDA_PREFIX: '@/conda' }, 'conda/envs/work/bin/python'],
  ['conda', {}, 'miniconda3/bin/python3.13'],
  ['conda', {}, 'anaconda3/envs/work/bin/python3.13'],
  ['conda', {}, 'miniforge3/envs/work/bin/python'],
  ['conda', {}, 'miniforge3/envs/work/python.exe'],
  ['Homebrew', {}, 'opt/homebrew/opt/python@3.13/bin/python3.13'],
  ['Homebrew', {}, 'opt/homebrew/Cellar/python@3.13/3.13.0_1/bin/python3.13'],
  ['Homebrew', {}, 'usr/local/Cellar/python@3.13/3.13.0/bin/python3.13'],
  ['Homebrew', {}, 'home/linuxbrew/.linuxbrew/opt/python@3.13/bin/python3.13'],
  ['/opt/python', {}, 'opt/python/cp313-cp313/bin/python3.13'],
]

for (const [from, variables, path] of places) {
  testNeeding(needsPosix, needsNative('3.13'))(`${from}: ${path} ${Object.keys(variables)}`, async () => {
    await using folder = await temporaryFolder()
    await link(join(folder.path, path))
    const set = Object.entries(variables).map(([name, value]) => [name, value.replace('@', folder.path)])
    const environment = { HOME: folder.path, ...Object.fromEntries(set) }
    const { found } = await surveyNatives({ environment, root: folder.path })
    expect(found).toEqual([{ ...nativePython('3.13'), from }])
  })
}

/** Where nothing is looked for, though something is there. */
const elsewhere: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['another name', { PATH: '@/bin' }, 'bin/python3-config'],
  ['a name with more behind it', { PATH: '@/bin' }, 'bin/python3.13-gdb.py'],
  ['another folder of the user', {}, 'bin/python3'],
  ['the usual folder, when the variable says otherwise', { PYENV_ROOT: '@/x' }, '.pyenv/versions/3.13.0/bin/python'],
  ['another formula of Homebrew', {}, 'opt/homebrew/Cellar/pypy3.10/7.3.17/bin/python3'],
  ['a relative folder', { CONDA_PREFIX: 'tests' }, 'bin/python3'],
]

for (const [title, variables, path] of elsewhere) {
  testNeeding(needsPosix, needsNative('3.13'))(`not in ${title}: ${path}`, async () => {
    await using folder = await temporaryFolder()
    await link(join(folder.path, path))
    const set = Object.entries(variables).map(([name, value]) => [name, value.replace('@', folder.path)])
    const environment = { HOME: folder.path, ...Object.fromEntries(set) }
    expect(await surveyNatives({ environment, root: folder.path })).toEqual({ found: [], leftOut: [] })
  })
}

testNeeding(needsPosix, needsNative('3.12', '3.13'))(
  'PATH comes first, and a folder that stands in it twice is named once',
  async () => {
    await using folder = await temporaryFolder()
    const bin = join(folder.path, 'bin')
    await link(join(bin, 'python3.13'))
    await link(join(folder.path, '.pyenv/versions/3.13.0/bin/python'))
    await link(join(folder.path, '.asdf/installs/python/3.12.1/bin/python'), '3.12')
    await symlink('nowhere', join(bin, 'python3'))
    const environment = { PATH: `${bin}:${bin}/:${bin}`, HOME: folder.path }
    expect(await surveyNatives({ environment, root: folder.path })).toEqual({
      found: [
        { ...nativePython('3.12'), from: 'asdf' },
        { ...nativePython('3.13'), from: 'PATH' },
      ],
      leftOut: [{ path: join(bin, 'python3'), from: 'PATH', reason: 'it leads nowhere' }],
    })
  },
)

async function link(path: string, minor = '3.13'): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(nativePython(minor)!.executable!, path)
}
