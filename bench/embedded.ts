/**
 * What embedded interpreters cost: their first answer from a snapshot against the plain load, and compiling against the native
 * CPython of the same minor version. `npx tsx bench/embedded.ts [DIR]`; DIR is a tree of Python files. Prints tables for
 * docs/performance.md.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findInterpreters } from '../src/interpreters/find-interpreters.ts'
import { openJudge } from '../src/interpreters/judge.ts'
import { type Interpreter, minorVersion } from '../src/model/interpreter.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { inTurns, median, ratio, table } from './measure.ts'
import { standardLibrary } from './standard-library.ts'

/** Enough to tell how fast it compiles. */
const sampleBytes = 3_000_000

const found = await findInterpreters({ environment: process.env, allow: 'auto' })
const native = new Map(
  found.filter(({ provider }) => provider === 'native').map(each => [minorVersion(each.version), each]),
)
const sample = await readSample(process.argv[2] ?? (await standardLibrary([...native.values()])))
await using cache = await temporaryFolder()

const starts: (string | number)[][] = []
const speeds: (string | number)[][] = []
for (const embedded of found.filter(({ provider }) => provider === 'embedded')) {
  await compile(embedded, [Buffer.from('')], cache.path)
  const { kept, plain } = await inTurns({
    kept: () => compile(embedded, [Buffer.from('')], cache.path),
    plain: () => compile(embedded, [Buffer.from('')]),
  })
  starts.push([embedded.version, median(kept), median(plain), ratio(kept, plain)])

  const counterpart = native.get(minorVersion(embedded.version))
  if (counterpart === undefined) continue
  const { ours, theirs } = await inTurns({
    ours: () => compile(embedded, sample, cache.path),
    theirs: () => compile(counterpart, sample),
  })
  // Without the start: it was measured above.
  const compiling = ours.map(seconds => seconds - median(kept))
  speeds.push([embedded.version, median(compiling), median(theirs), ratio(compiling, theirs)])
}
process.stdout.write(table(['embedded', 'first answer from a snapshot, s', 'plain load, s', 'ratio'], starts))
process.stdout.write(table(['embedded', 'compiling, s', 'native, one worker, s', 'ratio'], speeds))

async function compile(
  interpreter: Interpreter,
  sources: readonly Uint8Array[],
  cacheDirectory: string | null = null,
): Promise<void> {
  await using open = openJudge({ jobs: 1, cacheDirectory })
  for (const source of sources) await open.judge(source, interpreter)
}

async function readSample(tree: string): Promise<readonly Uint8Array[]> {
  const names = (await readdir(tree, { recursive: true })).filter(name => name.endsWith('.py')).sort()
  const sources: Uint8Array[] = []
  let size = 0
  for (const name of names) {
    if (size > sampleBytes) break
    const source = await readFile(join(tree, name))
    size += source.length
    sources.push(source)
  }
  return sources
}
