import { expect, test } from 'vitest'
import { counterCheck } from '../../src/interpreters/counter-check.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { CastInterpreter, ImageInterpreter } from '../../src/model/interpreter.ts'
import type { Verdict } from '../../src/model/verdict.ts'

const compiles: Verdict = { kind: 'compiles' }
const breaks: Verdict = { kind: 'breaks', at: null, end: null, exception: 'SyntaxError', message: 'invalid syntax' }
const unknown: Verdict = { kind: 'undecided', reason: 'it hangs' }

const own: CastInterpreter & Pick<ImageInterpreter, 'stage'> = {
  id: 'image-3.11.9',
  version: '3.11.9',
  provider: 'image',
  build: '',
  executable: '/usr/bin/python3',
  stage: 'image',
  roles: ['deploy'],
  standsInFor: null,
  checks: [],
}
const other = (version: string, checks: readonly string[]): CastInterpreter => ({
  ...{ id: `native-${version}`, version, provider: 'native', build: '', executable: '', roles: [], standsInFor: null },
  checks,
})

function checked(says: Verdict, contradicts: Verdict, checker: CastInterpreter) {
  const verdicts = new Map([
    [
      '0' as Sha256,
      new Map([
        [own.id, says],
        [checker.id, contradicts],
      ]),
    ],
  ])
  const { verdicts: after, remarks } = counterCheck(verdicts, [own, checker])
  return { verdict: after.get('0' as Sha256)!.get(own.id), remarks }
}

const checker = other('3.11.7', [own.id])

test.each([
  ['both take it', compiles, compiles],
  ['both reject it', breaks, breaks],
  ['the image cannot tell', unknown, compiles],
  ['the other cannot tell', compiles, unknown],
])('%s: nothing is said', (_name, says, contradicts) => {
  expect(checked(says, contradicts, checker)).toEqual({ verdict: says, remarks: [] })
})

test('what the image alone takes, nobody can tell', () => {
  const reason =
    'CPython 3.11.9 of image takes it, and CPython 3.11.7 (native) rejects it: invalid syntax (they are different patch releases, which may truly differ)'
  expect(checked(compiles, breaks, checker)).toEqual({
    verdict: { kind: 'undecided', reason },
    remarks: [
      'CPython 3.11.9 of image and CPython 3.11.7 (native) disagree: the image takes 1 content that the other rejects, so nobody can tell',
    ],
  })
})

test('what the image alone rejects is rejected, and said', () => {
  expect(checked(breaks, compiles, other('3.11.9', [own.id]))).toEqual({
    verdict: breaks,
    remarks: [
      'CPython 3.11.9 of image and CPython 3.11.9 (native) disagree: the image rejects 1 content that the other takes (two builds of one release should agree)',
    ],
  })
})

test('one that is there for something else is no check', () => {
  expect(checked(compiles, breaks, other('3.12.1', []))).toEqual({ verdict: compiles, remarks: [] })
})
