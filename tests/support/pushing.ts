import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { afterAll } from 'vitest'
import { startOfProgram, writeScript } from './program.ts'
import { type Files, git, makeRepository } from './repository.ts'
import { temporaryFolder } from './temporary.ts'
import { testCache } from './test-cache.ts'

/** Of one test file: where firstbreak is started from, and what it keeps from run to run. */
let prepared: Promise<Prepared> | undefined
afterAll(async () => {
  await (await prepared)?.cache[Symbol.asyncDispose]()
  await (await prepared)?.folder[Symbol.asyncDispose]()
})

type Folder = Awaited<ReturnType<typeof temporaryFolder>>

interface Prepared {
  /** Holds the program as it ships, as `firstbreak` alone, and goes to the front of PATH. */
  readonly folder: Folder
  readonly cache: Folder
}

async function prepare(): Promise<Prepared> {
  const folder = await temporaryFolder()
  await writeScript(join(folder.path, 'firstbreak'), await startOfProgram())
  return { folder, cache: await testCache() }
}

/** The folder that holds firstbreak alone, for the front of PATH. */
export async function firstbreakAlone(): Promise<string> {
  prepared ??= prepare()
  return (await prepared).folder.path
}

/** What a program is run with that starts git: nobody's configuration, and firstbreak on PATH. */
export async function pushEnvironment(): Promise<Record<string, string | undefined>> {
  prepared ??= prepare()
  const { folder, cache } = await prepared
  return {
    PATH: [folder.path, process.env.PATH].join(delimiter),
    FIRSTBREAK_CACHE_DIR: cache.path,
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
  const program = join(await firstbreakAlone(), 'firstbreak')
  const { stdout } = await execa(program, args, { cwd: directory, env: await pushEnvironment() })
  return stdout
}
