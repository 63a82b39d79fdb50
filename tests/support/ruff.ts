import { type Diagnostic, PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs'

/** A place at which ruff says that a version of Python does not take a source. */
export interface RuffPlace {
  /** 1-based. */
  readonly line: number
  /** The id of the feature that its words are about; the words themselves where that is none. */
  readonly kind: string
}

const kinds = [
  ['Cannot reuse outer quote character in f-strings', 'f-string-quote-reuse'],
  ['Cannot use an escape sequence (backslash) in f-strings', 'f-string-backslash'],
  ['Cannot use comments in f-strings', 'f-string-comment'],
  ['Cannot use line breaks in non-triple-quoted f-string replacement fields', 'f-string-multiline-field'],
  ['Cannot use t-strings', 't-string'],
] as const

/** What ruff's parser finds that a minor version of Python does not take, in the order of the source. */
export function ruffPlaces(source: string, minor: string): RuffPlace[] {
  const settings = { 'target-version': `py${minor.replace('.', '')}`, lint: { select: [] } }
  const workspace = new Workspace(settings, PositionEncoding.Utf16)
  try {
    return (workspace.check(source) as Diagnostic[]).map(({ message, start_location: { row } }) => ({
      line: row,
      kind: kinds.find(([words]) => message.startsWith(words))?.[1] ?? message,
    }))
  } finally {
    workspace.free()
  }
}
