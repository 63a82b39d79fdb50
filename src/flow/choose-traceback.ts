import type { CrashKind, Traceback } from '../model/log.ts'

/** What ends a start comes first: a program that does not load never gets to anything else. */
const order: readonly (readonly CrashKind[])[] = [['syntax'], ['import'], ['runtime', 'cut']]

/**
 * The exception that ended the program, and how often the log has it: of the deployment that is asked about, or else of the
 * one that logged last; a failure to load before whatever was raised because of it; the last one of those, and of one that
 * is cut off the one that is whole. Null for none.
 */
export function chooseTraceback(
  tracebacks: readonly Traceback[],
  deployment: string | null,
): { readonly traceback: Traceback; readonly times: number } | null {
  const isOwn = ({ subject }: Traceback) => subject === deployment || subject?.startsWith(`${deployment} `) === true
  const own = deployment === null ? [] : tracebacks.filter(isOwn)
  const last = tracebacks.at(-1)
  const considered = own.length > 0 ? own : tracebacks.filter(({ subject }) => subject === last?.subject)
  for (const kinds of order) {
    const end = considered.findLast(({ kind }) => kinds.includes(kind))
    if (end === undefined) continue
    const traceback = end.exception !== null ? end : (considered.findLast(each => isWholeOf(each, end)) ?? end)
    return { traceback, times: considered.filter(each => isSame(each, traceback)).length }
  }
  return null
}

/** Whether one goes as the other does as far as that is there, and on to its end. */
function isWholeOf({ exception, frames }: Traceback, cut: Traceback): boolean {
  return (
    exception !== null && cut.frames.every(({ path, line }, i) => frames[i]?.path === path && frames[i].line === line)
  )
}

function isSame(a: Traceback, b: Traceback): boolean {
  const [left, right] = [a.frames.at(-1), b.frames.at(-1)]
  return (
    a.exception === b.exception && a.message === b.message && left?.path === right?.path && left?.line === right?.line
  )
}
