import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/support/longest-first.ts'
import { noSkips } from './tests/support/no-skips.ts'
import { randomness } from './tests/support/randomness.ts'

const allowsSkips = process.env.FIRSTBREAK_NO_SKIPS !== '1'

export default defineConfig(({ mode }) => {
  const isFuzzing = mode === 'fuzz'
  const env = randomness(isFuzzing, process.env)
  if (isFuzzing || process.env.FIRSTBREAK_SEED === 'random')
    console.log(`FIRSTBREAK_SEED=${env.FIRSTBREAK_SEED} FIRSTBREAK_RUNS=${env.FIRSTBREAK_RUNS}`)
  return {
    test: {
      include: ['tests/**/*.test.ts'],
      env,
      globalSetup: './tests/support/shared-folder.ts',
      reporters: allowsSkips ? ['default'] : [noSkips, 'default'],
      allowOnly: allowsSkips,
      // Much of a test is waiting for processes that it started, or for an engine.
      maxWorkers: availableParallelism() + 1,
      sequence: { sequencer: LongestFirst },
      // No test is of its time: these only end what hangs, and a loaded machine may need long for what compiles much.
      testTimeout: 240_000,
      hookTimeout: 240_000,
      expect: { poll: { timeout: 50_000 } },
    },
  }
})
