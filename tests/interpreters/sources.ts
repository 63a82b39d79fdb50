import { readdirSync, readFileSync } from 'node:fs'
import type { Verdict } from '../../src/model/verdict.ts'

/** What a CPython says of a source by itself; null when it compiles. */
export interface Label {
  readonly exception: string
  readonly message: string
  /** As CPython counts: 0 for a coding cookie; null where it names no line of the source. */
  readonly line: number | null
}

/** A folder of sources, and what CPythons say of them: `fixtures/label.ts` writes that down. */
export interface Fixtures {
  /** By name. */
  readonly sources: ReadonlyMap<string, Uint8Array>
  /** By exact version, then by name of the source. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, Label | null>>>>
}

/** Reads a folder of fixtures. */
export function fixturesIn(name: string): Fixtures {
  const folder = new URL(`../../fixtures/${name}/`, import.meta.url)
  const names = readdirSync(folder).filter(each => each.endsWith('.py'))
  return {
    sources: new Map(names.map(each => [each, readFileSync(new URL(each, folder))])),
    labels: JSON.parse(readFileSync(new URL('verdicts.json', folder), 'utf8')),
  }
}

export const { sources, labels } = fixturesIn('sources')

/** A verdict in the words of a label, so that both can be compared. */
export function labelOf(verdict: Verdict, line: number | null): Label | null | Verdict {
  if (verdict.kind === 'compiles') return null
  if (verdict.kind === 'undecided') return verdict
  const { exception, message, at } = verdict
  // Where CPython names no line, or line 0, the place is found by firstbreak.
  return { exception, message, line: line === null || line === 0 ? line : (at?.line ?? null) }
}

/** The text of a source from the verdict's place on: `$` where that is what it stops at. */
export function textAt(name: string, verdict: Verdict): string | null {
  if (verdict.kind !== 'breaks' || verdict.at === null) return null
  const { line, column } = verdict.at
  return Array.from(linesOf(name)[line - 1] ?? '')
    .slice(column - 1)
    .join('')
}

/** The text between a verdict's place and its end; null when it has no end. */
export function textTo(name: string, verdict: Verdict): string | null {
  if (verdict.kind !== 'breaks' || verdict.at === null || verdict.end === null) return null
  if (verdict.end.line !== verdict.at.line) return null
  return Array.from(textAt(name, verdict)!)
    .slice(0, verdict.end.column - verdict.at.column)
    .join('')
}

function linesOf(name: string): string[] {
  const bytes = sources.get(name)!
  const cookie = /coding: (latin-1|shift_jis)/.exec(Buffer.from(bytes).toString('latin1'))?.[1]
  return new TextDecoder(cookie?.replace('latin-1', 'latin1') ?? 'utf-8').decode(bytes).split(/\r\n|\r|\n/)
}

/** Why two builds of a minor version do not say the same of a source: by their versions, the embedded one first; then by source. */
export const causes = JSON.parse(
  readFileSync(new URL('../../fixtures/agreement/causes.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, string>>>>
