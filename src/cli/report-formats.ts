import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import { plainStyle, type Style } from '../report/style.ts'
import type { Io } from './io.ts'
import { sinkStyle } from './sink-style.ts'
import type { VerifyOptions } from './verify-options.ts'

/** Where one format of a report goes. */
export interface Target<Name extends string = string> {
  readonly name: Name
  /** Absolute; null for standard output. */
  readonly file: string | null
}

/** What makes text of a document, by the name of the format. The style is that of where the text goes. */
export type Renderers<Document> = Readonly<Record<string, (document: Document, style: Style) => string>>

/**
 * Of `--format`, which may be given several times: `json` or `json=report.json`; `text` when it is not given at all.
 *
 * @param names the formats that there are.
 * @throws VerifierError for a format that there is not, and for two that go to one file.
 */
export function formatTargets<Name extends string>(
  format: readonly string[],
  names: readonly Name[],
  { cwd }: Pick<Io, 'cwd'>,
): Target<Name>[] {
  const targets = (format.length === 0 ? ['text'] : format).map(each => parseTarget(each, names, cwd))
  assertApart(targets)
  return targets
}

/** The style for a report that goes there. */
export function styleFor({ file }: Target, { color }: Pick<VerifyOptions, 'color'>, io: Io): Style {
  return file === null ? sinkStyle(io.out, color, io) : plainStyle
}

/** @throws VerifierError when the file cannot be written. */
export async function writeTo({ file }: Target, rendered: string, io: Io): Promise<void> {
  if (file === null) return io.out.write(rendered)
  await writeFile(file, rendered).catch(cause => {
    throw new VerifierError('bad-usage', `cannot write the report to ${file}: ${cause.message}`, { cause })
  })
}

/**
 * Renders a document and writes it to everywhere it was asked for.
 *
 * @throws VerifierError as `formatTargets` does, and in the end as `writeTo`.
 */
export function reportFormats<Document>(
  options: Pick<VerifyOptions, 'format' | 'color'>,
  renderers: Renderers<Document>,
  io: Io,
): (document: Document) => Promise<void> {
  const targets = formatTargets(options.format, Object.keys(renderers), io)
  return async document => {
    for (const target of targets) {
      await writeTo(target, renderers[target.name]!(document, styleFor(target, options, io)), io)
    }
  }
}

function parseTarget<Name extends string>(target: string, names: readonly Name[], cwd: string): Target<Name> {
  const [given = '', ...rest] = target.split('=')
  const file = rest.length === 0 ? null : rest.join('=')
  const name = names.find(each => each === given)
  if (name !== undefined && file !== '') return { name, file: file === null ? null : resolve(cwd, file) }
  throw new VerifierError(
    'bad-usage',
    `--format ${target}: write ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, or with a file, as json=FILE`,
  )
}

function assertApart(targets: readonly Target[]): void {
  const files = targets.flatMap(({ file }) => file ?? [])
  const twice = files.find((file, i) => files.indexOf(file) < i)
  if (twice === undefined) return
  throw new VerifierError(
    'bad-usage',
    `--format: two reports would go to ${quoted(twice)}; name another file for one of them`,
  )
}
