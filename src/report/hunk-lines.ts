import type { Hunk, HunkLine } from '../model/change.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** The first lines that differ, as a diff has them; what cannot be seen, as other blanks and line ends, is shown. */
export function hunkLines(hunks: readonly Hunk[], style: Style): string[] {
  return hunks.flatMap(({ beforeLine, afterLine, lines }) => {
    const heading = beforeLine === afterLine ? `line ${beforeLine}` : `line ${beforeLine}, now ${afterLine}`
    return [style.dim(`@ ${heading}`), ...lines.map(line => paint(line, style))]
  })
}

const signs = { same: ' ', removed: '-', added: '+' } as const

function paint({ kind, text }: HunkLine, style: Style): string {
  const line = `${signs[kind]} ${shown(text)}`.trimEnd()
  return kind === 'removed' ? style.bad(line) : kind === 'added' ? style.good(line) : style.dim(line)
}

/**
 * An LF at the end is what is expected, and not shown. Blanks at the end, those that are no space, and marks that stand behind a
 * letter where one character could stand for both, are.
 */
function shown(text: string): string {
  const line = text.replace(/(?<!\r)\n$/, '')
  const end = text.endsWith('…') || text.endsWith('\n') || text.endsWith('\r') ? '' : ' (no line break)'
  const body = visible(text.normalize('NFC') === text ? line : line.replace(/\p{M}/gu, escaped))
  return body.replace(/ (?= *(?:\\r|\\n)*$)/g, '·').replace(/(?! )\p{Zs}/gu, escaped) + end
}

function escaped(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`
}
