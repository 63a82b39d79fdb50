import { randomInt } from 'node:crypto'

/**
 * With which seed random tests begin, and by what their numbers of runs are multiplied: as the environment says, for the environment of
 * each test. Unless told, all runs but those of `npm run fuzz` have the same seed, so that no test fails by chance.
 */
export function randomness(isFuzzing: boolean, environment: NodeJS.ProcessEnv) {
  const { FIRSTBREAK_SEED = isFuzzing ? 'random' : '1', FIRSTBREAK_RUNS = isFuzzing ? '20' : '1' } = environment
  const seed = FIRSTBREAK_SEED === 'random' ? String(randomInt(2 ** 31)) : FIRSTBREAK_SEED
  if (!/^\d{1,10}$/.test(seed)) throw new Error('FIRSTBREAK_SEED is neither a whole number nor random')
  if (!/^[1-9]\d*$/.test(FIRSTBREAK_RUNS)) throw new Error('FIRSTBREAK_RUNS is no whole number from 1 on')
  return { FIRSTBREAK_SEED: seed, FIRSTBREAK_RUNS }
}
