/**
 * What the hook adds to `git push`: a repository of 5,000 Python files, pushed to a bare repository beside it, first as a whole and then
 * with 10 files changed each time, with the hook and with `--no-verify`; with a native CPython and with embedded ones. Prints the table for docs/performance.md; medians of three rounds. `npm run bench:hook`.
 */
import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { git, writeFiles } from '../tests/support/repository.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { median, ratio, rounds, secondsOf, table } from './measure.ts'
import { buildProgram } from './program.ts'

const files = 5000
const changed = 10

await buildProgram()
await using folder = await temporaryFolder()
const program = join(import.meta.dirname, '../dist/cli/bin.js')
const bin = join(folder.path, 'bin')
await mkdir(bin)
await writeFile(join(bin, 'firstbreak'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`)
await chmod(join(bin, 'firstbreak'), 0o755)
const env = {
  PATH: [bin, process.env.PATH].join(delimiter),
  FIRSTBREAK_CACHE_DIR: join(folder.path, 'cache'),
  GIT_CONFIG_GLOBAL: '/dev/null',
}

process.stdout.write(`${availableParallelism()} cores, Node ${process.version}, ${rounds} rounds\n`)
const rows: (string | number)[][] = []
for (const [name, python, interpreters] of [
  ['native 3.11', '3.11', 'native'],
  ['embedded 3.12, from its snapshot', '3.12', 'embedded'],
  ['embedded 3.11, which has none', '3.11', 'embedded'],
] as const) {
  const repository = await makeRepository(name, python, interpreters)
  rows.push([`${name}: all ${files} files, once`, await secondsOf(() => push(repository)), '', ''])
  const [hook, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    hook.push(await secondsOfPush(repository))
    bare.push(await secondsOfPush(repository, '--no-verify'))
  }
  rows.push([`${name}: ${changed} files changed`, median(hook), median(bare), ratio(hook, bare)])
}
process.stdout.write(table(['git push', 'with the hook, s', 'without, s', 'ratio'], rows))

/** Nothing of it is pushed. */
async function makeRepository(name: string, python: string, interpreters: string): Promise<string> {
  const place = name.replaceAll(/\W+/g, '-')
  const repository = join(folder.path, place)
  await mkdir(repository)
  await git(folder.path, 'init', '--quiet', '--bare', `${place}.git`)
  await git(repository, 'init', '--quiet', '--initial-branch=main')
  await git(repository, 'remote', 'add', 'origin', `../${place}.git`)
  const modules = Array.from({ length: files }, (_, i) => [pathOf(i), moduleOf(i)] as const)
  await writeFiles(repository, {
    ...Object.fromEntries(modules),
    Dockerfile: `FROM python:${python}-slim\nCOPY . .\n`,
    'pyproject.toml': `[project]\nname = "bench"\n\n[tool.firstbreak]\ninterpreters = "${interpreters}"\n`,
  })
  await commit(repository)
  await execa('firstbreak', ['hook', 'install'], { cwd: repository, env })
  return repository
}

function pathOf(index: number): string {
  return `package${index % 50}/part${index % 7}/module${index}.py`
}

/** About 4 kB, each another. */
function moduleOf(index: number): string {
  const functions = Array.from(
    { length: 40 },
    (_, i) =>
      `def f${i}(a, b=${i}):\n    """Of module ${index}."""\n    return [x + ${i} for x in (a, b) if x != '${index}']\n`,
  )
  return functions.join('\n\n')
}

async function commit(repository: string): Promise<void> {
  await git(repository, 'add', '--all')
  await git(repository, 'commit', '--quiet', '--message=change')
}

let changes = 0

/** Of another commit each time, without the making of it. */
async function secondsOfPush(repository: string, ...options: string[]): Promise<number> {
  for (let i = 0; i < changed; i++) await appendFile(join(repository, pathOf(i * 37)), `# ${changes++}\n`)
  await commit(repository)
  return secondsOf(() => push(repository, ...options))
}

async function push(repository: string, ...options: string[]): Promise<void> {
  await execa('git', ['push', '--quiet', ...options, 'origin', 'main'], { cwd: repository, env })
}
