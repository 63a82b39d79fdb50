import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder } from '../../src/interpreters/cache-folder.ts'
import { programDigest } from '../../src/interpreters/check-program.ts'
import { clearCache, describeCache } from '../../src/interpreters/describe-cache.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { startStore } from '../../src/interpreters/store-process.ts'
import { openVerdictCache } from '../../src/interpreters/verdict-cache.ts'
import { recordOf, scopeOf, verdictOf } from '../../src/interpreters/verdict-record.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { asCommonUser } from '../support/common-user.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { build, python, recallAll, rememberAll, shaOf, truthOf, upTo } from './caching.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const directory = () => join(folder.path, 'cache')
const dataFile = () => join(cacheFolder(directory()), 'data.mdb')
const failing = (line: string) => {
  throw new Error(line)
}

test('what one run remembers, the next one knows; a verdict that is none is never remembered', async () => {
  const place = { line: 1, column: 2 }
  const breaks = { kind: 'breaks', at: place, end: place, exception: 'SyntaxError', message: "unmatched ')'" } as const
  const nowhere = { kind: 'breaks', at: null, end: null, exception: 'MemoryError', message: '' } as const
  {
    await using cache = openVerdictCache({ directory: directory(), log: failing })
    cache.remember(shaOf('a'), python, { kind: 'compiles' })
    cache.remember(shaOf('a'), build('other'), breaks)
    cache.remember(shaOf('b'), python, nowhere)
    cache.remember(shaOf('c'), python, { kind: 'undecided', reason: 'it was ended by SIGSEGV' })
  }
  await using cache = openVerdictCache({ directory: directory(), log: failing })
  const known = await cache.known(['d', 'c', 'b', 'a'].map(shaOf), [build('third'), build('other'), python])
  const compiles: Verdict = { kind: 'compiles' }
  expect(known).toEqual(
    new Map([
      [shaOf('b'), new Map<string, Verdict>([[python.id, nowhere]])],
      [shaOf('a'), new Map<string, Verdict>([[python.id, compiles]]).set('other', breaks)],
    ]),
  )
  expect(await cache.known([], [python])).toEqual(new Map())
  expect(await cache.known([shaOf('a')], [])).toEqual(new Map())
})

test('a build and a version of check.py share nothing with another one', async () => {
  const [program, changed] = [programDigest(), shaOf('another check.py')]
  expect(program).toBe(shaOf(await readFile('src/interpreters/check.py', 'utf8')))
  const scopes = [scopeOf(python, program), scopeOf(python, changed), scopeOf(build('native-3.11.8'), program)]
  expect(new Set(scopes).size).toBe(3)
  expect(scopeOf({ ...build('native-3.11.7'), executable: '/elsewhere/python' }, program)).toBe(scopes[0])
})

test('a record of another key, or with a changed byte, is no verdict', () => {
  const record = recordOf('key', truthOf(1))!
  expect(verdictOf('key', record)).toEqual(truthOf(1))
  expect(verdictOf('other', record)).toBeNull()
  for (const i of upTo(record.length)) {
    const changed = record.slice(0, i) + String.fromCharCode(record.charCodeAt(i) ^ 1) + record.slice(i + 1)
    expect(verdictOf('key', changed)).toBeNull()
  }
})

describe('no source is held', () => {
  const message = (text: string) =>
    ({ kind: 'breaks', at: null, end: null, exception: 'SyntaxError', message: text }) as const

  test.each([
    ["Missing parentheses in call to 'print'. Did you mean print(...)?", true],
    ["duplicate argument 'name' in function definition", true],
    [`Missing parentheses in call to 'print'. Did you mean print("secret")?`, false],
    [`name '${'x'.repeat(300)}' is used prior to global declaration`, false],
  ])('%s', (text, isRemembered) => expect(recordOf('key', message(text)) !== null).toBe(isRemembered))

  testNeeding(needsNative('3.8'))('of a print statement, which CPython 3.8 repeats', async () => {
    await using judges = openJudge({ jobs: 1 })
    const verdict = await judges.judge(Buffer.from('print "a secret"\n'), nativePython('3.8')!)
    expect(verdict).toMatchObject({ kind: 'breaks', message: expect.stringContaining('a secret') })
    expect(recordOf('key', verdict)).toBeNull()
  })
})

