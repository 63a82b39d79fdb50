/** How often everything is measured that takes more than a moment. */
export const rounds = 3

/**
 * Seconds that each of the works takes, round by round. They take turns, so that a machine that grows slower or faster
 * meanwhile does so for all of them.
 */
export async function inTurns<Name extends string>(
  works: Readonly<Record<Name, () => Promise<void>>>,
  times = rounds,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[]
  const seconds = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < times; round++) {
    for (const name of names) seconds[name].push(await secondsOf(works[name]))
  }
  return seconds
}

export async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}

/** The median of what two numbers of each round come to together. */
export function paired(
  left: readonly number[],
  right: readonly number[],
  combine: (left: number, right: number) => number,
): number {
  return median(left.map((each, round) => combine(each, right[round]!)))
}

export function ratio(left: readonly number[], right: readonly number[]): number {
  return paired(left, right, (a, b) => a / b)
}

/** As Markdown, with a line before and behind it. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cellOf).join(' | ')} |\n`
  return ['\n', line(heading), line(heading.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('')
}

function cellOf(cell: string | number): string {
  return typeof cell === 'number' ? cell.toFixed(2) : cell
}
