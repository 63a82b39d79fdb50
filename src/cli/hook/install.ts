import { writeFile } from 'node:fs/promises'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import type { Repository } from '../../sources/git/repository.ts'
import { contentOf, type HookPlace, hookPlace } from './hook-place.ts'
import { lefthookText } from './lefthook.ts'
import { installPlain } from './plain-hook.ts'
import { scriptBlock, withBlock, withoutBlock } from './script-block.ts'
import { type IfMissing, judgingCommand } from './shell-lines.ts'

export interface InstallOptions {
  /** Also into a folder that other repositories may use. */
  readonly shared: boolean
  readonly ifMissing: IfMissing
}

/**
 * Has git run `firstbreak hook pre-push` before it pushes, in whatever way hooks are kept here, and tells what it did and what is
 * left to do. Nothing that somebody else generates or tracks is changed, but for the scripts of husky, which are there for that.
 *
 * @throws VerifierError where it cannot, with what to write by hand.
 */
export async function installHook(repository: Repository, options: InstallOptions): Promise<string> {
  const place = await hookPlace(repository)
  switch (place.kind) {
    case 'plain':
      return installInFolder(place, options)
    case 'husky':
      return installBlock(place.file, options.ifMissing)
    case 'tracked':
      return tellBlock(place.file, options.ifMissing)
    case 'lefthook':
      return installLefthook(place)
  }
}

async function installInFolder(
  { file, folder }: Extract<HookPlace, { kind: 'plain' }>,
  { shared, ifMissing }: InstallOptions,
): Promise<string> {
  if (folder.place === 'shared' && !shared) {
    throw new VerifierError(
      'bad-usage',
      `core.hooksPath leads to ${quoted(folder.path)}, which other repositories may use: pass --shared to write the hook there for all of them`,
    )
  }
  return installPlain(file, ifMissing)
}

async function installBlock(file: string, ifMissing: IfMissing): Promise<string> {
  const script = await contentOf(file)
  const rest = script === null ? null : withoutBlock(script)
  if (rest === 'changed') throw changedBlock(file)
  const wanted = withBlock(rest === null ? script : rest.before, file, ifMissing)
  if (wanted === script) return `${quoted(file)} has it already`
  await writeFile(file, wanted, { encoding: 'latin1', mode: 0o755 })
  return `wrote to the front of ${quoted(file)}, which husky runs; commit it, and everybody has it`
}

/** The block where it is there by hand. */
async function tellBlock(file: string, ifMissing: IfMissing): Promise<string> {
  const script = (await contentOf(file)) ?? ''
  if (withoutBlock(script) !== null) return `${quoted(file)} has it already`
  throw new VerifierError(
    'bad-usage',
    `${quoted(file)} is tracked by git, and not changed here: add \`${judgingCommand} "$@"\` to it, or, where it reads its stdin as well, ` +
      `what firstbreak hook snippet prints${ifMissing === 'pass' ? ' --if-missing pass' : ''}`,
  )
}

async function installLefthook({
  file,
  exists,
  runsPrePush,
}: Extract<HookPlace, { kind: 'lefthook' }>): Promise<string> {
  if (exists && (await contentOf(file)) === lefthookText) return `${quoted(file)} is there already`
  if (exists) {
    throw new VerifierError(
      'bad-usage',
      `${quoted(file)} is yours, and not changed here: add what firstbreak hook snippet --lefthook prints`,
    )
  }
  await writeFile(file, lefthookText)
  const next = runsPrePush ? 'lefthook runs it from now on' : 'run lefthook install, so that it runs a pre-push hook'
  return `wrote ${quoted(file)}, which is for you alone (leave it out of git): ${next}`
}

/** For a script that somebody else keeps. */
export function snippet(kind: 'script' | 'lefthook', ifMissing: IfMissing): string {
  return kind === 'lefthook' ? lefthookText : scriptBlock(ifMissing)
}

export function changedBlock(file: string): VerifierError {
  return new VerifierError(
    'bad-usage',
    `what firstbreak wrote to ${quoted(file)} was changed since: take it out by hand, from >>> to <<<`,
  )
}
