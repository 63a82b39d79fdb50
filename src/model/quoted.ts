/**
 * A name from outside, fit for a message on one line of a terminal: in double quotes, as JSON has them, and everything
 * that shows nothing or steers the terminal or the direction of writing as `\uXXXX`.
 */
export function quoted(name: string): string {
  return JSON.stringify(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped)
}

function escaped(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
