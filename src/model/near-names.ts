/** Those of the names that are spelt nearly as `wanted`, the nearest first, at most `most`. Names of equal distance keep their order. */
export function nearNames<Name extends string>(wanted: string, names: Iterable<Name>, most: number): Name[] {
  const bound = Math.max(2, Math.ceil(wanted.length / 3))
  return [...names]
    .filter(name => Math.abs(name.length - wanted.length) <= bound)
    .map(name => ({ name, distance: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(each => each.distance <= bound)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name)
}

/** How many characters must be put in, taken out or replaced to make the one of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[to.length]!
}
