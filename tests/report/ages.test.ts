import { expect, test } from 'vitest'
import type { Feature, Finding } from '../../src/model/finding.ts'
import { conclusion } from '../../src/report/conclusion.ts'
import { nextSteps } from '../../src/report/next-steps.ts'
import { report, skew } from '../support/report.ts'

const comma: Feature = { id: 'c', title: 'a comma', since: '3.14', until: '3.0', pep: null }
const print: Feature = { id: 'p', title: 'a print statement', since: null, until: '3.0', pep: null }

/** A file with these constructs, which one other interpreter takes. */
function file(features: readonly Feature[], acceptedBy: string): Finding {
  const found = skew('app/a.py', 1)
  const sites = features.map(feature => ({ ...found.sites[0]!, feature }))
  return { ...found, sites, evidence: { acceptedBy: [acceptedBy] } }
}

test.each<[string, Finding, string, string]>([
  [
    'a file that a later Python takes',
    file([comma], '3.14.2'),
    '1 needs Python 3.14',
    'run it on Python 3.14 or later (now 3.11, from Dockerfile:1)',
  ],
  [
    'a file that Python 2 takes',
    file([comma], '2.7.18'),
    '1 needs a Python before 3.0',
    'write the one place with a comma as Python 3 has it',
  ],
  [
    'a file with a construct of Python 2 only',
    file([comma, print], 'unknown'),
    '1 needs a Python before 3.0',
    'write the 2 places with a comma and a print statement as Python 3 has it',
  ],
])('%s: what it needs, where a construct was taken, went, and came again', (_, finding, needs, step) => {
  const told = report([finding])
  expect(conclusion(told)).toContain(needs)
  expect(nextSteps(told)[0]).toBe(step)
})
