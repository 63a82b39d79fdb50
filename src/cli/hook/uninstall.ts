import { rm, writeFile } from 'node:fs/promises'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import type { Repository } from '../../sources/git/repository.ts'
import { contentOf, hookPlace } from './hook-place.ts'
import { changedBlock } from './install.ts'
import { lefthookText } from './lefthook.ts'
import { uninstallPlain } from './plain-hook.ts'
import { withoutBlock } from './script-block.ts'

/**
 * Undoes what `installHook` did, and tells what that was.
 *
 * @throws VerifierError where what it wrote was changed since.
 */
export async function uninstallHook(repository: Repository): Promise<string> {
  const place = await hookPlace(repository)
  const done = {
    plain: () => uninstallPlain(place.file),
    husky: () => takeBlock(place.file),
    tracked: () => takeBlock(place.file),
    lefthook: () => takeLefthook(place.file),
  }[place.kind]
  return (await done()) ?? `there is no hook of firstbreak in ${quoted(place.file)}`
}

async function takeBlock(file: string): Promise<string | null> {
  const script = await contentOf(file)
  const rest = script === null ? null : withoutBlock(script)
  if (rest === null) return null
  if (rest === 'changed') throw changedBlock(file)
  if (rest.before === null) await rm(file)
  else await writeFile(file, rest.before, 'latin1')
  return `took what firstbreak wrote out of ${quoted(file)}`
}

async function takeLefthook(file: string): Promise<string | null> {
  const text = await contentOf(file)
  if (text === null || !text.includes(lefthookText.slice(0, lefthookText.indexOf('\n')))) return null
  if (text !== lefthookText) {
    throw new VerifierError(
      'bad-usage',
      `${quoted(file)} was changed since firstbreak wrote it: take the command firstbreak out of it by hand`,
    )
  }
  await rm(file)
  return `took ${quoted(file)} away`
}
