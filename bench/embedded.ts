/**
 * What embedded interpreters cost: their first answer from a snapshot against the plain load, and compiling against the native
 * CPython of the same minor version; and the memory of the parent over many files. `npx tsx bench/embedded.ts [DIR]`; DIR is a
 * tree of Python files. Prints tables for docs/performance.md; medians of three rounds.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findInterpreters } from '../src/interpreters/find-interpreters.ts'
import { openJudge } from '../src/interpreters/judge.ts'
import { type Interpreter, minorVersion } from '../src/model/interpreter.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { median, table, timed } from './measure.ts'
import { standardLibrary } from './standard-library.ts'

/** Enough to tell how fast it compiles. */
const sampleBytes = 3_000_000
/** As in a large repository. */
const manyFiles = 20_000

const found = await findInterpreters({ environment: process.env, allow: 'auto' })
const native = new Map(
  found.filter(({ provider }) => provider === 'native').map(each => [minorVersion(each.version), each]),
)
const newest = [...native.values()].at(-1)
if (newest === undefined) throw new Error('no native CPython was found: install one')
const sample = await readSample(process.argv[2] ?? (await standardLibrary(newest)))
await using cache = await temporaryFolder()

// First, as memory counts for the whole process, and embedded interpreters live in it.
await compile(
  newest,
  Array.from({ length: manyFiles }, (_, index) => Buffer.from(`x = ${index}\n`)),
)
const peak = process.resourceUsage().maxRSS / 1024
process.stdout.write(table(['files', 'peak memory of the parent, MB'], [[String(manyFiles), peak.toFixed(0)]]))

const starts: string[][] = []
const speeds: string[][] = []
for (const embedded of found.filter(({ provider }) => provider === 'embedded')) {
  const plain = median(await timed(() => compile(embedded, [Buffer.from('')])))
  await compile(embedded, [Buffer.from('')], cache.path)
  const kept = median(await timed(() => compile(embedded, [Buffer.from('')], cache.path)))
  starts.push([embedded.version, kept.toFixed(2), plain.toFixed(2), (kept / plain).toFixed(2)])

  const counterpart = native.get(minorVersion(embedded.version))
  if (counterpart === undefined) continue
  const ours = median(await timed(() => compile(embedded, sample, cache.path))) - kept
  const theirs = median(await timed(() => compile(counterpart, sample)))
  speeds.push([embedded.version, ours.toFixed(2), theirs.toFixed(2), (ours / theirs).toFixed(2)])
}
process.stdout.write(`\n${table(['embedded', 'first answer from a snapshot, s', 'plain, s', 'ratio'], starts)}`)
process.stdout.write(`\n${table(['embedded', 'compiling, s', 'native, one worker, s', 'ratio'], speeds)}`)

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
