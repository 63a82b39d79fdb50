import { platform } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Environment } from '../model/environment.ts'
import { VerifierError } from '../model/errors.ts'
import type { Io } from './io.ts'
import type { VerifyOptions } from './verify-options.ts'

/**
 * Where verdicts are remembered: as `--cache-dir` says, else FIRSTBREAK_CACHE_DIR, else in the user's cache folder. Null when
 * there is none of these.
 */
export function cacheDirectory(
  option: string | undefined,
  { cwd, environment }: Pick<Io, 'cwd' | 'environment'>,
): string | null {
  const named = option ?? (environment.FIRSTBREAK_CACHE_DIR || undefined)
  if (named !== undefined) return resolve(cwd, named)
  const folder = userCacheFolder(environment, platform())
  return folder === null ? null : join(folder, 'firstbreak')
}

/** Where in it Node keeps what it has compiled of this program, each version of Node in a folder of its own. */
export function compiledFolder(directory: string): string {
  return join(directory, 'compiled')
}

/**
 * Where a run of `command` remembers verdicts; null when it does not, which `log` is told if nobody asked for that.
 *
 * @throws VerifierError when the project names the place.
 */
export function cacheOption(
  { cache, cacheDir }: Pick<VerifyOptions, 'cache' | 'cacheDir'>,
  command: Command,
  { io, log }: { readonly io: Io; readonly log: (line: string) => void },
): string | null {
  // Whoever writes the cache decides what passes, and a repository must not decide that about itself.
  if (cacheDir !== undefined && command.getOptionValueSource('cacheDir') !== 'cli') {
    throw new VerifierError(
      'bad-usage',
      `[tool.firstbreak] cache-dir names a folder, ${cacheDir}: give it as --cache-dir or FIRSTBREAK_CACHE_DIR instead`,
    )
  }
  if (!cache) return null
  const directory = cacheDirectory(cacheDir, io)
  if (directory === null) log('verdicts are not remembered, as there is no home folder: pass --cache-dir')
  return directory
}

/** Where programs of this user keep what can be made again, by the custom of the system; null when it cannot be told. */
export function userCacheFolder(environment: Environment, system: NodeJS.Platform): string | null {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = environment
  if (system === 'win32') return LOCALAPPDATA || null
  // https://specifications.freedesktop.org/basedir/latest/: a relative one is to be ignored.
  if (system !== 'darwin' && isAbsolute(XDG_CACHE_HOME ?? '')) return XDG_CACHE_HOME!
  if (!HOME) return null
  return join(HOME, ...(system === 'darwin' ? ['Library', 'Caches'] : ['.cache']))
}
