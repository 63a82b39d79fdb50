import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { colourStyle, plainStyle, type Style } from '../report/style.ts'
import { hasColours } from './colours.ts'
import type { Io } from './io.ts'
import type { VerifyOptions } from './verify-options.ts'

/** Renders a document and writes it where it was asked for. */
export type WriteReport<Document> = (document: Document) => Promise<void>

/** What makes text of a document, by the name of the format. The style is that of where the text goes. */
export type Renderers<Document> = Readonly<Record<string, (document: Document, style: Style) => string>>

/**
 * Of `--format`: `json` or `json=report.json` each; text where there is none.
 *
 * @throws VerifierError for a format that there is not.
 */
export function reportFormats<Document>(
  { format, color }: Pick<VerifyOptions, 'format' | 'color'>,
  renderers: Renderers<Document>,
  io: Io,
): WriteReport<Document>[] {
  return (format.length === 0 ? ['text'] : format).map(target => {
    const [name = '', ...rest] = target.split('=')
    const file = rest.length === 0 ? null : rest.join('=')
    const style = file === null && hasColours(color, io) ? colourStyle : plainStyle
    const render = Object.hasOwn(renderers, name) ? renderers[name] : undefined
    if (render === undefined || file === '') {
      throw new VerifierError(
        'bad-usage',
        `--format ${target}: write ${Object.keys(renderers).join(' or ')}, or json=FILE`,
      )
    }
    return async document => {
      const rendered = render(document, style)
      if (file === null) io.out.write(rendered)
      else await save(resolve(io.cwd, file), rendered)
    }
  })
}

async function save(file: string, rendered: string): Promise<void> {
  try {
    await writeFile(file, rendered)
  } catch (cause) {
    throw new VerifierError('bad-usage', `cannot write the report to ${file}: ${(cause as Error).message}`, { cause })
  }
}
