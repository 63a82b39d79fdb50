import type { Sink } from './io.ts'

/** One line on a terminal that says what is being done, and goes when something else is to be shown; nothing elsewhere. */
export function progressLine(sink: Sink): { readonly show: (step: string) => void; readonly clear: () => void } {
  if (sink.columns === null) return { show: () => {}, clear: () => {} }
  const erase = '\r\u001b[K'
  // A line that the terminal has broken is erased only from its last part on.
  const cut = (line: string) => (line.length < sink.columns! ? line : `${line.slice(0, sink.columns! - 2)}…`)
  return { show: step => sink.write(`${erase}${cut(`${step} …`)}`), clear: () => sink.write(erase) }
}
