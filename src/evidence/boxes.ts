import type { LogLine } from './log-lines.ts'

const top = /^\s*╭─+ Traceback \(most recent call last\) ─+╮\s*$/
const edge = /^\s*[╭╰]─.*[╮╯]\s*$/
const side = /^\s*│ ?(.*?)\s*│\s*$/s
const frame = /^(\S.*):(\d{1,9}) in (\S.*)$/s
/** A path that does not fit into one line goes on in the next. */
const begun = /^(?:\/|[A-Za-z]:\\)/
/** `❱ 46 │   install()` */
const source = /^❱ *\d+ (?:│ *)*(.*)$/s
/** The place of a syntax error has a box of its own, with a blank more. */
const place = /^ (\S.*):(\d{1,9})$/s

/** What was read of a box so far. */
interface Box {
  /** Whether it shows the source of a syntax error. */
  readonly isOfSyntax: boolean
  /** The beginning of a path. */
  readonly path: string
}

/**
 * Lines of a traceback as rich draws it, which structlog, typer and FastAPI's own command do too, as Python prints it: each frame with
 * the line that ran, and nothing of what stands around that. All other lines as they are.
 */
export function withoutBoxes(lines: readonly LogLine[], header: string): readonly LogLine[] {
  let box: Box | null = null
  return lines.map(line => {
    const { text, next } = unboxed(line.text, box, header)
    box = next
    return text === line.text ? line : { ...line, text }
  })
}

const empty: Box = { isOfSyntax: false, path: '' }

function unboxed(text: string, box: Box | null, header: string): { readonly text: string; readonly next: Box | null } {
  if (top.test(text)) return { text: header, next: empty }
  if (box === null) return { text, next: null }
  if (edge.test(text)) return { text: '', next: empty }
  const [, inside] = side.exec(text) ?? []
  // In a table of rich's, what was raised stands in the column of the box.
  if (inside === undefined) return { text: text.trim(), next: text.trim() === '' ? box : null }
  const [, path, line, name] = frame.exec(box.path + inside) ?? frame.exec(`${box.path} ${inside}`) ?? []
  if (path !== undefined) return { text: `  File "${path}", line ${line}, in ${name}`, next: empty }
  const [, file, at] = place.exec(inside) ?? []
  if (file !== undefined) return { text: `  File "${file}", line ${at}`, next: { ...empty, isOfSyntax: true } }
  if (begun.test(inside)) return { text: '', next: { ...box, path: inside } }
  const ran = source.exec(inside)?.[1] ?? (box.isOfSyntax && !/^\s*▲/.test(inside) ? inside : '')
  return { text: ran === '' ? '' : `    ${ran}`, next: { ...box, path: '' } }
}
