import { isSimpleStatement } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import type { Edit, Place } from './edit.ts'

/** Within these, what is computed on a line before would be computed at another time, or by other names. */
const ownTimes =
  /^(?:lambda|.*_comprehension|generator_expression|boolean_operator|conditional_expression|named_expression)$/

/**
 * Gives an expression a name on a line of its own before the statement, and puts the name in its place. Null where that would
 * mean something else, as in a lambda or behind `or`, or where the statement does not begin its line.
 */
export function takeOut(expressions: readonly SyntaxNode[], { above, text, names }: Place): readonly Edit[] | null {
  const statement = above.findLast(each => isSimpleStatement(each) || each.type === 'decorator')
  if (statement === undefined || above.slice(above.indexOf(statement)).some(({ type }) => ownTimes.test(type)))
    return null
  const lineStart =
    Math.max(text.lastIndexOf('\n', statement.startIndex - 1), text.lastIndexOf('\r', statement.startIndex - 1)) + 1
  const indentation = text.slice(lineStart, statement.startIndex)
  if (/\S/.test(indentation)) return null
  const lineEnd = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
  const taken = expressions.map(expression => ({ expression, name: names.next().value }))
  const lines = taken.map(({ expression, name }) => `${name} = ${onItsOwn(expression, text)}${lineEnd}${indentation}`)
  return [
    { start: statement.startIndex, end: statement.startIndex, text: lines.join('') },
    ...taken.map(({ expression, name }) => ({ start: expression.startIndex, end: expression.endIndex, text: name })),
  ]
}

/** In parentheses where a line break in it would end the statement. */
function onItsOwn({ startIndex, endIndex, type }: SyntaxNode, text: string): string {
  const source = text.slice(startIndex, endIndex)
  const closesItself = /^(?:call|subscript|list|dictionary|set|tuple|parenthesized_expression|.*_comprehension|string)$/
  return /[\r\n]/.test(source) && !closesItself.test(type) ? `(${source})` : source
}

/** `value`, `value_2`, …, but for names that the text holds. */
export function* freshNames(text: string): Generator<string, never> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'value' : `value_${number}`
    if (!new RegExp(`\\b${name}\\b`).test(text)) yield name
  }
}
