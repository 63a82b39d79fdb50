import type { Site, SourceLine } from '../model/finding.ts'

/** Of a place that spans more, only the beginning is shown. Lines. */
const mostLinesOfPlace = 6

/** A construct goes on behind the point at which the interpreter stops. Lines. */
const after = 2

/** The lines of each site and some around them, each once, in order. Decoded as UTF-8, or as Latin-1 where that fails. */
export function excerpt(source: Uint8Array, sites: readonly Site[]): SourceLine[] {
  // What ends the last line begins no other.
  const lines = decode(source)
    .replace(/(?:\r\n|\r|\n)$/, '')
    .split(/\r\n|\r|\n/)
  const numbers = new Set<number>()
  for (const { start, end } of sites) {
    if (start === null) continue
    const last = Math.min(Math.max(start.line, end?.line ?? 0), start.line + mostLinesOfPlace - 1)
    for (let number = start.line - 1; number <= last + after; number++) numbers.add(number)
  }
  return [...numbers]
    .filter(number => number >= 1 && number <= lines.length)
    .sort((a, b) => a - b)
    .map(number => ({ number, text: lines[number - 1]! }))
}

function decode(source: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source)
  } catch {
    return Buffer.from(source).toString('latin1')
  }
}
