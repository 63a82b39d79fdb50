/**
 * A command as one types it into a shell of POSIX: what a shell would take for more than text stands in quotes. It is not yet fit
 * for a terminal.
 */
export function shellQuoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ')
}

function quotedWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
