import { defineConfig } from 'vitest/config'
import { noSkips } from './tests/support/no-skips.ts'

const allowsSkips = process.env.FIRSTBREAK_NO_SKIPS !== '1'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    reporters: allowsSkips ? ['default'] : [noSkips, 'default'],
    allowOnly: allowsSkips,
    // Most of a test is waiting for processes that it started.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
