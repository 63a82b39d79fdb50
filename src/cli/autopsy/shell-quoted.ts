import { visible } from '../../report/visible.ts'

/** A command as one types it into a shell of POSIX: what a shell would take for more than text stands in quotes. */
export function shellQuoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ')
}

function quotedWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${visible(word).replaceAll("'", `'\\''`)}'`
}
