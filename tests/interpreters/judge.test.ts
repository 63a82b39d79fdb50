import { execFile } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import { nativePythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const native = nativePythons.find(({ version }) => version.startsWith('3.1'))
const crashing = nativePythons.find(({ version }) => version === '3.8.18')
const posix = { name: 'a POSIX system', present: process.platform !== 'win32' }
const python = { name: 'a CPython 3.10 or later', present: native !== undefined }

const fine = Buffer.from('x = 1\n')
const broken = Buffer.from('x = = 1\n')

testNeeding(python)('answers asked for all at once do not mix', async () => {
  await using open = openJudge({ jobs: 2 })
  const lines = Array.from({ length: 300 }, (_, index) => index + 1)
  const sources = lines.map(line => Buffer.from(`${'\n'.repeat(line - 1)}x = = ${'#'.repeat((line * 997) % 200_000)}`))
  const verdicts = await Promise.all(
    sources.flatMap(source => [native!, nativePythons.at(-1)!].map(interpreter => open.judge(source, interpreter))),
  )
  const places = verdicts.map(verdict => (verdict.kind === 'breaks' ? verdict.at?.line : verdict))
  expect(places).toEqual(lines.flatMap(line => [line, line]))
})

testNeeding({ name: 'CPython 3.8.18', present: crashing !== undefined })(
  'a source that crashes the interpreter is undecided, and it alone',
  async () => {
    await using open = openJudge({ jobs: 1 })
    const crash = Buffer.from(`x = ${'1 + '.repeat(200_000)}1\n`)
    const verdicts = await Promise.all([fine, crash, broken, fine].map(source => open.judge(source, crashing!)))
    expect(verdicts.map(({ kind }) => kind)).toEqual(['compiles', 'undecided', 'breaks', 'compiles'])
    expect(verdicts[1]).toMatchObject({
      reason: expect.stringMatching(/ did not judge it: it was ended by SIG[A-Z]+$/),
    })
  },
)

testNeeding(posix, python)('a source whose worker is killed is tried once more, in a new one', async () => {
  await using folder = await temporaryFolder()
  const once = join(folder.path, 'once')
  const start = `[ -e ${once} ] && exec ${native!.executable} "$@"\n: > ${once}\nkill -9 $$`
  const interpreter = await fake(folder.path, start)
  await using open = openJudge({ jobs: 1 })
  const verdicts = await Promise.all([fine, broken, fine].map(source => open.judge(source, interpreter)))
  expect(verdicts.map(({ kind }) => kind)).toEqual(['compiles', 'breaks', 'compiles'])
})

testNeeding({ name: 'CPython 3.8.18', present: crashing !== undefined })(
  'sources that crash every worker one after the other are not held against the interpreter',
  async () => {
    await using open = openJudge({ jobs: 2 })
    const crash = Buffer.from(`x = ${'1 + '.repeat(200_000)}1\n`)
    const sources = [crash, crash, crash, crash, crash, fine, broken]
    const verdicts = await Promise.all(sources.map(source => open.judge(source, crashing!)))
    expect(verdicts.map(({ kind }) => kind)).toEqual([...Array(5).fill('undecided'), 'compiles', 'breaks'])
  },
)

testNeeding(posix)('an interpreter that cannot be started is given up, however many sources wait for it', async () => {
  await using folder = await temporaryFolder()
  const starts = join(folder.path, 'starts')
  const interpreter = await fake(folder.path, `echo start >> ${starts}\nexit 3`)
  await using open = openJudge({ jobs: 2 })
  const verdicts = await Promise.all(Array.from({ length: 5000 }, () => open.judge(fine, interpreter)))
  const reason = 'native-3.11.7 did not judge it: it ended with exit code 3'
  expect(new Set(verdicts.map(verdict => JSON.stringify(verdict)))).toEqual(
    new Set([JSON.stringify({ kind: 'undecided', reason })]),
  )
  const lines = (await readFile(starts, 'utf8')).trim().split('\n')
  expect(lines.length).toBeLessThan(10)
})

for (const [name, text, reason] of [
  ['hangs', 'exec /bin/sleep 600', 'it gave no answer within 0.5 s'],
  ['writes rubbish', 'echo rubbish; exec /bin/sleep 600', 'it writes what is no answer'],
  ['writes without end', 'exec /bin/cat /dev/zero', 'it writes what is no answer'],
  ['dies at start', 'exit 3', 'it ended with exit code 3'],
] as const) {
  testNeeding(posix)(`a worker that ${name} decides nothing`, async () => {
    await using folder = await temporaryFolder()
    const interpreter = await fake(folder.path, text)
    await using open = openJudge({ jobs: 1, timeLimit: name === 'hangs' ? 500 : 30_000 })
    const verdict = { kind: 'undecided', reason: `native-3.11.7 did not judge it: ${reason}` }
    expect(await open.judge(fine, interpreter)).toEqual(verdict)
    expect(await open.judge(broken, interpreter)).toEqual(verdict)
  })
}

testNeeding(posix)('a worker that ends while nobody asks it costs no source its verdict', async () => {
  await using folder = await temporaryFolder()
  const pid = join(folder.path, 'pid')
  const interpreter = await fake(folder.path, `echo $$ > ${pid}\necho '{"kind": "compiles"}'`)
  await using open = openJudge({ jobs: 1 })
  for (let time = 0; time < 3; time++) {
    expect(await open.judge(fine, interpreter)).toEqual({ kind: 'compiles' })
    await untilGone(Number(await readFile(pid, 'utf8')))
  }
})

test('an interpreter that is not there decides nothing', async () => {
  await using open = openJudge({ jobs: 1 })
  const executable = join(import.meta.dirname, 'nothing')
  const verdict = await open.judge(fine, {
    id: 'native-3.11.7',
    version: '3.11.7',
    provider: 'native',
    build: '',
    executable,
  })
  expect(verdict).toMatchObject({ kind: 'undecided', reason: expect.stringContaining('could not be started') })
})

testNeeding(posix, python)('closing, or giving up, rejects what is not answered and nothing else', async () => {
  await using folder = await temporaryFolder()
  const hanging = await fake(folder.path, 'exec /bin/sleep 600')
  for (const signal of [null, new AbortController()]) {
    await using open = openJudge({ jobs: 2, ...(signal && { signal: signal.signal }) })
    const answered = open.judge(fine, native!)
    expect(await answered).toEqual({ kind: 'compiles' })
    const waiting = Promise.allSettled([fine, broken].map(source => open.judge(source, hanging)))
    if (signal === null) await open[Symbol.asyncDispose]()
    else signal.abort(new Error('given up'))
    const reason = new Error(signal === null ? 'the judge is closed' : 'given up')
    expect(await waiting).toEqual([1, 2].map(() => ({ status: 'rejected', reason })))
    await expect(open.judge(fine, native!)).rejects.toThrow(reason)
  }
})

testNeeding(python)(
  'a worker ends with its stdin, in the middle of a request too: nothing outlives whoever asked',
  async () => {
    const program = fileURLToPath(new URL('../../src/interpreters/check.py', import.meta.url))
    for (const written of ['', '\0\0\0\0\0\0\0\x08x = ']) {
      const running = promisify(execFile)(native!.executable!, ['-I', '-S', '-B', program])
      running.child.stdin!.end(written)
      expect(await running).toEqual({ stdout: '', stderr: '' })
    }
  },
)

testNeeding(python)('memory that ran out is no verdict; a MemoryError for deep nesting is one', async () => {
  const folder = dirname(fileURLToPath(new URL('../../src/interpreters/check.py', import.meta.url)))
  const program = `
import sys
sys.path.insert(0, sys.argv[1])
import check
source = b'-' * 10000 + b'1'
print(check.check(source, lambda: 3 << 30))
print(check.check(source, lambda: 1 << 20))
`
  const { stdout } = await promisify(execFile)(native!.executable!, ['-B', '-c', program, folder])
  const [exhausted, nested] = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  expect(exhausted).toEqual({ kind: 'undecided', reason: 'compiling it takes too much memory' })
  expect(nested).toMatchObject({ kind: 'breaks', exception: 'MemoryError', at: null })
})

/** Resolves when a process is no more, and what it wrote has been read. */
async function untilGone(pid: number): Promise<void> {
  for (let there = true; there; await setTimeout(20)) {
    try {
      process.kill(pid, 0)
    } catch {
      there = false
    }
  }
}

/** An interpreter that is a shell script. */
async function fake(folder: string, text: string): Promise<Interpreter> {
  const executable = join(folder, 'python')
  await writeFile(executable, `#!/bin/sh\n${text}\n`)
  await chmod(executable, 0o755)
  return { id: 'native-3.11.7', version: '3.11.7', provider: 'native', build: '', executable }
}
