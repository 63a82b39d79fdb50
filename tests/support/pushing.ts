import { copyFile, mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { afterAll } from 'vitest'
import { programOnPath } from './program.ts'
import { type Files, git, makeRepository } from './repository.ts'
import { temporaryFolder } from './temporary.ts'

/** Of one test file: the program as it ships, which starts fast, and what it keeps from run to run. */
let built: Promise<Built> | undefined
afterAll(async () => (await built)?.folder[Symbol.asyncDispose]())

interface Built {
  readonly folder: Awaited<ReturnType<typeof temporaryFolder>>
  /** Holds firstbreak alone, and goes to the front of PATH. */
  readonly bin: string
}

export async function builtProgram(): Promise<Built> {
  built ??= build()
  return built
}

async function build(): Promise<Built> {
  const folder = await temporaryFolder()
  const program = join(await programOnPath(folder.path), 'firstbreak')
  const bin = join(folder.path, 'alone')
  await mkdir(bin)
  await copyFile(program, join(bin, 'firstbreak'))
  return { folder, bin }
}

/** What a program is run with that starts git: nobody's configuration, and firstbreak on PATH. */
export async function pushEnvironment(): Promise<Record<string, string | undefined>> {
  const { bin, folder } = await builtProgram()
  return {
    PATH: [bin, process.env.PATH].join(delimiter),
    FIRSTBREAK_CACHE_DIR: join(folder.path, 'cache'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  }
}

export interface Pushed {
  readonly code: number
  /** What a person sees who pushes. */
  readonly err: string
}

/** `git push` with these arguments. */
export async function push(directory: string, args: readonly string[], environment = {}): Promise<Pushed> {
  const env = { ...(await pushEnvironment()), ...environment }
  const { exitCode = -1, stderr } = await execa('git', ['push', '--quiet', ...args], {
    cwd: directory,
    env,
    reject: false,
  })
  return { code: exitCode, err: stderr }
}

/** A repository with one commit, pushed to a bare repository beside it, and then the hook. */
export async function makePushed(
  folder: string,
  files: Files,
  options: { readonly objectFormat?: 'sha1' | 'sha256' } = {},
): Promise<string> {
  const [repository, bare] = [join(folder, 'repository'), join(folder, 'remote.git')]
  await makeRepository(repository, files, options)
  await git(folder, 'init', '--quiet', '--bare', `--object-format=${options.objectFormat ?? 'sha1'}`, bare)
  await git(repository, 'remote', 'add', 'origin', '../remote.git')
  await git(repository, 'push', '--quiet', 'origin', 'main')
  await runFirstbreak(repository, 'hook', 'install')
  return repository
}

/** Runs the program; throws when it does not exit 0. */
export async function runFirstbreak(directory: string, ...args: readonly string[]): Promise<string> {
  const { bin } = await builtProgram()
  const { stdout } = await execa(join(bin, 'firstbreak'), args, { cwd: directory, env: await pushEnvironment() })
  return stdout
}
