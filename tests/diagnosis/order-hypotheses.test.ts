import { expect, test } from 'vitest'
import type { Draft } from '../../src/diagnosis/drafts/draft.ts'
import { explainedBy, orderHypotheses } from '../../src/diagnosis/order-hypotheses.ts'
import type { HypothesisId } from '../../src/model/hypothesis.ts'

const answer = (id: HypothesisId, state: 'confirmed' | 'refuted' | 'not-examined', explains = 0, about = 0) => ({
  id,
  state,
  explains,
  about,
  evidence: '',
})

test('what explains most comes first, then what is about more files, then the order given', () => {
  const ordered = orderHypotheses([
    answer('interpreter-differs', 'confirmed', 1, 50),
    answer('bytes-altered-in-upload', 'not-examined'),
    answer('bytes-altered-in-build', 'confirmed', 0, 3),
    answer('stale-image', 'refuted', 0, 9),
    answer('uncommitted-source', 'confirmed', 2, 2),
    answer('broken-before-commit', 'refuted'),
    answer('files-dropped', 'confirmed', 0, 4),
    answer('stale-bytecode', 'confirmed', 1, 50),
  ])
  expect(ordered.map(({ id }) => id)).toEqual([
    'uncommitted-source',
    'interpreter-differs',
    'stale-bytecode',
    'files-dropped',
    'bytes-altered-in-build',
    'stale-image',
    'broken-before-commit',
    'bytes-altered-in-upload',
  ])
  expect(ordered[0]).toEqual({ id: 'uncommitted-source', state: 'confirmed', explains: 2, evidence: '' })
})

test('a broken file counts once for its cause, and what is installed in an image for none', () => {
  const draft = (path: string, given: Partial<Draft> = {}) =>
    ({ code: 'version-skew', severity: 'error', trace: { path }, breaks: {}, evidence: {}, ...given }) as Draft
  const drafts = [
    draft('a.py'),
    draft('a.py'),
    draft('b.py', { severity: 'note' }),
    draft('os.py', { severity: 'warning', evidence: { installed: true } }),
    draft('c.py', { code: 'altered-in-image', severity: 'warning', breaks: null }),
    draft('d.py', { code: 'stale-in-image', breaks: null }),
  ]
  expect(explainedBy('interpreter-differs', drafts)).toBe(2)
  expect(explainedBy('bytes-altered-in-build', drafts)).toBe(0)
  expect(explainedBy('stale-image', drafts)).toBe(1)
})
