/**
 * A document as JSON that says what it holds and does nothing: characters that steer a terminal or the direction of writing, and
 * the `#` of what the log of a CI runner may take for a command (`##[error]`, `##vso[…]`), stand as escapes, which every parser
 * reads as what they are.
 */
export function jsonText(document: unknown): string {
  const text = JSON.stringify(document, null, 2)
    .replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escaped)
    .replace(/##(?=[A-Za-z]*\[)/g, '#\\u0023')
  return `${text}\n`
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    const unit = character.charCodeAt(i)
    return `\\u${unit.toString(16).padStart(4, '0')}`
  }).join('')
}
