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
  /** Each, in the order in which they were added. */
  each(tell: (path: number, version: Version<Held>) => void): void
}

export function versionsOfPaths<Held>(): Versions<Held> {
  const all: (Version<Held> & { readonly path: number; readonly earlier: number })[] = []
  // Of each path, the one that was added last; it leads to those that were added earlier.
  const newest = new Map<number, number>()

  function* versionsOf(path: number): Generator<Version<Held>> {
    for (let i = newest.get(path) ?? -1; i >= 0; i = all[i]!.earlier) yield all[i]!
  }

  return {
    add(path, time, held) {
      all.push({ path, time, held, earlier: newest.get(path) ?? -1 })
      newest.set(path, all.length - 1)
    },
    at(path, time) {
      for (const version of versionsOf(path)) if (version.time === time) return version.held
      return null
    },
    before(path, time) {
      let last: Version<Held> | undefined
      for (const version of versionsOf(path)) {
        if (version.time < time && (last === undefined || version.time > last.time)) last = version
      }
      return last
    },
    each(tell) {
      for (const version of all) tell(version.path, version)
    },
  }
}
