import { access, constants } from 'node:fs/promises'
import type { HookState } from '../../model/machine.ts'
import type { Repository } from '../../sources/git/repository.ts'
import { contentOf, type HookPlace, hookPlace } from './hook-place.ts'
import { beforeName } from './hook-script.ts'

/**
 * Whether git runs firstbreak before it pushes from a repository, however the hook is kept, by us or by hand.
 *
 * @throws VerifierError when git fails.
 */
export async function hookState(repository: Repository): Promise<HookState> {
  const place = await hookPlace(repository)
  return place.kind === 'lefthook' ? lefthookState(place) : scriptState(place)
}

async function scriptState({ file, kind }: HookPlace): Promise<HookState> {
  const script = await contentOf(file)
  if (script === null) return { kind: 'absent', file }
  if (!namesFirstbreak(script)) return { kind: 'other', file }
  // Husky hands its script to a shell; git starts a program.
  if (kind !== 'husky' && !(await isExecutable(file))) return { kind: 'idle', file, reason: 'it is not executable' }
  return { kind: 'installed', file, isChained: script.includes(beforeName) }
}

async function lefthookState({
  file,
  shared,
  runsPrePush,
}: Extract<HookPlace, { kind: 'lefthook' }>): Promise<HookState> {
  for (const each of [file, ...shared]) {
    if (!namesFirstbreak((await contentOf(each)) ?? '')) continue
    return runsPrePush
      ? { kind: 'installed', file: each, isChained: false }
      : { kind: 'idle', file: each, reason: 'lefthook install has not been run for it' }
  }
  return { kind: 'absent', file }
}

/** In a line that is no comment. */
function namesFirstbreak(text: string): boolean {
  return /^[^#\n]*\bfirstbreak(?:_run)? hook pre-push\b/m.test(text)
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
