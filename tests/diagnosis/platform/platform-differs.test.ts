import { describe, expect, test } from 'vitest'
import { platformDiffers } from '../../../src/diagnosis/platform/platform-differs.ts'
import type { HeldPython, ImageDescription, PathShadow } from '../../../src/model/image-description.ts'
import type { Agreement, CastInterpreter } from '../../../src/model/interpreter.ts'
import type { PythonFile } from '../../../src/model/manifest.ts'
import type { Path } from '../../../src/model/path.ts'
import type { Trace } from '../../../src/model/trace.ts'
import type { Verdict } from '../../../src/model/verdict.ts'
import { imageStage } from '../../support/memory-source.ts'

const breaks: Verdict = { kind: 'breaks', at: null, end: null, exception: 'SyntaxError', message: 'invalid syntax' }
const python: HeldPython = { version: '3.11.2', from: '', prefix: '/usr', path: '/usr/bin/python3', reachedBy: 'start' }

function description(
  settings: Readonly<Record<string, string>> = {},
  more: Partial<ImageDescription['platform']> = {},
): ImageDescription {
  const platform = {
    distribution: 'Debian 12',
    libc: 'glibc',
    architecture: 'amd64',
    pythonArchitecture: 'amd64',
  } as const
  return {
    pythons: [python],
    platform: { ...platform, settings: new Map(Object.entries(settings)), ...more },
    remarks: [],
  }
}

const cast = (version: string, more: Partial<CastInterpreter> & { readonly stage?: string } = {}): CastInterpreter => ({
  ...{
    id: `native-${version}`,
    version,
    provider: 'native',
    build: '',
    executable: null,
    roles: [],
    standsInFor: null,
  },
  checks: [],
  ...more,
})
const own = cast('3.11.2', { id: 'own', provider: 'image', stage: 'image', roles: ['deploy'] })
const agreement = (other: CastInterpreter, equal: number, differing: number): Agreement => ({
  own: own.id,
  other: other.id,
  equal,
  differing,
})
const same = cast('3.11.2')
const another = cast('3.11.7')

function traceOf(content: string): Trace {
  const file = { kind: 'file', path: content as Path, sha256: content, size: 1, layer: 0 } as PythonFile
  return { path: content as Path, steps: [{ stage: imageStage, file }] }
}

type Known = Parameters<typeof platformDiffers>[0]
const answer = (known: Partial<Known>) =>
  platformDiffers({
    described: new Map([['image', description()]]),
    agreements: [],
    shadows: new Map(),
    traces: [],
    interpreters: [],
    verdictOf: ({ sha256 }) => (sha256.startsWith('bad') ? breaks : { kind: 'compiles' }),
    ...known,
  })
const platform = 'Debian 12, glibc, amd64'
const ran = (other: CastInterpreter, equal: number, differing: number) => ({
  interpreters: [own, other],
  agreements: [agreement(other, equal, differing)],
})

describe('decided by the Python of the image itself', () => {
  test.each<[string, Partial<Known>, string, string]>([
    [
      'which agrees with another build',
      ran(same, 12, 0),
      'refuted',
      `${platform}; CPython 3.11.2 of image and CPython 3.11.2 (native) gave equal verdicts on 12 contents`,
    ],
    [
      'which agrees with another release',
      ran(another, 1, 0),
      'refuted',
      `${platform}; CPython 3.11.2 of image and CPython 3.11.7 (native) gave equal verdicts on 1 content`,
    ],
    [
      'which another build of the same release contradicts',
      ran(same, 11, 1),
      'confirmed',
      `${platform}; CPython 3.11.2 of image and CPython 3.11.2 (native) gave different verdicts on 1 of 12 contents`,
    ],
    [
      'which another release contradicts',
      ran(another, 11, 1),
      'not-examined',
      `${platform}; CPython 3.11.2 of image and CPython 3.11.7 (native) gave different verdicts on 1 of 12 contents, as two releases may: ask the same one, with --python 3.11.2`,
    ],
    [
      'which nobody checks',
      { interpreters: [own] },
      'not-examined',
      `${platform}; no other build of CPython 3.11 answered for the same contents; pass --interpreters auto`,
    ],
  ])('%s', (_name, known, state, evidence) => expect(answer(known)).toEqual({ state, evidence }))
})

