import type { LogLine } from './log-lines.ts'

/** Of a traceback, or of a group of them. */
const firstLine = /^(.*?)(?: {2}\+ Exception Group )?Traceback \(most recent call last\):\s*$/s
const isBelow = /^ {2}(?:File "|\| )/
/** Several programs may write to one log, each with a beginning of its own. */
const mostShapes = 20

/**
 * Lines without what somebody puts before each of them that is not known by itself, as a time with milliseconds, a pod or the step of a
 * build. It is told by a traceback of which every line has it: what stands before the first line stands before the frame
 * below as well, but for its digits, and both are as long.
 */
export function withoutBeginnings(lines: readonly LogLine[]): readonly LogLine[] {
  const found = new Set(
    lines.flatMap(({ text }, at) => {
      const { length } = firstLine.exec(text)?.[1] ?? ''
      const below = lines[at + 1]?.text ?? ''
      const shape = shapeOf(text, length)
      return length > 0 && isBelow.test(below.slice(length)) && shapeOf(below, length) === shape ? shape : []
    }),
  )
  if (found.size === 0) return lines
  const shapes = [...found].slice(0, mostShapes)
  return lines.map(line => {
    const shape = shapes.find(each => shapeOf(line.text, each.length) === each)
    return shape === undefined ? line : { ...line, text: line.text.slice(shape.length) }
  })
}

function shapeOf(text: string, length: number): string {
  return text.slice(0, length).replace(/\d/g, '0')
}
