import type { Frame, Traceback } from '../model/log.ts'
import type { LogLine } from './log-lines.ts'

/**
 * What ended an interpreter itself, as a segmentation fault with `PYTHONFAULTHANDLER=1`, in the order of the lines. Python shows
 * these frames in the opposite order, and no source.
 */
export function readFatalErrors(lines: readonly LogLine[], subject: string | null): Traceback[] {
  const found: (Traceback & { frames: Frame[] })[] = []
  let isOfThread = false
  for (const { text, at } of lines) {
    const [, message] = /^Fatal Python error: (.+)$/.exec(text) ?? []
    const last = found.at(-1)
    if (message !== undefined) {
      found.push({ kind: 'runtime', exception: 'Fatal Python error', message, frames: [], at, subject })
    } else if (/^Current thread .*\(most recent call first\):$/.test(text)) isOfThread = true
    else if (isOfThread && last !== undefined) {
      const [, path, line, name] = /^\s*File "(.+)", line (\d{1,9}) in (.+)$/.exec(text) ?? []
      if (path === undefined) isOfThread = false
      else last.frames.unshift({ path, line: Number(line), function: name!, text: null })
    }
  }
  return found
}
