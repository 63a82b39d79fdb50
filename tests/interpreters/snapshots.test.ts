import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { embeddedInterpreters } from '../../src/interpreters/embedded.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { sources } from './sources.ts'

const broken = Buffer.from('x = = 1\n')

/** The verdicts on some sources by an embedded interpreter that keeps its memory in `cacheDirectory`. */
async function judge(version: string, judged: Iterable<Uint8Array>, cacheDirectory: string | null) {
  const log: string[] = []
  const interpreter = embeddedInterpreters().find(one => one.version === version)!
  await using open = openJudge({ jobs: 1, cacheDirectory, log: line => log.push(line) })
  const verdicts = await Promise.all([...judged].map(source => open.judge(source, interpreter)))
  return { verdicts, log }
}

async function snapshotIn(cacheDirectory: string): Promise<string> {
  const folder = join(cacheDirectory, 'snapshots')
  const names = await readdir(folder)
  expect(names).toHaveLength(1)
  return join(folder, names[0]!)
}

const kinds = (verdicts: readonly Verdict[]) => verdicts.map(({ kind }) => kind)

// Loading is slow, and every version says the same plain as native ones do: embedded.test.ts.
test.each(['3.12.7', '3.13.2', '3.14.2', '3.15.0rc1'])(
  'embedded %s says the same of every source when it makes its snapshot and from it',
  async version => {
    await using folder = await temporaryFolder()
    const making = await judge(version, sources.values(), folder.path)
    const file = await snapshotIn(folder.path)
    const { ino } = await stat(file)
    const fromSnapshot = await judge(version, sources.values(), folder.path)
    expect(kinds(making.verdicts)).toEqual(expect.arrayContaining(['compiles', 'breaks']))
    expect(fromSnapshot).toEqual(making)
    // Had it not been used, it would have been made again.
    expect((await stat(file)).ino).toBe(ino)
  },
)

const noSnapshot = Buffer.from('no snapshot')

test.each([
  ['a damaged snapshot', (whole: Buffer) => whole.subarray(0, 1000)],
  ['what is no snapshot', () => Buffer.concat([createHash('sha256').update(noSnapshot).digest(), noSnapshot])],
])('%s is made again', async (_name, damage) => {
  await using folder = await temporaryFolder()
  await judge('3.13.2', [broken], folder.path)
  const file = await snapshotIn(folder.path)
  const whole = await readFile(file)
  await writeFile(file, damage(whole))
  const { verdicts, log } = await judge('3.13.2', [broken], folder.path)
  expect([kinds(verdicts), log]).toEqual([['breaks'], []])
  expect((await stat(await snapshotIn(folder.path))).size).toBe(whole.length)
})

test('two that make the same snapshot at once do not stand in each other’s way', async () => {
  await using folder = await temporaryFolder()
  const both = await Promise.all([1, 2].map(() => judge('3.13.2', [broken], folder.path)))
  expect(both.map(({ verdicts, log }) => [kinds(verdicts), log])).toEqual([1, 2].map(() => [['breaks'], []]))
  await snapshotIn(folder.path)
})

test('where nothing can be kept, a version without snapshots or a folder that is none, it judges all the same', async () => {
  await using folder = await temporaryFolder()
  const old = await judge('3.10.2', [broken], folder.path)
  expect([kinds(old.verdicts), old.log, await readdir(folder.path)]).toEqual([['breaks'], [], []])
  const file = join(folder.path, 'file')
  await writeFile(file, '')
  const none = await judge('3.13.2', [broken, broken], file)
  expect([kinds(none.verdicts), none.log.length]).toEqual([['breaks', 'breaks'], 1])
})
