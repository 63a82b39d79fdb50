/** Something that a path held, since when. */
interface Version<Held> {
  readonly time: number
  readonly held: Held
}

/** All that matters of what paths held, by their numbers. */
export interface Versions<Held> {
  add(path: number, time: number, held: Held): void
  /** What was put there at that time; null when it is nothing that matters. */
  at(path: number, time: number): Held | null
  /** What was there last before a time; undefined where nothing that matters was. */
  before(path: number, time: number): Version<Held> | undefined
  /** In no particular order. */
  all(): Iterable<readonly [number, Version<Held>]>
}

export function versionsOfPaths<Held>(): Versions<Held> {
  const byPath = new Map<number, Version<Held>[]>()
  return {
    add(path, time, held) {
      const known = byPath.get(path)
      if (known === undefined) byPath.set(path, [{ time, held }])
      else known.push({ time, held })
    },
    at: (path, time) => byPath.get(path)?.find(version => version.time === time)?.held ?? null,
    before(path, time) {
      const earlier = byPath.get(path)?.filter(version => version.time < time) ?? []
      return earlier.reduce<Version<Held> | undefined>(
        (a, b) => (a === undefined || a.time < b.time ? b : a),
        undefined,
      )
    },
    *all() {
      for (const [path, versions] of byPath) for (const version of versions) yield [path, version] as const
    },
  }
}
