/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, and without, `bound`. */
  readonly below: (bound: number) => number
  readonly pick: <T>(items: readonly T[]) => T
}

/** A generator by the name of mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
  return { below, pick: items => items[below(items.length)]! }
}
