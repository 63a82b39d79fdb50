/** A variable whose braces hold no other: `$A`, `${A}`, `${A:-default}`, `${A-default}`, `${A:+instead}`, `${A+instead}`. */
const innermost = /\$(?:(?<plain>\w+)|\{(?<braced>\w+)(?:(?<colon>:?)(?<operator>[-+])(?<word>[^${}]*))?\})/

/**
 * Replaces the variables in a word of a Dockerfile as BuildKit does. Null when only the build can tell: a variable without
 * a value is left, or one is written in a way that is not known here. No value may hold a `$`.
 *
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expandArguments(word: string, values: ReadonlyMap<string, string>): string | null {
  let text = word
  for (let match = innermost.exec(text); match !== null; match = innermost.exec(text)) {
    const replacement = substitute(match.groups!, values)
    if (replacement === undefined) return null
    text = text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length)
  }
  return text.includes('$') ? null : text
}

function substitute(variable: Record<string, string | undefined>, values: ReadonlyMap<string, string>) {
  const { plain, braced, colon, operator, word } = variable
  const value = values.get((plain ?? braced)!)
  // With a colon, an empty value counts as none.
  const isSet = value !== undefined && !(colon === ':' && value === '')
  if (operator === '+') return isSet ? word : ''
  return isSet ? value : word
}
