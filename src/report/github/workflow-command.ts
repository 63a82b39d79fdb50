/** What GitHub's runner makes an annotation of. */
export type AnnotationLevel = 'error' | 'warning' | 'notice'

/**
 * A line on standard output that the runner takes for a command. Properties and message come through as they are: `%` and line
 * breaks are escaped, and in properties `:` and `,` as well, so that neither can end the command or begin another.
 */
export function workflowCommand(
  level: AnnotationLevel,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const pairs = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`)
  return `::${level}${pairs.length === 0 ? '' : ` ${pairs.join(',')}`}::${escapedData(message)}\n`
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
