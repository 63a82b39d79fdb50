import type { Finding, Site, SourceLine } from '../model/finding.ts'
import { describeSite, describeSuggestion } from './site-words.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { fitted } from './wrap.ts'

/** Longer lines are cut, with the place kept in sight. Columns on the screen. */
const widestLine = 100

/** Columns that are left to whoever sets a frame in. */
const indentation = 4

/**
 * The lines around every site of a finding, with the place marked under each line and what stands there. Sites on
 * neighbouring lines share one frame. `version` is the interpreter's that stops there.
 */
export function codeFrame({ sites, excerpt }: Finding, version: string, style: Style): string[] {
  const width = Math.max(4, ...excerpt.map(({ number }) => String(number).length))
  const margin = `${' '.repeat(width)} ${style.dim('│')} `
  const columns = style.columns - indentation - width - ' │ '.length
  const room = Math.min(widestLine, columns - '……'.length)
  const lines: string[] = []
  for (const [i, line] of excerpt.entries()) {
    const before = excerpt[i - 1]
    if (before !== undefined && line.number > before.number + 1) lines.push(style.dim(`${' '.repeat(width)} ⋮`))
    const here = sites.filter(({ start }) => start?.line === line.number)
    const cut = here.length === 0 ? 0 : cutBefore(line, here[0]!, room)
    const gutter = String(line.number).padStart(width)
    lines.push(
      `${here.length > 0 ? style.bad(gutter) : style.dim(gutter)} ${style.dim('│')} ${shown(line, { cut, room })}`.trimEnd(),
    )
    for (const site of here) {
      const mark = marks(line, site, { cut, room })
      const help = site.suggestion === null ? '' : `help: ${describeSuggestion(site.suggestion)}`
      const said = marked(mark, [describeSite(site, version), help], { ...style, columns })
      lines.push(...said.map(each => margin + each))
    }
  }
  for (const site of sites.filter(({ start }) => start === null))
    lines.push(`${' '.repeat(width)}   ${describeSite(site, version)}`)
  return lines
}

/** The same finding with its first sites only, and with the lines that they stand on. */
export function firstSites(finding: Finding, most: number): Finding {
  const sites = finding.sites.slice(0, most)
  const last = sites.at(-1)?.start
  if (sites.length === finding.sites.length || last == null) return finding
  const next = finding.sites[most]!.start?.line ?? Number.POSITIVE_INFINITY
  return {
    ...finding,
    sites,
    excerpt: finding.excerpt.filter(({ number }) => number <= last.line + 2 && number < next),
  }
}

/** The mark, and beside it what is said of its place; below it, where a terminal would break that. */
function marked(mark: string, [what, help]: readonly [what: string, help: string], style: Style): string[] {
  const beside = `${mark.replaceAll('^', ' ')} `
  const helpLines = help === '' ? [] : fitted(style, help)
  if (beside.length + Math.max(what.length, help.length) <= style.columns)
    return [`${style.bad(mark)} ${what}`, ...helpLines.map(line => beside + style.good(line))]
  return [style.bad(mark), ...fitted(style, what), ...helpLines.map(style.good)]
}

/** How many columns of a long line are left out before what is shown of it. */
function cutBefore(line: SourceLine, site: Site, room: number): number {
  const before = columnsBefore(line, (site.start?.column ?? 1) - 1)
  return before > room - 20 ? before - 40 : 0
}

/** Which columns of a long line are shown. */
interface Window {
  readonly cut: number
  readonly room: number
}

function shown({ text }: SourceLine, { cut, room }: Window): string {
  const whole = [...text].map(cell).join('')
  const rest = whole.slice(cut, cut + room)
  return `${cut > 0 ? '…' : ''}${rest}${whole.length > cut + room ? '…' : ''}`
}

function marks(line: SourceLine, { start, end }: Site, { cut, room }: Window): string {
  const column = start!.column - 1
  const last = end?.line === start!.line ? Math.max(end.column - 1, column + 1) : column + 1
  const offset = Math.max(0, columnsBefore(line, column) - cut)
  const length = Math.min(columnsBefore(line, last) - cut, room) - offset
  return ' '.repeat(offset + (cut > 0 ? 1 : 0)) + '^'.repeat(Math.max(1, length))
}

/** How many columns the first characters of a line take on the screen. */
function columnsBefore({ text }: SourceLine, characters: number): number {
  return [...text].slice(0, characters).map(cell).join('').length
}

/** A tab is shown as four blanks, so that marks stand under what they mark. */
function cell(character: string): string {
  return character === '\t' ? '    ' : visible(character)
}
