import type { Sink } from './io.ts'

/** One line that says what is being done. Whoever shows something else clears it before. */
export interface ProgressLine {
  readonly show: (step: string) => void
  readonly clear: () => void
}

/** On a terminal; nothing elsewhere. */
export function progressLine(sink: Sink): ProgressLine {
  if (sink.columns === null) return { show: () => {}, clear: () => {} }
  const erase = '\r\u001b[K'
  // A line that the terminal has broken is erased only from its last part on.
  const cut = (line: string) => (line.length < sink.columns! ? line : `${line.slice(0, sink.columns! - 2)}…`)
  return { show: step => sink.write(`${erase}${cut(`${step} …`)}`), clear: () => sink.write(erase) }
}
