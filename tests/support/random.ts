import fc from 'fast-check'
import { vi } from 'vitest'

/** What the random tests of this run begin with; vitest.config.ts says which it is. */
export const seed = Number(process.env.FIRSTBREAK_SEED)
const factor = Number(process.env.FIRSTBREAK_RUNS)
const limit = 300_000 * factor

vi.setConfig({ testTimeout: limit })
// Ends before the test's own time does: a failure that is still being made smaller is told then, and its seed with it.
fc.configureGlobal({ seed, interruptAfterTimeLimit: 0.8 * limit, markInterruptAsFailure: true })

/** fast-check, with the seed of this run. */
export { fc }

/** How many runs a property has in this run, where it usually has `usual`. */
export function runs(usual: number): number {
  return usual * factor
}
