import type { Command } from 'commander'
import { featureGuides } from '../../diagnosis/feature-guides.ts'
import { features } from '../../diagnosis/features.ts'
import { VerifierError } from '../../model/errors.ts'
import { nearNames } from '../../model/near-names.ts'
import { quoted } from '../../model/quoted.ts'
import { featureText, nameList, pageSummary, pageText } from '../../report/explanation.ts'
import type { Style } from '../../report/style.ts'
import type { Io } from '../io.ts'
import { sinkStyle } from '../sink-style.ts'
import { findingPages } from './finding-pages.ts'

/** `firstbreak explain [CODE]`: what a finding means or a construct is; without a code, which there are. */
export function explainCommand(program: Command, io: Io): void {
  program
    .command('explain')
    .argument('[code]', 'the code of a finding, or the id of a construct')
    .description('what a finding means, how it was decided, what to do; without a code, which there are')
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured as well)')
    .addHelpText('after', afterHelp)
    .allowExcessArguments(false)
    .action(async (code: string | undefined, { color }: { readonly color: boolean }) => {
      const style = sinkStyle(io.out, color, io)
      const pages = await findingPages()
      io.out.write(code === undefined ? listText(pages, style) : explanation(code, pages, style))
    })
}

/** @throws VerifierError when there is no such code. */
function explanation(code: string, pages: ReadonlyMap<string, string>, style: Style): string {
  const page = pages.get(code)
  if (page !== undefined) return pageText(page, style)
  const feature = features.find(({ id }) => id === code)
  if (feature !== undefined) return featureText(feature, featureGuides[code]!, style)
  const near = nearNames(code, [...pages.keys(), ...features.map(({ id }) => id)], 3).map(name => quoted(name))
  const help = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `
  throw new VerifierError(
    'bad-usage',
    `there is no finding or construct ${quoted(code)}: ${help}firstbreak explain lists all`,
  )
}

function listText(pages: ReadonlyMap<string, string>, style: Style): string {
  const lines = [
    style.strong('Findings'),
    ...nameList(
      [...pages].map(([code, page]) => [code, pageSummary(page)]),
      style,
    ),
    '',
    style.strong('Constructs that not every Python takes'),
    ...nameList(
      features.map(({ id, title }) => [id, title]),
      style,
    ),
  ]
  return `${lines.join('\n')}\n`
}

const afterHelp = `
Examples:
  $ firstbreak explain
  $ firstbreak explain version-skew
  $ firstbreak explain f-string-quote-reuse`
