import { expect, test } from 'vitest'
import { type Path, rootPath } from '../../src/model/path.ts'
import { listFrom } from '../../src/sources/read-from.ts'
import { memorySource, worktreeStage } from '../support/memory-source.ts'

const source = memorySource(worktreeStage, [
  ['top.yml', ''],
  ['.github/workflows/b.yml', ''],
  ['.github/workflows/a.yml', ''],
  ['.github/workflows/deep/c.yml', ''],
  ['.github/workflows/link.yml', { kind: 'symlink', target: Buffer.from('a.yml') }],
  ['.github/workflows.yml', ''],
])

test.each([
  ['.github/workflows', ['.github/workflows/b.yml', '.github/workflows/a.yml']],
  ['.github', ['.github/workflows.yml']],
  [rootPath, ['top.yml']],
  ['none', []],
])('lists the files directly in "%s"', async (directory, expected) => {
  expect(await listFrom(source, directory as Path)).toEqual(expected)
})
