import type { Io } from './io.ts'

/** Whether to print in colours, which `--no-color` asks not to: https://no-color.org and https://force-color.org */
export function hasColours(isAllowed: boolean, { environment, out }: Io): boolean {
  if (!isAllowed || (environment.NO_COLOR ?? '') !== '') return false
  if ((environment.FORCE_COLOR ?? '') !== '') return environment.FORCE_COLOR !== '0'
  return out.isTerminal && environment.TERM !== 'dumb'
}
