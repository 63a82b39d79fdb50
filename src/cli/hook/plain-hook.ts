import { randomUUID } from 'node:crypto'
import { lstat, mkdir, readFile, readlink, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { contentOf } from './hook-place.ts'
import { beforeName, digest, hookScript, parseHookScript } from './hook-script.ts'
import type { IfMissing } from './shell-lines.ts'

/**
 * Writes a hook to where git runs it; what was there is given another name beside it, and runs after it. Tells what it did.
 *
 * @throws VerifierError where that would lose something.
 */
export async function installPlain(file: string, ifMissing: IfMissing): Promise<string> {
  const written = await contentOf(file)
  const known = written === null ? null : parseHookScript(written)
  if (known === 'changed') throw changed(file, 'install')
  if (known !== null) {
    const script = hookScript({ ...known, ifMissing })
    if (script === written) return `${quoted(file)} is there already`
    await writeProgram(file, script)
    return `${quoted(file)} was brought up to date`
  }
  const madeFolder = (await mkdir(dirname(file), { recursive: true })) !== undefined
  const before = await digestOf(file)
  const backup = join(dirname(file), beforeName)
  if ((await digestOf(backup)) !== null) {
    throw new VerifierError('bad-usage', `${quoted(backup)} is in the way: move it elsewhere, and install again`)
  }
  if (before !== null) await rename(file, backup)
  await writeProgram(file, hookScript({ before, madeFolder, ifMissing }))
  return before === null
    ? `wrote ${quoted(file)}`
    : `wrote ${quoted(file)}; what was there runs after it, as ${beforeName}`
}

/**
 * Takes the hook away and puts back what was there; null where there is none of ours.
 *
 * @throws VerifierError where one of the two is not as it was left.
 */
export async function uninstallPlain(file: string): Promise<string | null> {
  const written = await contentOf(file)
  const known = written === null ? null : parseHookScript(written)
  if (known === null) return null
  if (known === 'changed') throw changed(file, 'uninstall')
  if (known.before === null) {
    await rm(file)
    if (known.madeFolder) await rmdir(dirname(file)).catch(() => undefined) // there is something else in it by now
    return `took ${quoted(file)} away`
  }
  const backup = join(dirname(file), beforeName)
  if ((await digestOf(backup)) !== known.before) {
    throw new VerifierError(
      'bad-usage',
      `${quoted(backup)} is not what was there when the hook was installed: put it back by hand, as pre-push`,
    )
  }
  await rename(backup, file)
  return `put back what was in ${quoted(file)}`
}

function changed(file: string, command: string): VerifierError {
  return new VerifierError(
    'bad-usage',
    `${quoted(file)} was changed since firstbreak wrote it: take out by hand what firstbreak wrote, then ${command} again`,
  )
}

/** Of a file, or of a link and where it leads; null where there is nothing. @throws VerifierError for what is neither. */
async function digestOf(file: string): Promise<string | null> {
  const stats = await lstat(file).catch(() => null)
  if (stats === null) return null
  if (stats.isSymbolicLink()) return digest(`link ${await readlink(file)}`)
  if (!stats.isFile()) throw new VerifierError('bad-usage', `${quoted(file)} is no file: move it elsewhere first`)
  return digest(await readFile(file))
}

/** At once: git may be about to run it. */
async function writeProgram(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}`
  try {
    await writeFile(temporary, text, { mode: 0o755, flag: 'wx' })
    await rename(temporary, file)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new VerifierError('bad-usage', `cannot write ${quoted(file)}: ${(cause as Error).message}`, { cause })
  }
}
