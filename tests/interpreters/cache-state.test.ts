import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheState } from '../../src/interpreters/cache-state.ts'
import { writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

test('counts the bytes of all files, at any depth', async () => {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, { 'interpreters.json': 'abc', 'verdicts/a/b.mdb': 'defgh' })
  expect(await cacheState(folder.path)).toEqual({ directory: folder.path, isWritable: true, bytes: 8 })
})

test('one that is not there is empty, and can be made where the folder above can be written to', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'file'), '')
  const absent = join(folder.path, 'not/yet/there')
  expect(await cacheState(absent)).toEqual({ directory: absent, isWritable: true, bytes: 0 })
  for (const name of ['file', 'file/below']) {
    expect(await cacheState(join(folder.path, name))).toMatchObject({ isWritable: false, bytes: 0 })
  }
})
