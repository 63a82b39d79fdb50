import type { Autopsy, Change, CustodyLink, Missing } from '../model/autopsy.ts'
import type { Finding } from '../model/finding.ts'
import { autopsyConclusion, autopsyHeadline } from './autopsy-headline.ts'
import { crashLines } from './crash-lines.ts'
import { disarm } from './disarm.ts'
import { findingBlock } from './finding-block.ts'
import { fold } from './fold.ts'
import type { Style } from './style.ts'
import { plainStyle } from './style.ts'
import type { TextOptions } from './text.ts'
import { visible } from './visible.ts'
import { wayTable } from './way-table.ts'
import { count } from './words.ts'
import { wrap } from './wrap.ts'

const defaults: TextOptions = { style: plainStyle, verbose: false, quiet: false }

/** The autopsy for a person: conclusion, what the log says and could not show, chain of custody, first break, smallest change. */
export function autopsyText(autopsy: Autopsy, options: TextOptions = defaults): string {
  const { style, verbose, quiet } = options
  const { verification: report } = autopsy
  const most = verbose ? Number.POSITIVE_INFINITY : 8
  const bounds = { frames: verbose ? most : 2, names: most, sites: verbose ? most : 6 }
  const blocks =
    report === null ? [] : fold(errorsFirst(autopsy)).map(each => findingBlock(each, report, style, bounds))
  const sections = [
    autopsyHeadline(autopsy, style),
    crashLines(autopsy, style),
    ...(quiet ? [] : [custodyLines(autopsy.custody, style), report === null ? [] : wayTable(report, style)]),
    ...blocks,
    ...(quiet ? [] : [missingLines(autopsy.missing, style)]),
    ...(quiet ? [] : [titled('Remarks', remarksOf(autopsy), style)]),
    autopsyConclusion(autopsy, style),
    remedyLines(autopsy, style),
  ]
  const shown = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'))
  return disarm(`${shown.join('\n\n')}\n`)
}

/** Errors, those of the file that the log shows before all others, and what tells why a module is missing. */
function errorsFirst({ verification, crash }: Autopsy): Finding[] {
  const path = crash?.place?.path ?? null
  const isNear = (finding: Finding) => path !== null && finding.path === path
  const shown = (verification?.findings ?? []).filter(each => each.severity === 'error' || isNear(each))
  return [...shown.filter(isNear), ...shown.filter(each => !isNear(each))]
}

const titles: Readonly<Record<CustodyLink['id'], string>> = {
  'log-deployment': 'the log and the revision',
  'deployment-image': 'the revision and its image',
  'image-seen': 'that image and the one here',
  'image-build': 'the image and its build',
  'build-archive': 'the build and its archive',
  'archive-bytes': 'that archive and the one here',
  'bytes-commit': 'the bytes and the commit',
}

function custodyLines(custody: readonly CustodyLink[], style: Style): string[] {
  const paint = { confirmed: style.good, contradicted: style.bad, unknown: style.dim }
  const lines = custody.flatMap(({ id, state, evidence }) => {
    const [head = '', ...rest] = wrap(
      style,
      visible(`${titles[id]}: ${evidence}`),
      `  ${state.padEnd(12)}  `,
      ' '.repeat(16),
    )
    return [head.replace(state, paint[state](state)), ...rest]
  })
  return [style.strong('Chain of custody'), ...lines]
}

/** Commands stay in one line: they are to be copied. */
function missingLines(missing: readonly Missing[], style: Style): string[] {
  const lines = missing.flatMap(({ why, pass }) =>
    why === null ? `  - pass ${visible(pass)}` : [...bullet(`${why};`, style), `    pass ${visible(pass)}`],
  )
  return lines.length === 0 ? [] : [style.strong('What is missing'), ...lines]
}

function remarksOf({ remarks, verification }: Autopsy): readonly string[] {
  return [...remarks, ...(verification?.remarks ?? [])]
}

function titled(title: string, items: readonly string[], style: Style): string[] {
  return items.length === 0 ? [] : [style.strong(title), ...items.flatMap(item => bullet(item, style))]
}

function remedyLines({ remedy: { changes, instead } }: Autopsy, style: Style): string[] {
  if (changes.length === 0) return []
  const against = instead.length === 0 ? '' : ` (${counted(changes)}; the other way: ${counted(instead)})`
  return [
    style.strong(`The smallest change that lets the next deploy start${against}`),
    ...changes.flatMap(change => bullet(changeText(change), style)),
    ...(instead.length === 0 ? [] : [style.dim('or'), ...instead.flatMap(change => bullet(changeText(change), style))]),
  ]
}

function changeText({ says, mends, kind }: Change): string {
  const files = kind === 'base-image' || kind === 'build-again' ? `, which mends ${count(mends.length, 'file')}` : ''
  return says + files
}

function counted(changes: readonly Change[]): string {
  return count(
    changes.reduce((sum, { places }) => sum + places, 0),
    'change',
  )
}

function bullet(text: string, style: Style): string[] {
  return wrap(style, visible(text), '  - ', '    ')
}
