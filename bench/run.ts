/**
 * What a cold run of firstbreak costs, beside what a user would run instead: `python -m compileall` of each version over the
 * same files. `npm run bench -- [DIR]`; DIR is a tree of Python files, by default the standard library of the newest native
 * CPython. Prints a table for docs/performance.md. Both take turns, and the median of the ratios counts.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { findInterpreters } from '../src/interpreters/find-interpreters.ts'
import { compareVersions, type Interpreter, minorVersion } from '../src/model/interpreter.ts'
import { git } from '../tests/support/repository.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { copyTree } from './copy-tree.ts'

const rounds = 3
const jobs = availableParallelism()

const native = await findInterpreters({ environment: process.env, allow: 'native' })
const versions = newestOfEachMinor(native).filter(({ version }) => compareVersions(version, '3.8') >= 0)
if (versions.length === 0) throw new Error('no native CPython 3.8 or later was found: install one')
const tree = process.argv[2] ?? (await standardLibrary(versions.at(-1)!))

await using folder = await temporaryFolder()
const repository = join(folder.path, 'tree')
const files = await copyTree(tree, repository)
await git(repository, 'init', '--quiet')
await git(repository, 'add', '--all', '--force')
await git(repository, 'commit', '--quiet', '--message=tree')
await execa('npm', ['run', 'build'], { preferLocal: true })

process.stdout.write(`${files} files, ${jobs} cores, Node ${process.version}, ${rounds} rounds\n\n`)
const rows: string[][] = []
for (const interpreters of [...versions.map(each => [each]), versions]) {
  const measured: { readonly ours: number; readonly theirs: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const ours = await seconds(() => firstbreak(interpreters))
    const theirs = await seconds(async () => {
      for (const each of interpreters) await compileall(each)
    })
    measured.push({ ours, theirs })
  }
  const [ours, theirs, ratio] = [
    median(measured.map(each => each.ours)),
    median(measured.map(each => each.theirs)),
    median(measured.map(each => each.ours / each.theirs)),
  ]
  const name = interpreters.map(({ version }) => minorVersion(version)).join(', ')
  rows.push([name, ours.toFixed(2), theirs.toFixed(2), ratio.toFixed(2)])
}
process.stdout.write(table(['CPython', 'firstbreak, s', 'compileall -q -f, s', 'ratio'], rows))

/** A cold run over the commit alone: git, hashing, every interpreter, the report. */
async function firstbreak(interpreters: readonly Interpreter[]): Promise<void> {
  const [deploy, ...others] = interpreters.map(({ version }) => version)
  const program = join(import.meta.dirname, '..', 'dist', 'cli', 'bin.js')
  const options = ['--upload', 'none', '--deploy-python', deploy!, '--dev-python', deploy!, '--format', 'json']
  const more = others.length === 0 ? [] : ['--python', others.join(',')]
  const { exitCode } = await execa(process.execPath, [program, '--repo', repository, ...options, ...more], {
    reject: false,
  })
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`firstbreak ended with ${exitCode}`)
}

async function compileall({ executable }: Interpreter): Promise<void> {
  const options = ['-m', 'compileall', '-q', '-f', '-j', String(jobs), repository]
  const env = { PYTHONPYCACHEPREFIX: join(folder.path, 'cache') }
  await execa(executable!, options, { env, reject: false, stdout: 'ignore' })
}

async function standardLibrary({ executable }: Interpreter): Promise<string> {
  const { stdout } = await execa(executable!, ['-c', 'import os; print(os.path.dirname(os.__file__))'])
  return stdout
}

function newestOfEachMinor(interpreters: readonly Interpreter[]): Interpreter[] {
  return [...new Map(interpreters.map(each => [minorVersion(each.version), each])).values()]
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [line(heading), line(heading.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('')
}
