import type { Site, Suggestion } from '../model/finding.ts'
import { allowedWhere } from './feature-words.ts'
import { visible } from './visible.ts'

/** What is wrong at a place: the construct and who takes it, or the interpreter's own words. `version` is the interpreter's. */
export function describeSite({ feature, message }: Site, version: string): string {
  if (feature === null) return visible(message)
  const allowed = allowedWhere(feature)
  const what = `Cannot use ${feature.title} on Python ${version}`
  return allowed === '' ? `${what}: ${visible(message)}` : `${what} (${allowed})`
}

/** A suggestion in one line: what to do and, where it is short, how that part then reads. */
export function describeSuggestion({ advice, edits }: Suggestion): string {
  const [first] = edits
  const isShort = edits.length === 1 && /^.{1,60}$/.test(first!.replacement)
  return `${advice}${isShort ? `: ${visible(first!.replacement.trim())}` : ''}`
}
