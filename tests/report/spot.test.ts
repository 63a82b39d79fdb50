import { expect, test } from 'vitest'
import { placeInFile } from '../../src/report/spot.ts'

test.each<[string, { path: string; line: number } | null]>([
  ['Dockerfile:7', { path: 'Dockerfile', line: 7 }],
  ['svc/.github/workflows/ci.yml:12', { path: 'svc/.github/workflows/ci.yml', line: 12 }],
  ['--deploy-python', null],
  ['PYTHON_VERSION of image', null],
  ['../outside:1', null],
  ['/etc/x:1', null],
  ['Dockerfile:0', null],
  ['.gitignore:null', null],
])('%s as a place in a file', (from, place) => expect(placeInFile(from)).toEqual(place))
