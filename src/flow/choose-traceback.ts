import type { CrashKind, Traceback } from '../model/log.ts'

/** What ends a start comes first: a program that does not load never gets to anything else. */
const order: readonly CrashKind[] = ['syntax', 'import', 'runtime']

/**
 * The exception that ended the program, and how often the log has it: of the deployment that is asked about, or else of the
 * one that logged last; a failure to load before whatever was raised because of it; the last one of those. Null for none.
 */
export function chooseTraceback(
  tracebacks: readonly Traceback[],
  deployment: string | null,
): { readonly traceback: Traceback; readonly times: number } | null {
  const isOwn = ({ subject }: Traceback) => subject === deployment || subject?.startsWith(`${deployment} `) === true
  const own = deployment === null ? [] : tracebacks.filter(isOwn)
  const last = tracebacks.at(-1)
  const considered = own.length > 0 ? own : tracebacks.filter(({ subject }) => subject === last?.subject)
  for (const kind of order) {
    const traceback = considered.findLast(each => each.kind === kind)
    if (traceback === undefined) continue
    return { traceback, times: considered.filter(each => isSame(each, traceback)).length }
  }
  return null
}

function isSame(a: Traceback, b: Traceback): boolean {
  const [left, right] = [a.frames.at(-1), b.frames.at(-1)]
  return (
    a.exception === b.exception && a.message === b.message && left?.path === right?.path && left?.line === right?.line
  )
}
