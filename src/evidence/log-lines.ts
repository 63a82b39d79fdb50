/** One line of what a program wrote. */
export interface LogLine {
  /** Without colours, and without what a logger, a container engine or gcloud puts before it. */
  readonly text: string
  /** In RFC 3339; null where nothing tells. */
  readonly at: string | null
  /** Whether a logger began it as a message of its own. */
  readonly isMessage: boolean
}

/** Longer lines are cut: nothing that is read of a line stands so far behind. */
const longestLine = 20_000

/** The lines of a text that was logged at once. */
export function linesOf(text: string, at: string | null): LogLine[] {
  return text.split(/\r*\n/).map(line => bareLine(line.slice(0, longestLine), at))
}

function bareLine(line: string, at: string | null): LogLine {
  let text = withoutColours(line)
  let own: string | null = null
  let isMessage = false
  for (const [prefix, isOfLogger] of prefixes) {
    const match = prefix.exec(text)
    if (match === null) continue
    own ??= match.groups?.time ?? null
    isMessage ||= isOfLogger
    text = text.slice(match[0].length)
  }
  return { text, at: at ?? timeOf(own), isMessage }
}

/** CPython 3.13 and later colour tracebacks; loggers colour levels, and make links of paths. */
function withoutColours(line: string): string {
  return line.replace(/\u001b(?:\[[0-9;]*[A-Za-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g, '')
}

/**
 * What may stand before a line, in this order: the name that docker compose puts there, a time as `docker logs --timestamps`,
 * `kubectl logs --timestamps` and `gcloud run services logs read` write it, the stream behind it in the files of Kubernetes, then
 * how gunicorn and uvicorn begin a message (`true`).
 */
const prefixes: readonly (readonly [RegExp, boolean])[] = [
  [/^[\w.-]+ *\| /, false],
  [/^(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) (?=\S| {2}|$)/, false],
  [/^(?:stdout|stderr) [FP] /, false],
  [/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\] \[[A-Z]+\] /, true],
  [/^(?:CRITICAL|ERROR|WARNING|INFO|DEBUG): +(?=\S)/, true],
]

/** Only where it says which time it is, and not what a clock showed somewhere. */
function timeOf(written: string | null): string | null {
  return written !== null && /^\S+T\S+Z$/.test(written) ? written : null
}
