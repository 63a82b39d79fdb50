import { createHash } from 'node:crypto'
import type { Occurrence } from './occurrence.ts'

/**
 * An id for each occurrence, 32 hex digits: the same in every run that finds the same, wherever in the file it stands by then. It
 * rests on the code, the file, the construct or message and the text of the line, and counts occurrences that agree in all of
 * that. Ask for each occurrence once, in the order of the report.
 */
export function fingerprinter(): (occurrence: Occurrence) => string {
  const seen = new Map<string, number>()
  return occurrence => {
    const basis = JSON.stringify(basisOf(occurrence))
    const number = seen.get(basis) ?? 0
    seen.set(basis, number + 1)
    return createHash('sha256').update(`${basis}#${number}`).digest('hex').slice(0, 32)
  }
}

function basisOf({ finding, site }: Occurrence): unknown[] {
  const { code, path, evidence, excerpt } = finding
  const line = excerpt.find(({ number }) => number === site?.start?.line)?.text
  return [
    [code, path, evidence.after?.stage, evidence.imagePath, evidence.bytecode],
    site === null ? null : [site.feature?.id ?? withoutNumbers(site.message), line?.trim().replace(/\s+/g, ' ')],
    [evidence.reason, evidence.interpreter, evidence.provenance?.subject, evidence.provenance?.stage],
    evidence.conflict === undefined
      ? null
      : [evidence.conflict.kind, evidence.conflict.declared.map(({ from }) => withoutNumbers(from))],
    evidence.collision?.paths.map(each => each.path),
  ]
}

/** Messages and places name lines, which shift. */
function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, '#')
}
