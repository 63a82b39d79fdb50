import { readFile, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import type { Path } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import { droppingRule, type IgnoreRule, type Include, parseIgnoreText, parseRule } from './gcloudignore.ts'

/** What keeps files out of an upload. */
export interface UploadRules {
  /** In the order in which they apply. */
  readonly rules: readonly IgnoreRule[]
  /**
   * The rule that drops `path`, relative to the upload directory, or a directory above it; null when it goes up. `line` is
   * null for a rule that gcloud brings itself. A symbolic link to a directory counts as a directory.
   */
  explain(path: Path, isDirectory: boolean): Pick<IgnoreRule, 'file' | 'line' | 'text'> | null
}

/**
 * The rules that `gcloud builds submit` applies to `directory`: its `.gcloudignore`; without one, `.gitignore` and a few of
 * gcloud's own if the directory holds a `.git` or a `.gitignore`, else none. Nested and global ignore files do not count.
 *
 * @throws VerifierError where gcloud fails as well: on text that is not UTF-8 and on an include that cannot be.
 */
export async function uploadRules(directory: string): Promise<UploadRules> {
  const rules = await readRules(directory)
  return {
    rules,
    explain(path, isDirectory) {
      const rule = droppingRule(rules, path, isDirectory)
      return rule && { file: rule.file, line: rule.line, text: rule.text }
    },
  }
}

const ignoreFile = '.gcloudignore'
const ownRules = 'the default rules of gcloud'

async function readRules(directory: string): Promise<IgnoreRule[]> {
  // Any failure to read it counts as its absence, as for gcloud.
  const bytes = await readFile(join(directory, ignoreFile)).catch(() => null)
  if (bytes === null) return defaultRules(directory)
  const rules: IgnoreRule[] = []
  for (const item of parseIgnoreText(decode(bytes, ignoreFile), ignoreFile)) {
    if ('include' in item) rules.push(...(await includedRules(directory, item)))
    else rules.push(item)
  }
  return rules
}

async function defaultRules(directory: string): Promise<IgnoreRule[]> {
  const hasGitignore = await exists(join(directory, '.gitignore'))
  if (!hasGitignore && !(await exists(join(directory, '.git')))) return []
  const own = ['.gcloudignore', '.git', '.gitignore'].map(text => parseRule(text, ownRules, null)!)
  return hasGitignore ? [...own, ...(await includedRules(directory, { include: '.gitignore', line: null }))] : own
}

/** The rules of the included file; an include in it is passed over. */
async function includedRules(
  directory: string,
  { include, line }: { readonly include: string; readonly line: number | null },
): Promise<IgnoreRule[]> {
  const place = line === null ? ownRules : `${ignoreFile}:${line}`
  assertIsName(include, place)
  const bytes = await readFile(join(directory, include)).catch(cause => {
    throw new VerifierError(
      'file-unreadable',
      `${place} includes ${quoted(include)}, which cannot be read, so gcloud will not upload: make it readable or drop the line`,
      { cause },
    )
  })
  const items = parseIgnoreText(decode(bytes, include), include)
  for (const item of items) if ('include' in item) assertIsName(item.include, `${include}:${item.line}`)
  return items.filter((item): item is IgnoreRule => !isInclude(item))
}

function isInclude(item: IgnoreRule | Include): item is Include {
  return 'include' in item
}

function assertIsName(include: string, place: string): void {
  if (!include.includes('/') && !include.includes(sep)) return
  throw new VerifierError(
    'file-unreadable',
    `${place} includes ${quoted(include)}, and gcloud includes only files that stand beside it: name one of those`,
  )
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new VerifierError(
      'file-unreadable',
      `${quoted(file)} is not UTF-8, and gcloud fails on it: save it as UTF-8`,
      {
        cause,
      },
    )
  }
}

/** Whether something is there, at the end of any links. */
async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    // For Python's os.path.exists too, what cannot be looked at does not exist.
    () => false,
  )
}
