import { expect, test } from 'vitest'
import { interpreterLabels } from '../../src/report/interpreter-labels.ts'
import { report } from '../support/report.ts'

test('interpreters of one version and one role are told apart by the images that they are of', () => {
  const [first] = report([]).interpreters
  const start = { program: 'python', arguments: [] } as never
  const own = (stage: string) => ({
    ...first!,
    id: stage,
    provider: 'image' as const,
    stage,
    reachedBy: 'start' as const,
    start,
  })
  const labels = interpreterLabels({
    ...report([]),
    interpreters: [own('local'), own('cloud'), { ...first!, version: '3.12.1' }],
  })
  const title = `${first!.version} ${first!.roles.join('+')}`.trim()
  expect(labels).toEqual([`${title} (local)`, `${title} (cloud)`, title.replace(first!.version, '3.12.1')])
})
