/** What GitHub's runner makes of a line on standard output. */
export interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** Those that a runner knows, as far as they matter here. */
const known = [
  ...['error', 'warning', 'notice', 'debug', 'group', 'endgroup', 'echo', 'add-mask', 'stop-commands', 'save-state'],
  ...['set-output', 'set-env', 'add-path', 'add-matcher', 'remove-matcher'],
]

/**
 * The commands that the runner carries out, by its own rules: `::name key=value,…::data` behind any white space at the beginning
 * of a line, else `##[name key=value;…]data` anywhere in it. After `stop-commands`, none.
 *
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function commandsIn(output: string): Command[] {
  const commands = output.split(/\r\n|\r|\n/).flatMap(line => doubleColon(line) ?? bracket(line) ?? [])
  const stop = commands.findIndex(({ name }) => name === 'stop-commands')
  return stop === -1 ? commands : commands.slice(0, stop + 1)
}

function doubleColon(line: string): Command | null {
  const trimmed = line.trimStart()
  const end = trimmed.startsWith('::') ? trimmed.indexOf('::', 2) : -1
  if (end === -1) return null
  return command(trimmed.slice(2, end), trimmed.slice(end + 2), ',', {
    '%0D': '\r',
    '%0A': '\n',
    '%3A': ':',
    '%2C': ',',
  })
}

function bracket(line: string): Command | null {
  const start = line.indexOf('##[')
  const end = start === -1 ? -1 : line.indexOf(']', start)
  if (end === -1) return null
  return command(line.slice(start + 3, end), line.slice(end + 1), ';', {
    '%3B': ';',
    '%0D': '\r',
    '%0A': '\n',
    '%5D': ']',
  })
}

function command(
  info: string,
  data: string,
  separator: string,
  escapes: Readonly<Record<string, string>>,
): Command | null {
  const space = info.indexOf(' ')
  const name = (space === -1 ? info : info.slice(0, space)).toLowerCase()
  if (!known.includes(name)) return null
  const pairs =
    space === -1
      ? []
      : info
          .slice(space + 1)
          .trim()
          .split(separator)
          .filter(pair => pair !== '')
  const properties = pairs.flatMap(pair => {
    const [key = '', ...value] = pair.split('=')
    return value.length === 0 || value.join('=') === '' ? [] : [[key, unescaped(value.join('='), escapes)]]
  })
  const { '%0D': cr, '%0A': lf } = escapes
  const ofData = separator === ',' ? { '%0D': cr!, '%0A': lf! } : escapes
  return { name, properties: Object.fromEntries(properties), data: unescaped(data, ofData) }
}

function unescaped(text: string, escapes: Readonly<Record<string, string>>): string {
  const replaced = Object.entries(escapes).reduce((rest, [written, meant]) => rest.replaceAll(written, meant), text)
  return replaced.replaceAll('%25', '%')
}
