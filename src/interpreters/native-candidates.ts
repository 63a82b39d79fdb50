import { platform } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../model/environment.ts'
import type { LeftOut } from '../model/machine.ts'
import { namesIn } from './environment.ts'
import { firstOnPath } from './first-on-path.ts'
import { type Program, programAt, pythonProgramAt } from './program-at.ts'
import { pythonPlaces } from './python-places.ts'
import { assertMayBeRun, isInside, realPath } from './run-permission.ts'
import { virtualEnvironmentFolders } from './virtual-environment.ts'
import { launcherPythons } from './windows-launcher.ts'

const pythonName = /^python(?:3(?:\.\d+)?[td]{0,2}|2\.7)?(?:\.exe)?$/i

/** Milliseconds that the launcher of Windows has. */
const launcherLimit = 10_000

export interface CandidateSearch {
  readonly environment: Environment
  /** The repository that is looked at; null where there is none. */
  readonly repository: string | null
  /** The top of the file system. */
  readonly root: string
}

/** A program that is called like a Python, and who keeps it. */
export interface Candidate {
  readonly program: Program
  readonly from: string
}

/** A path, and whether it is the repository that names it. */
interface Name {
  readonly path: string
  readonly from: string
  readonly byRepository: boolean
}

/**
 * The programs that may be CPythons, each once, however many names and links lead to it: by name on PATH, in its order,
 * then behind the repository's `.venv`, then those of the version managers; and what is called so and is left out, because
 * it is no program, or is not to be run (`assertMayBeRun`). None of them has been run.
 */
export async function nativeCandidates(
  search: CandidateSearch,
): Promise<{ readonly candidates: readonly Candidate[]; readonly leftOut: readonly LeftOut[] }> {
  const repository = search.repository === null ? null : await realPath(search.repository)
  const names = [...(await namesInPlaces(search, repository)), ...(await namesOfLauncher(search, repository))]
  const trusted = names.filter(({ byRepository }) => !byRepository)
  const elsewhere = new Set(await Promise.all(trusted.map(({ path }) => realPath(path))))
  const isFoundElsewhere = (path: string) => elsewhere.has(path)
  const candidates = new Map<string, Candidate>()
  const leftOut: LeftOut[] = []
  for (const { path, from, byRepository } of names) {
    try {
      const program = await pythonProgramAt(path)
      assertMayBeRun(program, { repository, byRepository, isFoundElsewhere })
      if (!candidates.has(program.path)) candidates.set(program.path, { program, from })
    } catch (error) {
      leftOut.push({ path, from, reason: (error as Error).message })
    }
  }
  return { candidates: [...candidates.values()], leftOut }
}

async function namesInPlaces({ environment, root }: CandidateSearch, repository: string | null): Promise<Name[]> {
  const folders = repository === null ? [] : await virtualEnvironmentFolders(join(repository, '.venv'))
  const places = await pythonPlaces(environment, root)
  const all = [
    ...places.filter(({ from }) => from === 'PATH').map(place => ({ ...place, byRepository: false })),
    ...folders.map(folder => ({ from: '.venv', folder, byRepository: true })),
    ...places.filter(({ from }) => from !== 'PATH').map(place => ({ ...place, byRepository: false })),
  ]
  const seen = new Set<string>()
  const names: Name[] = []
  for (const { from, folder, byRepository } of all) {
    const real = await realPath(folder)
    const isOfRepository = byRepository || (repository !== null && isInside(repository, real))
    // A folder that the repository names may be one that counts for more under another name.
    const key = `${isOfRepository} ${real}`
    const pythons = seen.has(key) ? [] : (await namesIn(folder)).filter(name => pythonName.test(name))
    names.push(...pythons.map(name => ({ path: join(folder, name), from, byRepository: isOfRepository })))
    seen.add(key)
  }
  return names
}

/** On Windows, what its launcher lists. */
async function namesOfLauncher({ environment }: CandidateSearch, repository: string | null): Promise<Name[]> {
  const launcher = platform() === 'win32' ? await firstOnPath(environment, /^py\.exe$/i) : null
  if (launcher === null) return []
  try {
    const program = await programAt(launcher)
    assertMayBeRun(program, { repository, byRepository: false, isFoundElsewhere: () => true })
    const listed = await launcherPythons(program.path, launcherLimit)
    return listed.map(path => ({ path, from: 'py launcher', byRepository: false }))
  } catch {
    return [] // it lists nothing more; what lies on PATH is found without it
  }
}
