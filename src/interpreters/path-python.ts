import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Environment } from '../model/environment.ts'
import type { DeclaredVersion } from '../model/interpreter.ts'
import { homeFolder, variable } from './environment.ts'
import { firstOnPath } from './first-on-path.ts'
import { identityOf, openIdentities } from './identities.ts'
import { type Program, pythonProgramAt } from './program-at.ts'
import { nativeInterpreter } from './python-identity.ts'
import { assertMayBeRun, isInside, realPath } from './run-permission.ts'
import type { NativeSearch } from './survey-natives.ts'

/**
 * The version of the CPython that `python3` starts in a shell of this environment; null when there is none. A shim of pyenv,
 * asdf or mise is not run: it is followed to the version that its manager is set to, by the environment or for all folders.
 */
export async function pathPython(search: Omit<NativeSearch, 'root'>): Promise<DeclaredVersion | null> {
  const { environment, cacheDirectory = null, timeLimit = 10_000 } = search
  const found = await firstOnPath(environment, /^python3(?:\.exe)?$/i)
  if (found === null) return null
  const repository = search.repository == null ? null : await realPath(search.repository)
  const byRepository = repository !== null && isInside(repository, await realPath(dirname(found)))
  try {
    const program = await pythonProgramAt(found).catch(() => behindShim(found, environment))
    assertMayBeRun(program, { repository, byRepository, isFoundElsewhere: () => false })
    const identities = await openIdentities(cacheDirectory)
    const identity = await identityOf(program, { identities, timeLimit })
    await identities.save()
    return { version: nativeInterpreter(identity, program.path).version, from: 'python3 on PATH' }
  } catch {
    return null // it is called so and is no CPython that may be asked, so it says nothing of a version
  }
}

/** Where managers that keep `shims` keep, beside them, their Pythons, and what tells which of those is used. */
const managers: readonly {
  readonly versions: string
  readonly set: (root: string, by: Environment) => Promise<string>
}[] = [
  {
    versions: 'versions',
    set: async (root, environment) => variable(environment, 'PYENV_VERSION') ?? (await textOf(join(root, 'version'))),
  },
  {
    versions: join('installs', 'python'),
    set: async (_root, environment) =>
      variable(environment, 'ASDF_PYTHON_VERSION') ??
      variable(environment, 'MISE_PYTHON_VERSION') ??
      /^python[ \t]+(\S+)/m.exec(await textOf(join(homeFolder(environment) ?? '/', '.tool-versions')))?.[1] ??
      '',
  },
]

/** @throws Error when it is no shim, or its manager is set to nothing that is there. */
async function behindShim(shim: string, environment: Environment): Promise<Program> {
  const root = dirname(dirname(shim))
  for (const { versions, set } of managers) {
    const [version = ''] = (await set(root, environment)).trim().split(/[\s:]+/)
    const python = join(root, versions, version, 'bin', 'python3')
    const program = /^\w[\w.-]*$/.test(version) ? await pythonProgramAt(python).catch(() => null) : null
    if (program !== null) return program
  }
  throw new Error('it is no shim of a version that is there')
}

/** Empty when there is no such file. */
async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
