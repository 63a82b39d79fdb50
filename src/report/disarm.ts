/**
 * Text for a log that a CI runner reads for commands: `::error::` and its like at the beginning of a line, however far it is
 * indented, and `##[error]` or `##vso[…]` anywhere, are broken by an escape. All else stays as it is.
 *
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function disarm(lines: string): string {
  return lines.replace(/^([^\S\n]*):(?=:)/gm, '$1\\x3a').replace(/##(?=[A-Za-z]*\[)/g, '#\\x23')
}
