/** Columns; wider lines are hard to read, and many logs cut them. */
const widest = 100

/** A sentence over as many lines as it takes, the first behind `first` and the others behind `rest`. Words are never cut. */
export function wrap(text: string, first = '', rest = first): string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > widest) {
      lines.push(line)
      line = rest
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}
