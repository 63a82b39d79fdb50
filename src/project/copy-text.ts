import type { Copy, Instruction } from 'dockerfile-ast'

/** What a COPY or an ADD says. */
export interface CopyText {
  /** The sources and, at the end, the destination; without those that the instruction itself holds. */
  readonly words: readonly string[]
  /** `--from`. */
  readonly from: string | null
  /** The names of the files that the instruction itself holds. */
  readonly heredocs: readonly string[]
  readonly keepsParents: boolean
  /** Whether `--exclude` takes some out. */
  readonly excludes: boolean
}

/**
 * Reads the words of a COPY or an ADD, in either form. (The parser's own reading of the JSON form loses spaces, and to it the
 * body of a heredoc is words as well.)
 */
export function copyText(instruction: Instruction): CopyText {
  const flags = (instruction as Copy).getFlags()
  const lines = instruction.getTextContent().split(/\r?\n/)
  const first = lines.findIndex(line => !/[\\`]\s*$/.test(line) && !/^\s*#/.test(line))
  const line = lines
    .slice(0, first === -1 ? undefined : first + 1)
    .filter(each => !/^\s*#/.test(each))
    .map(each => each.replace(/[\\`]\s*$/, ''))
    .join('')
  const text = line.replace(/^\s*\S+(?:\s+--\S+)*\s*/, '')
  const all = jsonWords(text) ?? text.split(/\s+/).filter(word => word !== '')
  const heredocs = all.flatMap(word => /^<<-?(["']?)([\w.-]+)\1$/.exec(word)?.[2] ?? [])
  return {
    words: all.filter(word => !word.startsWith('<<')).map(unquoted),
    from: flags.find(flag => flag.getName() === 'from')?.getValue() ?? null,
    heredocs,
    keepsParents: flags.some(flag => flag.getName() === 'parents'),
    excludes: flags.some(flag => flag.getName() === 'exclude'),
  }
}

export function unquoted(word: string): string {
  return /^(["'])(.*)\1$/.exec(word)?.[2] ?? word
}

/** Null for what is no list of texts: it is read as words then. */
function jsonWords(text: string): string[] | null {
  if (!text.startsWith('[')) return null
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every(each => typeof each === 'string') ? value : null
  } catch {
    return null
  }
}