test('two hundred processes, twenty at a time, that all read and write', async () => {
  const common = upTo(20)
  for (let wave = 0; wave < 10; wave++) {
    const runs = upTo(20).map(async i => {
      const own = 1000 + wave * 20 + i
      await using cache = openVerdictCache({ directory: directory(), log: failing })
      await cache.known(
        common.map(number => shaOf(`${number}`)),
        [python],
      )
      for (const number of [own, ...common]) cache.remember(shaOf(`${number}`), python, truthOf(number))
    })
    await Promise.all(runs)
  }
  const all = [...common, ...upTo(200).map(i => 1000 + i)]
  expect(await recallAll(directory(), all)).toEqual({ known: all, log: [] })
})

test('a process killed while it writes leaves what was written before, and all or nothing of the rest', async () => {
  const { length } = await rememberAll(directory(), upTo(100))
  expect(length).toBe(0)
  const entries = upTo(20_000).map(number => {
    const key = scopeOf(python, programDigest()) + shaOf(`${number}`)
    return [key, recordOf(key, truthOf(number))!] as const
  })
  for (const milliseconds of [0, 20, 60, 120, 200]) {
    const store = startStore(cacheFolder(directory()), 1 << 30)
    await store.ask({ kind: 'count' })
    const written = store.ask({ kind: 'write', entries }).catch(() => undefined)
    await pause(milliseconds)
    await store.kill()
    await written
    const { known, log } = await recallAll(directory(), upTo(20_000))
    expect(log).toEqual([])
    expect([100, 20_000]).toContain(known.length)
  }
})

const linuxRoot = {
  name: 'Linux, and root to mount',
  present: process.platform === 'linux' && process.geteuid?.() === 0,
}
testNeeding(linuxRoot)('a full disk is said once, and the run goes on', async () => {
  await mkdir(directory())
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', directory()])
  try {
    const log = await rememberAll(directory(), upTo(20_000))
    expect(log).toHaveLength(1)
    expect(log[0]).toContain(`verdicts are not remembered, as ${cacheFolder(directory())} cannot be used: `)
    const before = await recallAll(directory(), upTo(20_000))
    expect(before.known.length).toBeLessThan(20_000)
  } finally {
    await execa('umount', ['--lazy', directory()])
  }
})

describe('a place that cannot be used is said once, and the run goes on', () => {
  const expectRunWithout = async (place: string) => {
    const lines: string[] = []
    {
      await using cache = openVerdictCache({ directory: place, log: line => void lines.push(line) })
      expect(await cache.known([shaOf('1')], [python])).toEqual(new Map())
      cache.remember(shaOf('1'), python, truthOf(1))
      expect(await cache.known([shaOf('1')], [python])).toEqual(new Map())
    }
    expect(lines).toEqual([expect.stringMatching(/^verdicts are not remembered, as .* cannot be used: ./)])
  }

  test('below a file', async () => {
    await writeFile(directory(), '')
    await expectRunWithout(directory())
  })
  test('a folder where the data should be', async () => {
    await mkdir(dataFile(), { recursive: true })
    await expectRunWithout(directory())
  })
  const posix = { name: 'a POSIX system', present: process.platform !== 'win32' }
  testNeeding(posix)('read-only', async () => {
    await mkdir(directory(), { mode: 0o555 })
    await asCommonUser(folder.path, () => expectRunWithout(directory()))
  })
})

