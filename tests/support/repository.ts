import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

/** File contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** Git with nobody's configuration but its own defaults. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', ['-c', 'core.autocrlf=false', ...args], {
    cwd: directory,
    env: {
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_AUTHOR_NAME: 'Author',
      GIT_AUTHOR_EMAIL: 'author@example.com',
      GIT_COMMITTER_NAME: 'Author',
      GIT_COMMITTER_EMAIL: 'author@example.com',
      GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
      GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
    },
  })
  return stdout
}

/** Writes files below a folder; those already there stay. */
export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

/** A repository in `directory`, which is made, with one commit of these files, made by real git. */
export async function makeRepository(
  directory: string,
  files: Files,
  options: { readonly objectFormat?: 'sha1' | 'sha256' } = {},
): Promise<void> {
  await mkdir(directory, { recursive: true })
  await git(directory, 'init', '--quiet', '--initial-branch=main', `--object-format=${options.objectFormat ?? 'sha1'}`)
  await writeFiles(directory, files)
  await git(directory, 'add', '--all', '--force')
  await git(directory, 'commit', '--quiet', '--allow-empty', '--message=first')
}

/** Another commit, with these files over those that are there. */
export async function commitFiles(directory: string, files: Files, message: string): Promise<string> {
  await writeFiles(directory, files)
  await git(directory, 'add', '--all', '--force')
  await git(directory, 'commit', '--quiet', '--allow-empty', `--message=${message}`)
  return git(directory, 'rev-parse', 'HEAD')
}
