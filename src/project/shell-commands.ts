import { type ParseEntry, parse } from 'shell-quote'

/** Of a script, the most that are looked at. */
const mostCommands = 200

/** What may stand before a command and is none. */
const noCommands = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'exec', 'command', 'time'])

/**
 * The simple commands of a shell script, in its order, as words; the values of variables come from `environment`, those it
 * does not hold are empty, and `"$@"` stands for `args`. It is no shell: what a script computes is not known.
 */
export function shellCommands(
  script: string,
  environment: ReadonlyMap<string, string>,
  args: readonly string[] = [],
): readonly (readonly string[])[] {
  const value = (name: string) => expanded(name, environment)
  const commands: string[][] = []
  for (const line of script.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    let words: string[] = []
    for (const token of tokensOf(line.replace(/"?\$(?:@|\*|\{@\})"?/g, allArguments), value)) {
      if (typeof token === 'string') words.push(...(token === allArguments ? args : [token]))
      else if ('comment' in token) break
      else if (token.op === 'glob') words.push(token.pattern)
      else {
        commands.push(words)
        words = []
      }
    }
    commands.push(words)
    if (commands.length > mostCommands) break
  }
  return commands.map(withoutPrefix).filter(words => words.length > 0)
}

/** None of a line that no shell could read either. */
function tokensOf(line: string, value: (name: string) => string): readonly ParseEntry[] {
  try {
    return parse(line, value)
  } catch {
    return [] // as for a substitution that is not ended
  }
}

/** A word that no script writes. */
const allArguments = '\u0001'

/** `NAME`, or what stands in braces, `NAME:-default`. */
function expanded(text: string, environment: ReadonlyMap<string, string>): string {
  const [, name = '', byDefault = ''] = /^(\w+)(?::?-(.*))?$/.exec(text) ?? []
  return environment.get(name) || byDefault
}

/** Without what sets variables for the command, or only says when it runs. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const first = words.findIndex(word => !noCommands.has(word) && !/^\w+=/.test(word))
  return first === -1 ? [] : words.slice(first)
}
