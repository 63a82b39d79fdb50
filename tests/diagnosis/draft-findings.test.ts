import { describe, expect, test } from 'vitest'
import { noComparison } from '../../src/diagnosis/comparison/compare-steps.ts'
import { draftFindings } from '../../src/diagnosis/draft-findings.ts'
import type { Draft } from '../../src/diagnosis/drafts/draft.ts'
import type { Judged } from '../../src/diagnosis/drafts/judged.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { CastInterpreter, Role } from '../../src/model/interpreter.ts'
import type { PythonFile } from '../../src/model/manifest.ts'
import type { Path } from '../../src/model/path.ts'
import type { Stage } from '../../src/model/stage.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { commitStage, imageStage, uploadStage, worktreeStage } from '../support/memory-source.ts'

const breaks: Verdict = { kind: 'breaks', at: null, end: null, exception: 'SyntaxError', message: 'invalid syntax' }

const cast = (version: string, ...roles: Role[]): CastInterpreter => ({
  id: `native-${version}`,
  version,
  provider: 'native',
  build: '',
  executable: null,
  roles,
  standsInFor: null,
  checks: [],
})
const [deploy, dev] = [cast('3.11.7', 'deploy'), cast('3.12.1', 'dev')]

/** A content that says of itself which versions take it: `both`, `new` (3.12 only), `none`, `slow` (nobody knows). */
function judgedWays(
  steps: readonly (readonly [Stage, string | null])[],
  interpreters: readonly CastInterpreter[] = [deploy, dev],
): Judged {
  const file = (content: string): PythonFile => ({
    kind: content.startsWith('link') ? 'symlink' : 'file',
    path: 'app/a.py' as Path,
    size: 1,
    sha256: content as Sha256,
    blobId: content as never,
    layer: 1,
  })
  const path = 'app/a.py' as Path
  const layers = ['base', 'COPY . .'].map((createdBy, i) => ({ diffId: `sha256:${i}`, createdBy }))
  return {
    traces: [
      { path, steps: steps.map(([stage, content]) => ({ stage, file: content === null ? null : file(content) })) },
    ],
    interpreters,
    builds: new Map(),
    deletedFrom: () => null,
    comparison: noComparison,
    images: new Map([
      [
        'image',
        {
          layers,
          workingDirectory: '' as Path,
          environment: new Map(),
          entrypoint: [],
          command: [],
          user: '',
          volumes: [],
          platform: null,
        },
      ],
    ]),
    ignoreRule: () => ({ file: '.gitignore', line: 3, text: 'app/' }),
    verdictOf: ({ sha256 }, { version }) => {
      if (sha256.startsWith('slow')) return { kind: 'undecided', reason: 'it ran out of time' }
      if (sha256.startsWith('none')) return breaks
      return sha256.startsWith('new') && version < '3.12' ? breaks : { kind: 'compiles' }
    },
  }
}

function told({ code, severity, breaks, evidence, shipped }: Draft): string {
  const where =
    breaks === null
      ? `at ${evidence.after?.stage}`
      : `first break ${breaks.step.stage.name} on ${breaks.interpreter.version}`
  return `${severity} ${code} ${where}${evidence.effect ? `, ${evidence.effect}` : ''}${shipped === null ? '' : shipped ? ', shipped' : ', not shipped'}`
}

const stages = [commitStage, worktreeStage, uploadStage, imageStage]
const way = (...contents: (string | null)[]) => contents.map((content, i) => [stages[i]!, content] as const)

