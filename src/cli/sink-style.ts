import { colourStyle, plainStyle, type Style } from '../report/style.ts'
import type { Io, Sink } from './io.ts'

/** Terminals that call themselves narrower are written to as if they were not: nothing is readable there. */
const narrowest = 60

/** How to print to a sink: in colours unless `--no-color` or the environment asks not to, and no wider than its terminal. */
export function sinkStyle(sink: Sink, isColourAllowed: boolean, io: Pick<Io, 'environment'>): Style {
  const style = hasColours(sink, isColourAllowed, io) ? colourStyle : plainStyle
  return sink.columns === null ? style : { ...style, columns: Math.max(narrowest, sink.columns) }
}

/** https://no-color.org and https://force-color.org */
function hasColours(sink: Sink, isAllowed: boolean, { environment }: Pick<Io, 'environment'>): boolean {
  if (!isAllowed || (environment.NO_COLOR ?? '') !== '') return false
  if ((environment.FORCE_COLOR ?? '') !== '') return environment.FORCE_COLOR !== '0'
  return sink.columns !== null && environment.TERM !== 'dumb'
}
