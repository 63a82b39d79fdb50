import { type Line, linesOf, type ProjectFile } from './project-file.ts'

export interface IniEntry {
  /** '' for what stands before the first section. */
  readonly section: string
  /** In lower case, with `_` for `-`, as setuptools takes it. */
  readonly key: string
  /** The lines of its value that are not empty, trimmed; the first stands behind the key. */
  readonly lines: readonly Line[]
}

/**
 * The entries of a file that Python's configparser reads (setup.cfg), and of pyvenv.cfg, which has no sections. Lines that
 * are neither a section, an entry nor the continuation of one are passed over.
 *
 * @see https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
export function iniEntries(file: ProjectFile): readonly IniEntry[] {
  const entries: (IniEntry & { readonly lines: Line[] })[] = []
  let section = ''
  for (const { text, from } of linesOf(file)) {
    const trimmed = text.trim()
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue
    const header = /^\[([^\]]+)\]/.exec(text)?.[1]
    if (header !== undefined) {
      section = header
      entries.push({ section, key: '', lines: [] })
    } else if (/^\s/.test(text)) {
      entries.at(-1)?.lines.push({ text: trimmed, from })
    } else {
      const at = trimmed.search(/[=:]/)
      const value = at === -1 ? '' : trimmed.slice(at + 1).trim()
      const key = trimmed.slice(0, Math.max(0, at)).trim().toLowerCase().replaceAll('-', '_')
      entries.push({ section, key, lines: value === '' ? [] : [{ text: value, from }] })
    }
  }
  return entries
}

/** The value of a key, line by line; empty when it is not there. */
export function iniLines(entries: readonly IniEntry[], section: string, key: string): readonly Line[] {
  return entries.findLast(entry => entry.section === section && entry.key === key)?.lines ?? []
}
