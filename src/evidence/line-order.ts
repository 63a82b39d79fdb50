import { frameOf } from './frame.ts'
import type { LogLine } from './log-lines.ts'

/**
 * Lines with the oldest first: `gcloud logging read --format='value(textPayload)'` prints the newest first, and nothing tells their
 * times. A traceback tells: its first line stands before a frame, and behind one only where the order is the other.
 */
export function oldestFirst(lines: readonly LogLine[], header: string): readonly LogLine[] {
  const isFrame = (at: number) => frameOf(lines[at]?.text ?? '') !== null
  const headers = lines.flatMap(({ text }, at) => (text.trimEnd() === header ? at : []))
  const isReversed = headers.length > 0 && headers.every(at => isFrame(at - 1) && !isFrame(at + 1))
  return isReversed ? lines.toReversed() : lines
}
