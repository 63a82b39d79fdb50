import { expect, test } from 'vitest'
import { expandArguments } from '../../src/project/build-arguments.ts'

const values = new Map([
  ['V', '3.11'],
  ['EMPTY', ''],
])

test.each([
  ['python:3.11', 'python:3.11'],
  ['python:$V', 'python:3.11'],
  ['python:$V-slim', 'python:3.11-slim'],
  ['python:${V}-slim', 'python:3.11-slim'],
  ['python:${V}${EMPTY}', 'python:3.11'],
  ['${NONE:-python}:$V', 'python:3.11'],
  ['${NONE-python}', 'python'],
  ['${EMPTY:-python}', 'python'],
  ['${EMPTY-python}', ''],
  ['${V:+python}', 'python'],
  ['${NONE:+python}', ''],
  ['${EMPTY:+python}', ''],
  ['${EMPTY+python}', 'python'],
  ['${NONE:-python:${V}}', 'python:3.11'],
  ['${NONE:-${NOTHING:-python}}', 'python'],
  ['${NONE}', null],
  ['$NONE', null],
  ['${NONE:-$NOTHING}', null],
  ['${V%.*}', null],
  ['${V', null],
  ['$', null],
])('%s', (word, expanded) => expect(expandArguments(word, values)).toBe(expanded))