describe('one file on its way', () => {
  test.each<[string, (readonly [Stage, string | null])[], string[]]>([
    ['whole everywhere', way('both', 'both', 'both', 'both'), []],
    ['skew', way('new', 'new', 'new', 'new'), ['error version-skew first break commit on 3.11.7, shipped']],
    [
      'skew, nobody knows whether it ships',
      way('new', 'new', 'new'),
      ['error version-skew first break commit on 3.11.7'],
    ],
    [
      'skew that does not ship',
      way('new', 'new', 'new', null),
      [
        'note version-skew first break commit on 3.11.7, not shipped',
        'warning missing-from-image at image, none, not shipped',
      ],
    ],
    [
      'broken as committed',
      way('none', 'none', 'none', 'none'),
      ['error broken-source first break commit on 3.11.7, shipped'],
    ],
    [
      'broken as committed, and not uploaded',
      way('none', 'none', null),
      [
        'note broken-source first break commit on 3.11.7, not shipped',
        'warning missing-from-upload at upload, none, not shipped',
      ],
    ],
    [
      'a dirty file that breaks',
      way('both', 'new', 'new', 'new'),
      ['error uncommitted-change first break worktree on 3.11.7, breaks, shipped'],
    ],
    [
      'a dirty file that mends',
      way('new', 'both', 'both', 'both'),
      ['warning uncommitted-change at worktree, mends, shipped'],
    ],
    [
      'a dirty file as good as before',
      way('both', 'both2', 'both2', 'both2'),
      ['warning uncommitted-change at worktree, none, shipped'],
    ],
    [
      'a dirty file that breaks and does not ship',
      way('both', 'none', 'none', null),
      [
        'warning uncommitted-change first break worktree on 3.11.7, breaks, not shipped',
        'warning missing-from-image at image, none, not shipped',
      ],
    ],
    [
      'an untracked file that breaks',
      way(null, 'none', 'none'),
      ['error uncommitted-change first break worktree on 3.11.7, breaks'],
    ],
    ['an untracked file', way(null, 'both', 'both'), ['warning uncommitted-change at worktree, none']],
    [
      'an untracked file that does not travel',
      way(null, 'both', null),
      ['warning uncommitted-change at worktree, none, not shipped'],
    ],
    ['a deleted file', way('both', null, null), ['warning uncommitted-change at worktree, none, not shipped']],
    ['only in the archive', way(null, null, 'none'), ['error uncommitted-change first break upload on 3.11.7, breaks']],
    [
      'altered on the way up',
      way('both', 'both', 'none', 'none'),
      ['error altered-in-upload first break upload on 3.11.7, breaks, shipped'],
    ],
    [
      'altered on the way up, harmlessly',
      way('both', 'both', 'both2', 'both2'),
      ['warning altered-in-upload at upload, none, shipped'],
    ],
    [
      'the archive was made of the commit',
      way('both', 'none', 'both'),
      ['warning uncommitted-change at worktree, breaks'],
    ],
    [
      'the archive was made of a commit that breaks',
      way('new', 'both', 'new'),
      ['error version-skew first break commit on 3.11.7', 'warning uncommitted-change at worktree, mends'],
    ],
    [
      'altered by the build',
      way('both', 'both', 'both', 'none'),
      ['error altered-in-image first break image on 3.11.7, breaks, shipped'],
    ],
    [
      'altered by the build, harmlessly',
      way('both', 'both', 'both', 'both2'),
      ['warning altered-in-image at image, none, shipped'],
    ],
    ['mended by the build', way('new', 'new', 'new', 'both'), ['warning altered-in-image at image, mends, shipped']],
    [
      'broken as committed and otherwise by the build',
      way('none', 'none', 'none', 'none2'),
      ['error broken-source first break commit on 3.11.7, shipped', 'warning altered-in-image at image, none, shipped'],
    ],
    [
      'mended, then broken by the build',
      way('new', 'both', 'both', 'none'),
      [
        'warning uncommitted-change at worktree, mends, shipped',
        'error altered-in-image first break image on 3.11.7, breaks, shipped',
      ],
    ],
    [
      'the image holds the commit, the tree is dirty',
      way('both', 'none', 'none', 'both'),
      ['warning uncommitted-change at worktree, breaks, shipped', 'warning altered-in-image at image, mends, shipped'],
    ],
    [
      'only in the image, and broken',
      way(null, null, null, 'none'),
      ['error altered-in-image first break image on 3.11.7, breaks, shipped'],
    ],
    ['only in the image', way(null, null, null, 'both'), ['warning unexpected-in-image at image, none, shipped']],
    ['nobody could tell', way('slow', 'slow', 'slow', 'slow'), ['error undecided at commit, shipped']],
    ['a symlink is not judged', way('link', 'link', 'link', 'link'), []],
    [
      'a symlink that became a file',
      way('link', 'none', 'none', 'none'),
      ['error uncommitted-change first break worktree on 3.11.7, breaks, shipped'],
    ],
  ])('%s', (_name, steps, expected) => expect(draftFindings(judgedWays(steps)).map(told)).toEqual(expected))
})

test('two images are two ends of the same way', () => {
  const cloud = { ...imageStage, name: 'cloud' }
  const steps = [...way('both', 'both', 'both'), [imageStage, 'both'], [cloud, 'none']] as const
  expect(draftFindings(judgedWays(steps)).map(told)).toEqual([
    'error altered-in-image first break cloud on 3.11.7, breaks, shipped',
  ])
})

test('with no deploy interpreter, a rejection by any of them counts', () => {
  const anyone = [cast('3.10.13'), cast('3.12.1')]
  expect(draftFindings(judgedWays(way('new', 'new'), anyone)).map(told)).toEqual([
    'error version-skew first break commit on 3.10.13',
  ])
})

test('the evidence names the layer and its instruction, the rule, and who takes the bytes', () => {
  const [altered] = draftFindings(judgedWays(way('both', 'both', 'both', 'new')))
  expect(altered?.evidence).toMatchObject({
    layer: { index: 1, diffId: 'sha256:1', createdBy: 'COPY . .' },
    imagePath: '/app/a.py',
    acceptedBy: ['native-3.12.1'],
    before: { stage: 'upload', sha256: 'both' },
    after: { stage: 'image', sha256: 'new' },
  })
  const [missing] = draftFindings(judgedWays(way('both', 'both', null)))
  expect(missing?.evidence.rule).toEqual({ file: '.gitignore', line: 3, text: 'app/' })
  const [stale] = draftFindings(judgedWays(way('both', 'both2', 'both2', 'both'))).filter(
    ({ code }) => code === 'altered-in-image',
  )
  expect(stale?.evidence.sameAs).toBe('commit')
})
