import { join } from 'node:path'
import type { Environment } from '../model/environment.ts'
import { folderVariable, homeFolder, namesIn, pathFolders } from './environment.ts'

/** A folder in which Pythons may lie, by their names. */
export interface PythonPlace {
  /** Who keeps it, for a person: `PATH`, `uv`. */
  readonly from: string
  readonly folder: string
}

/**
 * The folders of PATH, then those of each version manager, wherever the environment, and custom where it says nothing,
 * place them. `root` is the top of the file system.
 */
export async function pythonPlaces(environment: Environment, root: string): Promise<readonly PythonPlace[]> {
  const managed = Object.entries(managers).map(async ([from, installationsOf]) => {
    const folders = await installationsOf({ environment, home: homeFolder(environment), root })
    // Those for Windows keep python.exe at the top.
    return folders.flatMap(folder => [join(folder, 'bin'), folder]).map(folder => ({ from, folder }))
  })
  const onPath = pathFolders(environment).map(folder => ({ from: 'PATH', folder }))
  return [...onPath, ...(await Promise.all(managed)).flat()]
}

interface Machine {
  readonly environment: Environment
  readonly home: string | undefined
  readonly root: string
}

type Installations = (machine: Machine) => Promise<readonly string[]>

/** The folder of each Python that is installed, by who installed it. */
const managers: Readonly<Record<string, Installations>> = {
  // https://github.com/pyenv/pyenv#environment-variables
  pyenv: ({ environment, home }) =>
    within(folderVariable(environment, 'PYENV_ROOT') ?? below(home, '.pyenv'), 'versions'),
  // https://docs.astral.sh/uv/reference/storage/#python-versions
  uv: machine =>
    within(folderVariable(machine.environment, 'UV_PYTHON_INSTALL_DIR') ?? below(uvData(machine), 'python')),
  // https://asdf-vm.com/manage/configuration.html
  asdf: ({ environment, home }) =>
    within(folderVariable(environment, 'ASDF_DATA_DIR') ?? below(home, '.asdf'), 'installs', 'python'),
  // https://mise.jdx.dev/directories.html
  mise: machine => within(miseData(machine), 'installs', 'python'),
  conda: async ({ environment, home }) => {
    const usual = ['miniconda3', 'anaconda3', 'miniforge3'].map(name => below(home, name))
    const prefixes = [folderVariable(environment, 'CONDA_PREFIX'), ...usual].filter(prefix => prefix !== undefined)
    return (await Promise.all(prefixes.map(async prefix => [prefix, ...(await within(prefix, 'envs'))]))).flat()
  },
  Homebrew: async ({ root }) => {
    const prefixes = ['opt/homebrew', 'usr/local', 'home/linuxbrew/.linuxbrew'].map(prefix => join(root, prefix))
    const formulas = async (folder: string) =>
      (await within(folder)).filter(formula => /[\\/]python@[^\\/]+$/.test(formula))
    const installed = prefixes.map(async prefix => {
      const kept = (await formulas(join(prefix, 'Cellar'))).map(formula => within(formula))
      return [...(await formulas(join(prefix, 'opt'))), ...(await Promise.all(kept)).flat()]
    })
    return (await Promise.all(installed)).flat()
  },
  // https://github.com/pypa/manylinux
  '/opt/python': ({ root }) => within(join(root, 'opt/python')),
}

function uvData({ environment, home }: Machine): string | undefined {
  const roaming = folderVariable(environment, 'APPDATA')
  return roaming === undefined ? below(unixData(environment, home), 'uv') : join(roaming, 'uv', 'data')
}

function miseData({ environment, home }: Machine): string | undefined {
  const local = folderVariable(environment, 'LOCALAPPDATA') ?? unixData(environment, home)
  return folderVariable(environment, 'MISE_DATA_DIR') ?? below(local, 'mise')
}

function unixData(environment: Environment, home: string | undefined): string | undefined {
  return folderVariable(environment, 'XDG_DATA_HOME') ?? below(home, '.local/share')
}

function below(folder: string | undefined, name: string): string | undefined {
  return folder === undefined ? undefined : join(folder, name)
}

/** The full paths of what is in a folder, by name. */
async function within(folder: string | undefined, ...names: readonly string[]): Promise<readonly string[]> {
  if (folder === undefined) return []
  const directory = join(folder, ...names)
  return (await namesIn(directory)).map(name => join(directory, name))
}
