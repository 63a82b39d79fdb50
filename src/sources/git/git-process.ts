import { buffer } from 'node:stream/consumers'
import { execa, type ResultPromise } from 'execa'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { endingIn } from '../part-reader.ts'

/**
 * Of the surroundings, what would lead git elsewhere is taken away: a hook is started with GIT_DIR and its kin, which speak
 * of the repository that the hook belongs to, while here the directory that was asked for decides. Configuration handed
 * over by GIT_CONFIG_COUNT or `git -c` stays: it is how continuous integration declares a `safe.directory`.
 */
const environment = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_IMPLICIT_WORK_TREE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
  GIT_NAMESPACE: undefined,
  GIT_PREFIX: undefined,
  GIT_SHALLOW_FILE: undefined,
  GIT_GRAFT_FILE: undefined,
  GIT_GLOB_PATHSPECS: undefined,
  GIT_NOGLOB_PATHSPECS: undefined,
  GIT_ICASE_PATHSPECS: undefined,
  // Objects are what their names say: nothing stands in for another.
  GIT_NO_REPLACE_OBJECTS: '1',
  // A missing object is never fetched; git before 2.45 does not know the first, no transport at all means the same to it.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  // Failures are told apart by git's own English words.
  LC_ALL: 'C',
  LANGUAGE: undefined,
} as const

type GitProcess = ResultPromise<typeof processOptions>

const processOptions = {
  env: environment,
  encoding: 'buffer',
  buffer: { stdout: false, stderr: true },
  stripFinalNewline: false,
  reject: false,
} as const

/** Starts git in `directory`. Whoever starts it reads its stdout and sees to its end. */
export function startGit(directory: string, args: readonly string[]): GitProcess {
  // A file system monitor is a program that the repository's own configuration names.
  return execa('git', ['-C', directory, '-c', 'core.fsmonitor=false', ...args], processOptions)
}

/**
 * What git prints with `-z`, record by record; git is ended when they are no longer asked for.
 *
 * @throws VerifierError when git is missing or fails.
 */
export async function* gitRecords(directory: string, args: readonly string[]): AsyncGenerator<Buffer> {
  const git = startGit(directory, args)
  git.stdin.end()
  try {
    yield* endingIn(0, git.stdout, () => cutShort(directory))
    await assertSuccess(git, directory)
  } finally {
    await endGit(git)
  }
}

/** Ends git, wherever it is, and waits until it is gone. */
export async function endGit(git: GitProcess): Promise<void> {
  git.kill()
  // It is not gone before its output is, which may be more than anybody will read.
  git.stdout.destroy()
  await git
}

/**
 * All that git prints.
 *
 * @throws VerifierError when git is missing or fails.
 */
export async function runGit(directory: string, args: readonly string[], input: string | Buffer = ''): Promise<Buffer> {
  const git = startGit(directory, args)
  git.stdin.end(input)
  const output = await buffer(git.stdout)
  await assertSuccess(git, directory)
  return output
}

/** For output that ends within a record: git was killed from outside. */
export function cutShort(directory: string): VerifierError {
  return new VerifierError('git-failed', `git was ended in ${quoted(directory)} before it had answered: try again`)
}

/** @throws VerifierError when git could not be started, or ended otherwise than well. */
export async function assertSuccess(git: GitProcess, directory: string): Promise<void> {
  const result = await git
  if (!result.failed) return
  if (result.code === 'ENOENT') {
    throw new VerifierError('git-failed', 'git was not found: install it, or put it on the PATH', { cause: result })
  }
  throw new VerifierError('git-failed', failureMessage(directory, Buffer.from(result.stderr).toString('utf8')), {
    cause: result,
  })
}

function failureMessage(directory: string, stderr: string): string {
  const place = quoted(directory)
  if (stderr.includes('dubious ownership')) {
    return (
      `git does not trust the repository that holds ${place}, as it belongs to another user: ` +
      `if you do, run: git config --global --add safe.directory ${place}`
    )
  }
  if (stderr.includes('not a git repository')) {
    return `${place} is not in a git repository: name one that is, or run git init there`
  }
  if (stderr.includes('cannot change to')) return `there is no folder ${place} to look for a repository in`
  if (/promisor remote|transport '.*' not allowed/.test(stderr)) {
    return `git lacks an object of the repository in ${place}, and ${incompleteClone}`
  }
  const words = /^(?:fatal|error): (.*)$/m.exec(stderr)?.[1] ?? stderr.trim()
  return `git failed in ${place}: ${quoted(words)}`
}

/** Why an object may be missing, and what to do. */
export const incompleteClone =
  'nothing is fetched here: the clone is shallow, partial or damaged; ' +
  'complete it with: git fetch --unshallow, or git fetch --refetch --no-filter'
