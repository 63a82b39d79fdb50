import type { Sink } from './io.ts'

/** One line on a terminal that says what is being done, and goes when something else is to be shown; nothing elsewhere. */
export function progressLine(sink: Sink): { readonly show: (step: string) => void; readonly clear: () => void } {
  if (!sink.isTerminal) return { show: () => {}, clear: () => {} }
  const erase = '\r\u001b[K'
  return { show: step => sink.write(`${erase}${step} …`), clear: () => sink.write(erase) }
}
