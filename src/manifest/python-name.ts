import { baseName, type Path } from '../model/path.ts'

/** Whether a name alone makes a file a Python source: `*.py` and `*.pyw`. */
export function isPythonName(path: Path): boolean {
  return /\.pyw?$/.test(path)
}

/** Whether only the first line can tell: a name without an extension. A leading dot begins no extension. */
export function mayBeScript(path: Path): boolean {
  return !baseName(path).slice(1).includes('.')
}

/** How many leading bytes `isPythonScript` needs to see. Linux reads 256 bytes of a `#!` line (binfmt_script). */
export const shebangBytes = 256

/** Whether a file that begins so is a script for Python: a `#!` line that names a `python`, directly or through `env`. */
export function isPythonScript(head: Uint8Array): boolean {
  if (head[0] !== 0x23 || head[1] !== 0x21) return false
  const line = Buffer.from(head.subarray(2, shebangBytes))
    .toString('latin1')
    .split(/[\r\n]/, 1)[0]!
  const words = line.trim().split(/[ \t]+/)
  const program = /(?:^|\/)env$/.test(words[0]!) ? words.slice(1).find(word => !/^-|=/.test(word)) : words[0]
  return /(?:^|\/)pythonw?[\d.]*$/.test(program ?? '')
}