describe('decided without it', () => {
  const deploy = cast('3.11.7', { roles: ['deploy'] })
  const run = 'its own Python was not run: pass --image with what a container engine holds, without --run-image never'
  const alike =
    'so on CPython 3.11.7 (native) of this machine as well, and none of its settings changes how it compiles'
  test.each<[string, Partial<Known>, string, string]>([
    [
      'what breaks here as well',
      { interpreters: [deploy], traces: [traceOf('bad'), traceOf('good')] },
      'refuted',
      `${platform}; the 1 file that breaks does ${alike}`,
    ],
    [
      'all that breaks here as well',
      { interpreters: [deploy], traces: [traceOf('bad'), traceOf('bad2')] },
      'refuted',
      `${platform}; all 2 files that break do ${alike}`,
    ],
    [
      'nothing breaks here',
      { interpreters: [deploy], traces: [traceOf('good')] },
      'not-examined',
      `${platform}; nothing in it breaks on CPython 3.11.7 (native), and ${run}`,
    ],
    [
      'nobody of its version is here',
      { interpreters: [cast('3.12.1', { roles: ['deploy'] })] },
      'not-examined',
      `${platform}; ${run}`,
    ],
    [
      'it shows none',
      { described: new Map([['image', { ...description(), pythons: [] }]]) },
      'not-examined',
      `${platform}; it shows no Python; pass --deploy-python`,
    ],
    [
      'it shows none, and who runs it is said',
      {
        described: new Map([['image', { ...description(), pythons: [] }]]),
        interpreters: [deploy],
        traces: [traceOf('bad')],
      },
      'refuted',
      `${platform}; the 1 file that breaks does ${alike}`,
    ],
    [
      'nothing is known of it',
      {
        described: new Map([
          ['image', { ...description({}, { distribution: null, libc: null, architecture: null }), pythons: [] }],
        ]),
      },
      'not-examined',
      'its platform is not known; it shows no Python; pass --deploy-python',
    ],
    ['there is no image', { described: new Map() }, 'not-examined', 'no image was looked at; pass --image IMAGE'],
  ])('%s', (_name, known, state, evidence) => expect(answer(known)).toEqual({ state, evidence }))
})

