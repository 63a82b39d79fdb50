/**
 * What it costs to predict an upload, to hash and to write it: a generated tree of 50,000 files, beside `git status` and `tar czf`
 * on the same tree, and the walk alone over 150,000. Each runs in a process of its own, so that its memory can be told. Prints the
 * tables for docs/performance.md; medians of three rounds, but for what is written: that is done once. `npm run bench:upload`.
 */
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { git } from '../tests/support/repository.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { writeForgottenTree } from './forgotten-tree.ts'
import { inTurns, median, rounds, table } from './measure.ts'

const program = join(import.meta.dirname, 'upload-run.ts')
await using folder = await temporaryFolder()

process.stdout.write(`${availableParallelism()} cores, Node ${process.version}, ${rounds} rounds\n`)
const tree = await makeTree('tree', 50_000)
await git(tree, 'add', '--all')
// A pipe: given /dev/null, GNU tar does not read the files.
const packing = { cwd: tree, stdout: 'ignore' } as const
const beside = await inTurns({
  status: async () => void (await git(tree, 'status', '--porcelain')),
  tar: async () => void (await execa('sh', ['-c', 'tar czf - . | cat'], packing)),
})
const [status, tar] = [median(beside.status), median(beside.tar)]
const theirs = [
  ['git status --porcelain', status, '', ''],
  ['tar czf', tar, '', ''],
]
const ours: (string | number)[][] = []
for (const [work, times] of [
  ['walk', rounds],
  ['hash', rounds],
  ['write-tgz', 1],
  ['write-zip', 1],
] as const) {
  ours.push(row(work, await child(tree, work, times), status + tar))
}
process.stdout.write(table(['50,000 files', 's', 'ratio to both', 'peak memory, MB'], [...theirs, ...ours]))

const large = await makeTree('large', 150_000)
process.stdout.write(
  table(['150,000 files', 's', 'ratio', 'peak memory, MB'], [row('walk', await child(large, 'walk'), null)]),
)

async function makeTree(name: string, files: number): Promise<string> {
  const path = join(folder.path, name)
  await mkdir(path)
  await git(path, 'init', '--quiet')
  await writeForgottenTree(path, files)
  return path
}

interface Cost {
  readonly seconds: number
  readonly megabytes: number
}

/** Of as many runs; the memory is the most that one of them took. */
async function child(directory: string, work: string, times = rounds): Promise<Cost> {
  const costs: Cost[] = []
  for (let round = 0; round < times; round++) {
    const { stdout } = await execa(process.execPath, ['--import', 'tsx', program, directory, work])
    costs.push(JSON.parse(stdout))
  }
  return {
    seconds: median(costs.map(({ seconds }) => seconds)),
    megabytes: Math.max(...costs.map(({ megabytes }) => megabytes)),
  }
}

function row(name: string, { seconds, megabytes }: Cost, reference: number | null): (string | number)[] {
  const ratio = reference === null ? '' : seconds / reference
  return [name, seconds, ratio, String(Math.round(megabytes))]
}
