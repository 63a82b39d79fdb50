import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { chooseSearched, searchRemarks } from '../../src/diagnosis/choose-searched.ts'
import type { Draft } from '../../src/diagnosis/drafts/draft.ts'
import type { Judged } from '../../src/diagnosis/drafts/judged.ts'
import { locateBreaks, type Means } from '../../src/diagnosis/locate-breaks.ts'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { embeddedInterpreters } from '../../src/interpreters/embedded.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { Judge } from '../../src/model/verdict.ts'
import { commitStage } from '../support/memory-source.ts'

const interpreter = { ...embeddedInterpreters().at(-2)!, roles: ['deploy'], standsInFor: null } as const
const sources = Array.from({ length: 6 }, (_, i) => Buffer.from(`x${i} = = 1\n${'ok = 1\n'.repeat(i)}y = (]\n`))
const shaOf = (source: Uint8Array) => createHash('sha256').update(source).digest('hex') as Sha256

/** The findings of all sources, and how many were looked into at the same time at the most. */
async function locate(jobs: number, mostSearched = 1000) {
  await using judges = openJudge({ jobs: 1 })
  const verdicts = new Map<string, Awaited<ReturnType<Judge>>>()
  for (const source of sources) verdicts.set(shaOf(source), await judges.judge(source, interpreter))
  let [held, most] = [0, 0]
  const means: Means = {
    async *contents(wanted) {
      for (const bytes of sources.filter(source => wanted.has(shaOf(source)))) {
        held += 1
        yield { sha256: shaOf(bytes), bytes }
      }
    },
    judge: async (source, asked) => {
      most = Math.max(most, held)
      const verdict = await judges.judge(source, asked)
      if (verdict.kind === 'compiles') held -= 1
      return verdict
    },
    sameTree: judges.sameTree,
    available: [],
    syntax: loadSyntax,
    jobs,
    mostSearched,
  }
  const drafts = sources.map((source, i) => {
    const file = { kind: 'file', path: `${i}.py`, size: source.length, sha256: shaOf(source), blobId: '', layer: 0 }
    const step = { stage: commitStage, file }
    const trace = { path: `${i}.py`, steps: [step] }
    return {
      code: 'broken-source',
      severity: 'error',
      trace,
      shipped: true,
      breaks: { step, interpreter },
      evidence: {},
    }
  }) as unknown as Draft[]
  const judged = {
    interpreters: [interpreter],
    verdictOf: ({ sha256 }: { readonly sha256: Sha256 }) => verdicts.get(sha256),
  } as unknown as Judged
  return { findings: await locateBreaks(drafts, judged, means), most }
}

test('as many files as there are jobs are looked into at once, with the same result', async () => {
  const alone = await locate(1)
  expect(alone.most).toBe(1)
  expect(alone.findings.map(({ path, sites }) => [path, sites.map(({ start }) => start?.line)])).toEqual(
    sources.map((_, i) => [`${i}.py`, [1, i + 2]]),
  )
  const together = await locate(3)
  expect(together.most).toBe(3)
  expect(together.findings).toEqual(alone.findings)
})

test('of very many files some are searched, and of the others the first place is told', async () => {
  const { findings } = await locate(2, 2)
  expect(
    findings.map(({ sites, sitesComplete, evidence }) => [sites.length, sitesComplete, evidence.unsearched]),
  ).toEqual([...Array(2).fill([2, true, undefined]), ...Array(4).fill([1, false, true])])
  expect(searchRemarks(findings)).toEqual([
    'of 4 broken files only the first place is told (--verbose looks for all of them)',
  ])
  expect(searchRemarks((await locate(2, 6)).findings)).toEqual([])
})

test('each cause has its turn when files are chosen', () => {
  const draft = (code: string, sha256: string, severity = 'error') =>
    ({ code, severity, breaks: { step: { file: { sha256 } } } }) as unknown as Draft
  const drafts = [
    ...['a', 'b', 'c', 'c2'].map(sha256 => draft('version-skew', sha256)),
    { ...draft('policy-conflict', 'none'), breaks: null },
    draft('broken-source', 'd'),
    draft('version-skew', 'e', 'note'),
  ]
  expect([...chooseSearched(drafts, 5)]).toEqual(['a', 'd', 'e', 'b', 'c'])
  expect([...chooseSearched(drafts, 1)]).toEqual(['a'])
  expect(chooseSearched(drafts, Number.POSITIVE_INFINITY).size).toBe(6)
  expect(chooseSearched([], 5).size).toBe(0)
})
