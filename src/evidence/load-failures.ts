/** What the last line of a traceback tells. */
export interface Raised {
  readonly exception: string
  readonly message: string
}

type Reading = readonly [RegExp, (match: readonly string[]) => Raised]

const python = String.raw`(?:\S*[\\/])?python[\w.]*`
const errors: Readonly<Record<string, string>> = { 2: 'FileNotFoundError', 13: 'PermissionError' }

/** What is said in other words where an exception was caught: by Python of what it is to run, by what serves an application of that. */
const readings: readonly Reading[] = [
  [new RegExp(`^${python}: No module named '?([\\w.]+)'?(;.*)?$`), ([, module, more = '']) => missing(module!, more)],
  [
    new RegExp(`^${python}: Error while finding module specification for .+ \\((\\w+): (.*)\\)$`),
    ([, exception, message]) => ({ exception: exception!, message: message! }),
  ],
  [
    new RegExp(`^${python}: (can't open file .+: \\[Errno (\\d+)\\] .+)$`),
    ([, message, errno]) => ({ exception: errors[errno!] ?? 'OSError', message: message! }),
  ],
  // uvicorn
  [/^Error loading ASGI app\. Could not import module "([\w.]+)"\.$/, ([, module]) => missing(module!)],
  [
    /^Error loading ASGI app\. (Attribute ".+" not found in module ".+")\.$/,
    ([, message]) => ({ exception: 'AttributeError', message: message! }),
  ],
  // gunicorn
  [
    /^(Failed to find attribute '.+' in '.+')\.$/,
    ([, message]) => ({ exception: 'AttributeError', message: message! }),
  ],
  // flask
  [/^Error: Could not import '([\w.]+)'\.$/, ([, module]) => missing(module!)],
  [
    /^Error: (Failed to find Flask application or factory in module '.+')\. /,
    ([, message]) => ({ exception: 'AttributeError', message: message! }),
  ],
]

/** The exception that a program caught when it loaded another, where a line by itself tells of one in words of its own. */
export function caughtLoading(line: string): Raised | null {
  for (const [pattern, read] of readings) {
    const match = pattern.exec(line)
    if (match !== null) return read(match)
  }
  return null
}

function missing(module: string, more = ''): Raised {
  return { exception: 'ModuleNotFoundError', message: `No module named '${module}'${more}` }
}
