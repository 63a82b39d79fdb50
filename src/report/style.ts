import { styleText } from 'node:util'

/** How words are set off from one another, with colours or not at all, and how much room a line has. */
export interface Style {
  readonly strong: (text: string) => string
  readonly dim: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
  readonly good: (text: string) => string
  /** Columns of the terminal that is written to; infinite where nothing breaks a line. */
  readonly columns: number
}

const plain = (text: string) => text
const columns = Number.POSITIVE_INFINITY

export const plainStyle: Style = { strong: plain, dim: plain, bad: plain, doubtful: plain, good: plain, columns }

/** Whether there is a terminal to see it is the caller's to know. */
export const colourStyle: Style = {
  strong: text => styleText('bold', text, { validateStream: false }),
  dim: text => styleText('dim', text, { validateStream: false }),
  bad: text => styleText(['bold', 'red'], text, { validateStream: false }),
  doubtful: text => styleText(['bold', 'yellow'], text, { validateStream: false }),
  good: text => styleText(['bold', 'green'], text, { validateStream: false }),
  columns,
}
