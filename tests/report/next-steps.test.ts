import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { nextSteps } from '../../src/report/next-steps.ts'
import { report, skew } from '../support/report.ts'

const source = (path: string): Finding => ({ ...skew(path, 1), code: 'broken-source', evidence: {} })
const unnamed = (path: string): Finding => {
  const finding = source(path)
  return { ...finding, sites: finding.sites.map(site => ({ ...site, feature: null })) }
}

test('what is broken as committed is named once: by its constructs, or else by its file', () => {
  const steps = (...findings: readonly Finding[]) => nextSteps(report(findings)).filter(step => step.startsWith('mend'))
  expect(steps(source('a.py'))).toEqual([])
  expect(steps(unnamed('b.py'))).toEqual(['mend what stops in b.py, then commit'])
  expect(steps(source('a.py'), unnamed('b.py'))).toEqual(['mend what stops in b.py, then commit'])
  expect(steps({ ...source('a.py'), sitesComplete: false })).toEqual(['mend what stops in a.py, then commit'])
})