describe('a damaged store is started over, and tells nothing wrong', () => {
  const all = upTo(3000)
  const random = (size: number, seed: number) => {
    const blocks = upTo(Math.ceil(size / 32)).map(i => Buffer.from(shaOf(`${seed} ${i}`), 'hex'))
    return Buffer.concat(blocks).subarray(0, size)
  }
  const overwrite = (from: number, to: number) => async () => {
    const bytes = await readFile(dataFile())
    const [start, end] = [Math.floor(bytes.length * from), Math.floor(bytes.length * to)]
    random(end - start, end).copy(bytes, start)
    await writeFile(dataFile(), bytes)
  }
  test.each<readonly [string, () => Promise<void>]>([
    ['nothing but random bytes', overwrite(0, 1)],
    [
      'random bytes behind the first pages',
      async () => {
        const bytes = await readFile(dataFile())
        await writeFile(dataFile(), Buffer.concat([bytes.subarray(0, 8192), random(bytes.length - 8192, 7)]))
      },
    ],
    ['random bytes in the middle', overwrite(0.4, 0.6)],
    ['a few random bytes at the end', overwrite(0.99, 1)],
    ['cut to half', async () => truncate(dataFile(), (await stat(dataFile())).size / 2)],
    ['cut within the first page', () => truncate(dataFile(), 1000)],
    ['cut to nothing', () => truncate(dataFile(), 0)],
    ['zeros', async () => writeFile(dataFile(), Buffer.alloc((await stat(dataFile())).size))],
    ['a text', () => writeFile(dataFile(), 'this is no database\n'.repeat(1000))],
    ['a random lock file', () => writeFile(join(cacheFolder(directory()), 'lock.mdb'), random(8192, 3))],
  ])('%s', async (_name, damage) => {
    await rememberAll(directory(), all)
    await damage()
    const { log } = await recallAll(directory(), all)
    expect(log).toEqual([])
    expect(await rememberAll(directory(), all)).toEqual([])
    expect(await recallAll(directory(), all)).toEqual({ known: all, log: [] })
  })
})

test('the size is bounded: what is old goes, what is used stays', async () => {
  const bound = 64 * 1024
  await rememberAll(directory(), [0, 1], bound)
  for (let from = 10; from < 5010; from += 500) {
    expect((await recallAll(directory(), [0])).known).toEqual([0])
    await rememberAll(
      directory(),
      upTo(500).map(i => from + i),
      bound,
    )
  }
  expect((await recallAll(directory(), [0, 1, 5009])).known).toEqual([0, 5009])
  // A generation is given up when it is seen to be full: half of what is written at once may be more.
  expect((await stat(dataFile())).size).toBeLessThan(8 * bound)
  const { entries } = await describeCache(directory())
  expect(entries).toBeLessThan(3000)
})

test('a cache of another format is left alone, and clearing forgets all that is ours', async () => {
  const foreign = join(directory(), 'verdicts-2', 'data.mdb')
  await mkdir(join(directory(), 'verdicts-2'), { recursive: true })
  await writeFile(foreign, 'of a newer format')
  expect((await describeCache(directory())).entries).toBe(0)
  await rememberAll(directory(), upTo(100))
  const before = await describeCache(directory())
  expect(before).toMatchObject({ folder: cacheFolder(directory()), entries: 100 })
  expect(before.bytes).toBeGreaterThan((await stat(dataFile())).size)
  await clearCache(directory())
  expect(await describeCache(directory())).toMatchObject({ bytes: 0, entries: 0 })
  expect(await readdir(directory())).toEqual(['verdicts-2'])
  expect(await readFile(foreign, 'utf8')).toBe('of a newer format')
})

test('clearing while it is in use takes nothing from whoever uses it', async () => {
  await rememberAll(directory(), [1])
  await using cache = openVerdictCache({ directory: directory(), log: failing })
  const known = () => cache.known([shaOf('1')], [python])
  expect((await known()).size).toBe(1)
  await clearCache(directory())
  expect((await known()).size).toBe(1)
  expect((await recallAll(directory(), [1])).known).toEqual([])
})

test('without a directory nothing is known, and nothing is said', async () => {
  await using cache = openVerdictCache({ directory: null, log: failing })
  cache.remember(shaOf('1'), python, truthOf(1))
  expect(await cache.known([shaOf('1')], [python])).toEqual(new Map())
})
