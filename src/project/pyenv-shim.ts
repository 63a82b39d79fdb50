import { posix } from 'node:path'

/** What it takes to know which version is meant. */
export interface PyenvSetting {
  readonly environment: ReadonlyMap<string, string>
  /** Absolute. */
  readonly workingDirectory: string
  /** The text of a file of the image; null where there is none. */
  readonly textAt: (path: string) => Promise<string | null>
}

/** Whether a program only stands for one of several versions, as `~/.pyenv/shims/python` does; asdf and mise have such as well. */
export function isShim(path: string): boolean {
  return posix.basename(posix.dirname(path)) === 'shims'
}

/**
 * The program that a shim of pyenv starts: that of `PYENV_VERSION`, else of `.python-version` in the working directory or above it, else
 * of pyenv's own `version`, each without a look whether it is there. Null where none of these names one.
 */
export async function behindShim(
  shim: string,
  { environment, workingDirectory, textAt }: PyenvSetting,
): Promise<string | null> {
  const root = posix.dirname(posix.dirname(shim))
  const named = environment.get('PYENV_VERSION') || (await firstText(filesFrom(workingDirectory, root), textAt)) || ''
  const [version = ''] = named.trim().split(/[\s:]+/)
  return /^[\w.-]+$/.test(version) && version !== 'system'
    ? posix.join(root, 'versions', version, 'bin', posix.basename(shim))
    : null
}

/** Where a version may be written, the nearest first. */
function filesFrom(directory: string, root: string): string[] {
  const files: string[] = []
  for (let at = directory; ; at = posix.dirname(at)) {
    files.push(posix.join(at, '.python-version'))
    if (at === '/') return [...files, posix.join(root, 'version')]
  }
}

async function firstText(files: readonly string[], textAt: PyenvSetting['textAt']): Promise<string | null> {
  for (const file of files) {
    const text = await textAt(file)
    if (text !== null) return text
  }
  return null
}