describe('settings', () => {
  const judged = 'and the files were judged without it: take it out, or compile them in the image'
  test.each<[Readonly<Record<string, string>>, string, string]>([
    [{ LANG: 'C', LC_ALL: 'POSIX', PYTHONUTF8: '0', PYTHONIOENCODING: 'latin1' }, 'refuted', ''],
    [
      { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', PYTHONPYCACHEPREFIX: '/x', PYTHONPATH: '/srv' },
      'refuted',
      '',
    ],
    [{ PYTHONHOME: '/usr/' }, 'refuted', ''],
    [
      { PYTHONHOME: '/opt/x:/opt/x' },
      'confirmed',
      'PYTHONHOME=/opt/x:/opt/x leads away from the standard library of CPython 3.11, which is in /usr',
    ],
    [
      { PYTHONWARNINGS: 'ignore,error' },
      'not-examined',
      `PYTHONWARNINGS=ignore,error makes errors of warnings, ${judged}`,
    ],
    [
      { PYTHONWARNINGS: 'error::SyntaxWarning' },
      'not-examined',
      `PYTHONWARNINGS=error::SyntaxWarning makes errors of warnings, ${judged}`,
    ],
    [{ PYTHONWARNINGS: 'error::UserWarning,default' }, 'refuted', ''],
    [
      { PYTHONINTMAXSTRDIGITS: '640' },
      'not-examined',
      `PYTHONINTMAXSTRDIGITS=640 says how long a number may be, ${judged}`,
    ],
    [{ PYTHONOPTIMIZE: '2' }, 'not-examined', `PYTHONOPTIMIZE=2 leaves assert statements out unseen, ${judged}`],
    [{ PYTHONOPTIMIZE: '' }, 'refuted', ''],
  ])('%o', (settings, state, evidence) => {
    const found = answer({ ...ran(same, 1, 0), described: new Map([['image', description(settings)]]) })
    const title = [platform, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(', ')
    expect(found.state).toBe(state)
    expect(found.evidence.startsWith(`${title}; `)).toBe(true)
    if (evidence !== '') expect(found.evidence).toBe(`${title}; ${evidence}`)
  })
})

describe('a Python for another machine', () => {
  test.each([
    ['amd64', 'arm64', 'confirmed'],
    ['arm/v7', 'arm', 'refuted'],
    ['amd64', '386', 'refuted'],
    ['386', 'amd64', 'confirmed'],
    ['amd64', null, 'refuted'],
    [null, 'arm64', 'refuted'],
  ])('%s, %s: %s', (architecture, pythonArchitecture, state) => {
    const described = new Map([['image', description({}, { architecture, pythonArchitecture })]])
    const found = answer({ ...ran(same, 1, 0), described })
    expect(found.state).toBe(state)
    if (state === 'confirmed') {
      expect(found.evidence).toContain(
        `its configuration says ${architecture}, and /usr/bin/python3 is a program for ${pythonArchitecture}`,
      )
    }
  })
})

describe('files that PYTHONPATH leads to', () => {
  const shadow = (isFirst: boolean): PathShadow => ({
    directory: '/opt',
    isFirst,
    files: [{ path: 'opt/a.py' as Path, insteadOf: 'srv/a.py' as Path }],
  })
  const names = `${platform}; PYTHONPATH names /opt, which holds 1 file of the source with other bytes, as /opt/a.py instead of /srv/a.py`
  test.each([
    ['before the source', shadow(true), 'confirmed', `${names}, and Python imports those`],
    [
      'perhaps before the source',
      shadow(false),
      'not-examined',
      `${names}: where the program starts decides which are imported, so take it out`,
    ],
  ])('%s', (_name, each, state, evidence) => {
    expect(answer({ ...ran(same, 1, 0), shadows: new Map([['image', [each]]]) })).toEqual({ state, evidence })
  })
})

test('of several images the worst counts', () => {
  const described = new Map([
    ['image', description()],
    ['cloud', description({ PYTHONHOME: '/x' }, { distribution: 'Alpine Linux 3.19', libc: 'musl' })],
  ])
  expect(answer({ ...ran(same, 2, 0), described })).toEqual({
    state: 'confirmed',
    evidence:
      'cloud: Alpine Linux 3.19, musl, amd64, PYTHONHOME=/x; PYTHONHOME=/x leads away from the standard library of CPython 3.11, which is in /usr',
  })
  const both = new Map([...described].map(([name]) => [name, description()]))
  expect(answer({ ...ran(same, 2, 0), described: both })).toMatchObject({
    state: 'not-examined',
    evidence: expect.stringMatching(/^cloud: /),
  })
  const agreements = [agreement(same, 2, 0), { own: 'cloud', other: same.id, equal: 3, differing: 0 }]
  const interpreters = [own, { ...own, id: 'cloud', stage: 'cloud' } as CastInterpreter, same]
  expect(answer({ agreements, interpreters, described: both })).toEqual({
    state: 'refuted',
    evidence: `image: ${platform}; CPython 3.11.2 of image and CPython 3.11.2 (native) gave equal verdicts on 2 contents. cloud: ${platform}; CPython 3.11.2 of cloud and CPython 3.11.2 (native) gave equal verdicts on 3 contents`,
  })
})
