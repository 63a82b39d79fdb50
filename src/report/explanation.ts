import { capitalized } from '../model/capitalized.ts'
import type { Feature } from '../model/finding.ts'
import { allowedWhere } from './feature-words.ts'
import type { Style } from './style.ts'
import { wrap } from './wrap.ts'

/** A page of docs/findings for a terminal: the same text, with headings set off, and without the marks of Markdown. */
export function pageText(page: string, style: Style): string {
  const parts = page.split(/^```.*\n/m)
  const lines = parts.flatMap((part, i) => {
    const all = part.split('\n')
    const own = i < parts.length - 1 ? all.slice(0, -1) : all
    return i % 2 === 1 ? own.map(line => (line === '' ? '' : `  ${line}`)) : textLines(own, style)
  })
  return lines.join('\n')
}

/** Each paragraph and each item of a list anew, in the room that there is. */
function textLines(lines: readonly string[], style: Style): string[] {
  const blocks: string[] = []
  for (const line of lines) {
    const last = blocks.at(-1) ?? ''
    const isNext = line !== '' && last !== '' && !/^(?:#|- )/.test(line) && !last.startsWith('#')
    if (isNext) blocks[blocks.length - 1] = `${last} ${line.trim()}`
    else blocks.push(line)
  }
  return blocks.flatMap(block => {
    const [, heading] = /^#+ (.*)$/.exec(block) ?? []
    if (heading !== undefined) return style.strong(plain(heading))
    return wrap(style, plain(block), '', block.startsWith('- ') ? '  ' : '')
  })
}

/** Without code marks and link targets. */
function plain(line: string): string {
  return line.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')
}

/** The first sentence of a page, which stands below its title. */
export function pageSummary(page: string): string {
  const [, summary = ''] = page.split('\n\n')
  return plain(summary.replaceAll('\n', ' '))
}

/** What a construct is, who takes it, and how it is written for others. */
export function featureText(
  feature: Feature,
  { example, instead, advice }: { readonly example: string; readonly instead: string; readonly advice: string },
  style: Style,
): string {
  const code = (source: string) => source.split('\n').map(line => `  ${line.replaceAll('\t', '\\t')}`)
  const lines = [
    style.strong(feature.id),
    '',
    ...wrap(
      style,
      `${capitalized(feature.title)}: ${allowedWhere(feature)}. A Python that does not take it rejects the whole file.`,
    ),
    '',
    style.strong('Example'),
    '',
    ...code(example),
    '',
    style.strong('For other Pythons'),
    '',
    ...wrap(style, advice),
    '',
    ...code(instead),
  ]
  return `${lines.join('\n')}\n`
}

/** Names with a line on each, in columns. */
export function nameList(names: readonly (readonly [name: string, says: string])[], style: Style): string[] {
  const width = Math.max(...names.map(([name]) => name.length))
  const rest = ' '.repeat(width + 5)
  return names.flatMap(([name, says]) => {
    const [first = '', ...more] = wrap(style, says, rest)
    return [`  ${style.strong(name)}${' '.repeat(width - name.length)}   ${first.trimStart()}`, ...more]
  })
}
