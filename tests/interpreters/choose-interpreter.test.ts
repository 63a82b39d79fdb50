import { expect, test } from 'vitest'
import { chooseInterpreter } from '../../src/interpreters/choose-interpreter.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'

test.each([
  ['3.11.7', ['embedded-3.11.7', 'native-3.11.2', 'native-3.11.7'], 'native-3.11.7'],
  ['3.11.7', ['native-3.11.2', 'embedded-3.11.7'], 'embedded-3.11.7'],
  ['3.11.7', ['native-3.11.2', 'native-3.11.9', 'native-3.11.12', 'embedded-3.11.6'], 'native-3.11.9'],
  ['3.11.7', ['native-3.11.6', 'native-3.11.8'], 'native-3.11.8'],
  ['3.11.7', ['native-3.12.7', 'embedded-3.11.3'], 'embedded-3.11.3'],
  ['3.11', ['native-3.11.9', 'native-3.11.10', 'embedded-3.11.11'], 'native-3.11.10'],
  ['3.11', ['native-3.1.1', 'embedded-3.11.3'], 'embedded-3.11.3'],
  ['3.14', ['native-3.14.0rc1', 'embedded-3.14.2'], 'embedded-3.14.2'],
  ['3.14.0rc1', ['native-3.14.0rc1', 'native-3.14.0'], 'native-3.14.0rc1'],
  ['3.15', ['native-3.15.0a2'], 'native-3.15.0a2'],
  ['3.9', ['native-3.10.1'], null],
  ['3', ['native-3.11.7'], null],
  ['latest', ['native-3.11.7'], null],
  ['3.11-slim', ['native-3.11.7'], null],
  ['', ['native-3.11.7'], null],
])('%s among %j', (declared, ids, expected) => {
  const available = ids.map(interpreterOf)
  expect(chooseInterpreter(declared, available)?.id ?? null).toBe(expected)
  expect(chooseInterpreter(declared, available.toReversed())?.id ?? null).toBe(expected)
})

function interpreterOf(id: string): Interpreter {
  const [provider, version] = id.split('-') as ['native' | 'embedded', string]
  return { id, version, provider, build: '', executable: null }
}
