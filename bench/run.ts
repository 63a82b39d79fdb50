/**
 * What a cold run of firstbreak costs, beside what a user would run instead: `python -m compileall` of each version over the
 * same files; and what a run costs that finds every verdict remembered, beside a cold one. `npm run bench -- [DIR]`; DIR is a
 * tree of Python files, by default the standard library of the newest native CPython. Prints the tables for
 * docs/performance.md; medians of three rounds.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { findInterpreters } from '../src/interpreters/find-interpreters.ts'
import { compareVersions, type Interpreter, minorVersion } from '../src/model/interpreter.ts'
import { git } from '../tests/support/repository.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { copyTree } from './copy-tree.ts'
import { median, rounds, table, timed } from './measure.ts'
import { standardLibrary } from './standard-library.ts'

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
const alone = new Map<string, number[]>()
for (const each of versions) {
  const ours = await timed(() => firstbreak([each]))
  const theirs = await timed(() => compileall(each))
  alone.set(each.id, theirs)
  rows.push(row(minorVersion(each.version), ours, theirs))
}
const together = await timed(() => firstbreak(versions))
const oneByOne = together.map((_, round) => versions.reduce((sum, { id }) => sum + alone.get(id)![round]!, 0))
rows.push(row(`all ${versions.length}`, together, oneByOne))
process.stdout.write(table(['CPython', 'firstbreak, s', 'compileall -q -f, s', 'ratio'], rows))

const remembering = ['--cache-dir', join(folder.path, 'verdicts')]
await firstbreak(versions, remembering)
const warm = await timed(() => firstbreak(versions, remembering))
process.stdout.write(
  `\n${table(['CPython', 'warm, s', 'cold, s', 'ratio'], [row(`all ${versions.length}`, warm, together)])}`,
)

/** A run over the commit alone: git, hashing, every interpreter, the report; a cold one unless `cache` says otherwise. */
async function firstbreak(interpreters: readonly Interpreter[], cache = ['--no-cache']): Promise<void> {
  const [deploy, ...others] = interpreters.map(({ version }) => version)
  const program = join(import.meta.dirname, '..', 'dist', 'cli', 'bin.js')
  const options = [
    ...cache,
    '--upload',
    'none',
    '--deploy-python',
    deploy!,
    '--dev-python',
    deploy!,
    '--format',
    'json',
  ]
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

function newestOfEachMinor(interpreters: readonly Interpreter[]): Interpreter[] {
  return [...new Map(interpreters.map(each => [minorVersion(each.version), each])).values()]
}

function row(name: string, ours: readonly number[], theirs: readonly number[]): string[] {
  const ratio = median(ours) / median(theirs)
  return [name, median(ours).toFixed(2), median(theirs).toFixed(2), ratio.toFixed(2)]
}
