import type { Reporter } from 'vitest/node'

/** Fails a run in which a test was skipped or is still to be written, however that came about. */
export const noSkips: Reporter = {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap(module => [...module.children.allTests('skipped')])
    if (skipped.length === 0) return
    const names = skipped.map(test => `  ${test.module.relativeModuleId}: ${test.fullName}`)
    console.error(['FIRSTBREAK_NO_SKIPS=1 allows no skipped test, and these were:', ...names, ''].join('\n'))
    process.exitCode = 1
  },
}
