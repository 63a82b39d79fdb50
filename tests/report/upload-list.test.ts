import { expect, test } from 'vitest'
import type { UploadListing } from '../../src/model/upload.ts'
import { listText } from '../../src/report/upload-list.ts'

const staying = (path: string) => ({ path, isDirectory: false, why: { kind: 'socket' } as const })
const survey = {
  command: 'builds-submit',
  obstacles: [],
  files: 1,
  bytes: 3,
  folders: [],
  secrets: [],
  outside: [],
} as const

test.each([
  [['a'], '1 file, 3 bytes go up, 1 stays'],
  [['a', 'b'], '1 file, 3 bytes go up, 2 stay'],
])('of what stays, %j is counted as one says it', (paths, says) => {
  const listing = { goesUp: [], stays: paths.map(staying), survey, rulesFrom: null } as unknown as UploadListing
  expect(listText(listing)).toContain(says)
})
