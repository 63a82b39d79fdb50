import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { HooksFolder } from '../../sources/git/hooks-folder.ts'
import { hooksFolder, isTracked } from '../../sources/git/hooks-folder.ts'
import type { Repository } from '../../sources/git/repository.ts'
import { parseHookScript } from './hook-script.ts'
import { lefthookFiles } from './lefthook.ts'

/** What a hook is to be written into. */
export type HookPlace =
  /** `.git/hooks/pre-push`, or another that git runs itself. */
  | { readonly kind: 'plain'; readonly file: string; readonly folder: HooksFolder }
  /** A script that husky runs, or that is tracked: others share it. */
  | { readonly kind: 'husky' | 'tracked'; readonly file: string }
  /** Lefthook writes the hook itself, from its configurations; `file` is that of this user alone. */
  | {
      readonly kind: 'lefthook'
      readonly file: string
      readonly exists: boolean
      readonly shared: readonly string[]
      readonly runsPrePush: boolean
    }

/** @throws VerifierError when git fails. */
export async function hookPlace(repository: Repository): Promise<HookPlace> {
  const folder = await hooksFolder(repository)
  const file = join(folder.path, 'pre-push')
  const husky = await huskyFile(folder.path)
  if (husky !== null) return { kind: 'husky', file: husky }
  const hook = (await contentOf(file)) ?? ''
  const lefthook = repository.bare ? null : await lefthookFiles(repository.directory)
  const isLefthook = /\bcall_lefthook\b/.test(hook)
  if (lefthook !== null && (isLefthook || lefthook.shared.length > 0)) {
    const { shared, local, hasLocal } = lefthook
    return { kind: 'lefthook', file: local, exists: hasLocal, shared, runsPrePush: isLefthook }
  }
  // A hook of ours that was committed is still ours.
  return folder.place === 'worktree' && parseHookScript(hook) === null && (await isTracked(repository, file))
    ? { kind: 'tracked', file }
    : { kind: 'plain', file, folder }
}

/** What husky runs: beside the folder `_` that it writes itself; before version 9, in the folder that holds that one. */
async function huskyFile(folder: string): Promise<string | null> {
  if (
    basename(folder) === '_' &&
    ((await contentOf(join(folder, 'h'))) ?? (await contentOf(join(folder, 'husky.sh')))) !== null
  )
    return join(dirname(folder), 'pre-push')
  return (await contentOf(join(folder, '_', 'husky.sh'))) === null ? null : join(folder, 'pre-push')
}

/** Null where nothing can be read. */
export async function contentOf(file: string): Promise<string | null> {
  // Bytes as characters, so that what is written back is what was read.
  return readFile(file, 'latin1').catch(() => null)
}
