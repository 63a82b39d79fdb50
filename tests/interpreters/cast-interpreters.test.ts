import { describe, expect, test } from 'vitest'
import { type Casting, castInterpreters } from '../../src/interpreters/cast-interpreters.ts'
import type { DeclaredVersion, ImageInterpreter, Interpreter, Provider, Role } from '../../src/model/interpreter.ts'

const interpreter = (provider: Provider, version: string): Interpreter => ({
  id: `${provider}-${version}`,
  version,
  provider,
  build: '',
  executable: null,
})
const available = [
  interpreter('native', '3.8.18'),
  interpreter('native', '3.11.7'),
  interpreter('embedded', '3.10.2'),
  interpreter('embedded', '3.11.3'),
  interpreter('embedded', '3.12.7'),
]
const says = (version: string): DeclaredVersion => ({ version, from: 'somewhere' })
const nothing: Casting = { inImages: [], deploy: [], dev: null, others: [], supports: () => true }

/** Each as its id, its roles, behind `in` the images whose files alone it runs and, behind `for`, what it stands in for. */
function cast(casting: Partial<Casting>, from = available): { cast: string[]; missing: string[] } {
  const { interpreters, missing } = castInterpreters({ ...nothing, ...casting }, from)
  return {
    cast: interpreters.map(({ id, roles, images, standsInFor, checks }) =>
      [
        id,
        ...roles,
        ...(images === undefined ? [] : [`in ${images.join('+')}`]),
        ...(standsInFor === null ? [] : [`for ${standsInFor}`]),
        ...checks.map(each => `checks ${each}`),
      ].join(' '),
    ),
    missing: missing.map(({ version, roles }) => [version, ...roles].join(' ')),
  }
}

describe('who is cast', () => {
  test.each<[string, Partial<Casting>, string[], string[]]>([
    [
      'deploy and dev',
      { deploy: [says('3.11')], dev: says('3.12.4') },
      ['native-3.11.7 deploy', 'embedded-3.12.7 dev for 3.12.4'],
      [],
    ],
    ['one for both', { deploy: [says('3.11.7')], dev: says('3.11') }, ['native-3.11.7 deploy dev'], []],
    [
      'a patch release stands in',
      { deploy: [says('3.11.9')], dev: says('3.11') },
      ['native-3.11.7 deploy dev for 3.11.9'],
      [],
    ],
    [
      'several images',
      { deploy: [says('3.11'), says('3.12')] },
      ['native-3.11.7 deploy', 'embedded-3.12.7 deploy'],
      [],
    ],
    [
      'several images, each for its own files',
      {
        deploy: [
          { ...says('3.11'), images: ['a'] },
          { ...says('3.12'), images: ['b'] },
          { ...says('3.11.7'), images: ['c'] },
        ],
        dev: says('3.12'),
      },
      ['native-3.11.7 deploy in a+c', 'embedded-3.12.7 deploy dev in b'],
      [],
    ],
    [
      'one that runs every image runs each',
      { deploy: [{ ...says('3.11'), images: ['a'] }, says('3.11.7')] },
      ['native-3.11.7 deploy', 'embedded-3.12.7'],
      [],
    ],
    [
      'others besides',
      { deploy: [says('3.12')], dev: says('3.12'), others: [says('3.8')] },
      ['embedded-3.12.7 deploy dev', 'native-3.8.18'],
      [],
    ],
    [
      'a second opinion where there is no dev',
      { deploy: [says('3.11')] },
      ['native-3.11.7 deploy', 'embedded-3.12.7'],
      [],
    ],
    ['none where deploy is the newest', { deploy: [says('3.12')] }, ['embedded-3.12.7 deploy'], []],
    [
      'what the project supports where there is no deploy',
      { dev: says('3.12'), supports: minor => minor !== '3.10' },
      ['embedded-3.12.7 dev', 'native-3.11.7'],
      [],
    ],
    ['all that are maintained where nothing is said', {}, ['embedded-3.10.2', 'native-3.11.7', 'embedded-3.12.7'], []],
    [
      'a version that is not at hand',
      { deploy: [says('3.9')], dev: says('3.12') },
      ['embedded-3.12.7 dev'],
      ['3.9 deploy'],
    ],
    ['nothing at all', { deploy: [says('3.9')], dev: says('3.7') }, [], ['3.9 deploy', '3.7 dev']],
  ])('%s', (_name, casting, expected, missing) => expect(cast(casting)).toEqual({ cast: expected, missing }))

  test.each<[string, Partial<Casting>, string[]]>([
    ['by default', {}, ['embedded-3.12.7']],
    ['as a second opinion', { deploy: [says('3.12')] }, ['embedded-3.12.7 deploy']],
    [
      'unless by its minor version',
      { deploy: [says('3.12')], others: [says('3.15')] },
      ['embedded-3.12.7 deploy', 'embedded-3.15.0rc1'],
    ],
    [
      'unless for a role',
      { deploy: [says('3.15')], dev: says('3.12') },
      ['embedded-3.15.0rc1 deploy', 'embedded-3.12.7 dev'],
    ],
  ])('no pre-release, %s', (_name, casting, expected) => {
    const from = [interpreter('embedded', '3.12.7'), interpreter('embedded', '3.15.0rc1')]
    expect(cast(casting, from)).toEqual({ cast: expected, missing: [] })
  })

  test('nobody is to be had', () => expect(cast({}, [])).toEqual({ cast: [], missing: [] }))
})

describe("an image's own", () => {
  const own = (version: string, ...roles: Role[]) => ({
    interpreter: {
      ...interpreter('image', version),
      stage: 'image',
      reachedBy: 'start',
      start: () => Promise.reject(),
    } as ImageInterpreter,
    roles,
  })

  test.each<[string, Partial<Casting>, string[]]>([
    [
      'is checked by another build, and compared with the newest',
      { inImages: [own('3.11.9', 'deploy')] },
      ['image-3.11.9 deploy in image', 'native-3.11.7 checks image-3.11.9', 'embedded-3.12.7'],
    ],
    [
      'is checked by what plays dev, where that is of its minor version',
      { inImages: [own('3.11.9', 'deploy')], dev: says('3.11.7') },
      ['image-3.11.9 deploy in image', 'native-3.11.7 dev checks image-3.11.9'],
    ],
    [
      'is asked where another is deployed',
      { inImages: [own('3.12.1')], deploy: [says('3.11')], dev: says('3.11') },
      ['native-3.11.7 deploy dev', 'image-3.12.1', 'embedded-3.12.7 checks image-3.12.1'],
    ],
    [
      'may be two',
      { inImages: [own('3.11.9', 'deploy'), own('3.12.1', 'deploy')], dev: says('3.12') },
      [
        'image-3.11.9 deploy in image',
        'image-3.12.1 deploy in image',
        'embedded-3.12.7 dev checks image-3.12.1',
        'native-3.11.7 checks image-3.11.9',
      ],
    ],
  ])('%s', (_name, casting, expected) => expect(cast(casting)).toEqual({ cast: expected, missing: [] }))

  test('that nobody can check is told', () => {
    const inImages = [own('3.9.2', 'deploy')]
    const { unchecked } = castInterpreters({ ...nothing, inImages }, available)
    expect(unchecked.map(({ id }) => id)).toEqual(['image-3.9.2'])
  })
})
