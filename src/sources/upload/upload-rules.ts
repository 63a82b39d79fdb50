import { readFile, stat } from 'node:fs/promises'
import { dirname, join, posix, resolve, sep } from 'node:path'
import { VerifierError } from '../../model/errors.ts'
import type { Path } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { RulePlace, UploadCommand } from '../../model/upload.ts'
import { droppingRule, type IgnoreRule, type Include, parseIgnoreText, parseRule } from './gcloudignore.ts'

/** What keeps files out of an upload. */
export interface UploadRules {
  /** In the order in which they apply. */
  readonly rules: readonly IgnoreRule[]
  /** What they come from, for a person; null where nothing gives any, so that everything goes up. */
  readonly from: string | null
  /** Whether an ignore file was asked for and cannot be read, which gcloud does not say. */
  readonly isMissing: boolean
  /**
   * The rule that drops `path`, relative to the upload directory, or a directory above it; null when it goes up. `line` is
   * null for a rule that gcloud brings itself. A symbolic link to a directory counts as a directory.
   */
  explain(path: Path, isDirectory: boolean): RulePlace | null
}

/**
 * The rules that gcloud applies to `directory`: those of its `.gcloudignore`, or of `ignoreFile`, a path as from that directory;
 * without that file those of `defaultRules`. Ignore files anywhere else do not count.
 *
 * @throws VerifierError where gcloud fails as well: on text that is not UTF-8 and on an include that cannot be.
 */
export async function uploadRules(
  directory: string,
  ignoreFile: string | null = null,
  command: UploadCommand = 'builds-submit',
): Promise<UploadRules> {
  const file = ignoreFile ?? '.gcloudignore'
  // Any failure to read it counts as its absence, as for gcloud.
  const bytes = await readFile(resolve(directory, file)).catch(() => null)
  const { rules, from } =
    bytes === null
      ? await defaultRules(directory, command)
      : { rules: await rulesOf(bytes, { directory, file }), from: file }
  return {
    rules,
    from,
    isMissing: bytes === null && ignoreFile !== null,
    explain(path, isDirectory) {
      const rule = droppingRule(rules, path, isDirectory)
      return rule && placeOf(rule)
    },
  }
}

export function placeOf({ file, line, text }: IgnoreRule): RulePlace {
  return { file, line, text }
}

const ownRules = 'the default rules of gcloud'

/** An ignore file, as from the upload directory. */
interface IgnoreFile {
  readonly directory: string
  readonly file: string
}

async function rulesOf(bytes: Uint8Array, ignoreFile: IgnoreFile): Promise<IgnoreRule[]> {
  const rules: IgnoreRule[] = []
  for (const item of parseIgnoreText(decode(bytes, ignoreFile.file), ignoreFile.file)) {
    if ('include' in item) rules.push(...(await includedRules(ignoreFile, item)))
    else rules.push(item)
  }
  return rules
}

/**
 * `.gitignore` and a few of gcloud's own if the directory holds a `.git` or a `.gitignore`, else none. `functions deploy` has
 * `node_modules` besides, as a reason and as a rule; `app deploy` has rules of its own alone, always, for the newer runtimes of Python.
 */
async function defaultRules(directory: string, command: UploadCommand): Promise<Pick<UploadRules, 'rules' | 'from'>> {
  const more =
    { 'app-deploy': ['__pycache__/', '/setup.cfg'], 'functions-deploy': ['node_modules'] }[command as string] ?? []
  const own = ['.gcloudignore', '.git', '.gitignore', ...more].map(text => parseRule(text, ownRules, null)!)
  if (command === 'app-deploy') return { rules: own, from: ownRules }
  const hasGitignore = await exists(join(directory, '.gitignore'))
  const reasons = command === 'functions-deploy' ? ['.git', 'node_modules'] : ['.git']
  const isMeant = hasGitignore || (await Promise.all(reasons.map(name => exists(join(directory, name))))).includes(true)
  if (!isMeant) return { rules: [], from: null }
  if (!hasGitignore) return { rules: own, from: ownRules }
  const included = await includedRules({ directory, file: '' }, { include: '.gitignore', line: null })
  return { rules: [...own, ...included], from: `.gitignore and ${ownRules}` }
}

/** The rules of the file that stands beside `ignoreFile` under the name that it includes; an include in it is passed over. */
async function includedRules(
  { directory, file: includer }: IgnoreFile,
  { include, line }: { readonly include: string; readonly line: number | null },
): Promise<IgnoreRule[]> {
  const place = line === null ? ownRules : `${includer}:${line}`
  assertIsName(include, place)
  const file = posix.join(dirname(includer), include)
  const bytes = await readFile(resolve(directory, dirname(includer), include)).catch(cause => {
    throw new VerifierError(
      'file-unreadable',
      `${place} includes ${quoted(include)}, which cannot be read, so gcloud will not upload: make it readable or drop the line`,
      { cause },
    )
  })
  const items = parseIgnoreText(decode(bytes, file), file)
  for (const item of items) if ('include' in item) assertIsName(item.include, `${file}:${item.line}`)
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
