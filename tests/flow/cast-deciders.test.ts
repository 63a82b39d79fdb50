import { expect, test } from 'vitest'
import { castDeciders } from '../../src/flow/cast-deciders.ts'
import type { DeclaredVersion, Interpreter } from '../../src/model/interpreter.ts'

const interpreter = (provider: 'native' | 'embedded', version: string): Interpreter => ({
  id: `${provider}-${version}`,
  version,
  provider,
  build: `${provider} ${version}`,
  executable: provider === 'native' ? '/python' : null,
})
const available = [
  interpreter('embedded', '3.10.2'),
  interpreter('embedded', '3.11.3'),
  interpreter('native', '3.12.1'),
  interpreter('embedded', '3.12.7'),
  interpreter('embedded', '3.13.2'),
  interpreter('embedded', '3.15.0rc1'),
]

const at = (version: string, from: string): DeclaredVersion => ({ version, from })
const dockerfile = (version: string) => at(version, 'Dockerfile:1')

test.each([
  [
    'the Python that runs it, and the oldest of the range',
    '3.12',
    '>=3.10',
    'oldest',
    ['deploy native-3.12.1', 'range embedded-3.10.2'],
  ],
  [
    'all of the range',
    '3.12',
    '>=3.11',
    'all',
    ['deploy native-3.12.1', 'range embedded-3.11.3', 'range embedded-3.13.2'],
  ],
  ['it is the oldest of the range itself', '3.11', '>=3.11', 'oldest', ['deploy embedded-3.11.3']],
  ['the exact build, wherever it is from', '3.12.7', null, 'oldest', ['deploy embedded-3.12.7']],
  ['a native one where no patch release is declared', '3.12', null, 'oldest', ['deploy native-3.12.1']],
  ['the range alone', null, '>=3.9,<3.12', 'oldest', ['range embedded-3.10.2']],
  [
    'a range that admits nothing at hand, and no word of who runs it',
    null,
    '>=4',
    'oldest',
    ['default embedded-3.13.2'],
  ],
  ['nothing is said: no pre-release', null, null, 'oldest', ['default embedded-3.13.2']],
  ['one that is not at hand', '3.9', null, 'oldest', ['missing 3.9']],
] as const)('%s', (_name, deploy, specifier, range, expected) => {
  const { deciders, missing } = castDeciders({
    declarations: {
      deploy: deploy === null ? null : dockerfile(deploy),
      dev: null,
      supported: specifier === null ? null : { specifier, from: 'pyproject.toml:3' },
      declared: { deploy: [], dev: [], supported: [], ci: [] },
      ciIsComplete: true,
      remarks: [],
    },
    deploy: null,
    range,
    available,
  })
  const cast = deciders.map(each => `${each.because} ${each.interpreter.id}`)
  expect([...cast, ...missing.map(({ version }) => `missing ${version}`)]).toEqual(expected)
})
