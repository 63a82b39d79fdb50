/**
 * What a run of firstbreak over a whole tree costs, beside what a user would run instead; what it costs when every verdict is
 * remembered; what more stages cost; and the memory of its process. `npm run bench -- [DIR]`; DIR is a tree of Python files,
 * by default the standard library, with its tests, of the newest native CPython. Prints the tables of docs/performance.md.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { findInterpreters } from '../src/interpreters/find-interpreters.ts'
import { compareVersions, type Interpreter, minorVersion } from '../src/model/interpreter.ts'
import { git } from '../tests/support/repository.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { copyTree } from './copy-tree.ts'
import { inTurns, median, paired, ratio, rounds, secondsOf, table } from './measure.ts'
import { buildProgram, firstbreak, type Run } from './program.ts'
import { standardLibrary } from './standard-library.ts'

/** As in a large repository: together they are larger than the memory that may be used. */
const manyFiles = 20_000
const fileSize = 20_000

const jobs = availableParallelism()
const native = await findInterpreters({ environment: process.env, allow: 'native' })
const versions = newestOfEachMinor(native).filter(
  ({ version }) => compareVersions(version, '3.8') >= 0 && compareVersions(version, '3.14') < 0,
)
if (versions.length === 0) throw new Error('no native CPython from 3.8 to 3.13 was found: install one')

await using folder = await temporaryFolder()
const repository = join(folder.path, 'tree')
const files = await copyTree(process.argv[2] ?? (await standardLibrary(versions)), repository)
await commitAll(repository)
await buildProgram()
process.stdout.write(`${files} files, ${jobs} cores, Node ${process.version}, medians of ${rounds} rounds\n`)

await compareWithCompileall()
await compareStages()
await measureMemory()

/** Cold and warm runs over all versions, compileall of each, and git's own way to the same bytes, in turns. */
async function compareWithCompileall(): Promise<void> {
  const run: Run = { repository, interpreters: versions, cache: null, upload: 'none' }
  const remembering = { ...run, cache: join(folder.path, 'verdicts') }
  await firstbreak(remembering)
  const names = versions.map(({ version }) => minorVersion(version))
  const perVersion = versions.map(() => [] as number[])
  const seconds = await inTurns({
    cold: async () => void (await firstbreak(run)),
    theirs: async () => {
      for (const [i, each] of versions.entries()) perVersion[i]!.push(await secondsOf(() => compileall(each)))
    },
    warm: async () => void (await firstbreak(remembering)),
    hashing: hashWithGit,
  })
  const { cold, theirs, warm, hashing } = seconds
  process.stdout.write(table([`compileall -q -f -j ${jobs}`, ...names], [['s', ...perVersion.map(median)]]))
  const heading = [`cold, ${versions.length} versions`, 'firstbreak, s', 'compileall, s', 'ratio']
  process.stdout.write(table(heading, [['wall time', median(cold), median(theirs), ratio(cold, theirs)]]))
  const above = paired(warm, hashing, (a, b) => a - b)
  const warmHeading = [
    `warm, ${versions.length} versions`,
    'warm, s',
    'cold, s',
    'ratio',
    'git and hashing, s',
    'above it, s',
  ]
  const warmRow = ['wall time', median(warm), median(cold), ratio(warm, cold), median(hashing), above]
  process.stdout.write(table(warmHeading, [warmRow]))
}

/** The commit alone, as a bare clone has it, beside the commit, the working tree and the upload; less what reading takes. */
async function compareStages(): Promise<void> {
  const bare = join(folder.path, 'bare')
  await execa('git', ['clone', '--quiet', '--bare', repository, bare])
  const common = { interpreters: versions.slice(-1), cache: null }
  const one: Run = { ...common, repository: bare, upload: 'none' }
  const three: Run = { ...common, repository, upload: 'auto' }
  const cache = join(folder.path, 'of-stages')
  await firstbreak({ ...one, cache })
  const seconds = await inTurns({
    one: async () => void (await firstbreak(one)),
    three: async () => void (await firstbreak(three)),
    readingOne: async () => void (await firstbreak({ ...one, cache })),
    readingThree: async () => void (await firstbreak({ ...three, cache })),
  })
  const beyond = (all: readonly number[], reading: readonly number[]) => all.map((each, i) => each - reading[i]!)
  const [ofOne, ofThree] = [beyond(seconds.one, seconds.readingOne), beyond(seconds.three, seconds.readingThree)]
  const heading = ['the same tree at', 'cold, s', 'warm: reading alone, s', 'difference, s', 'ratio']
  process.stdout.write(
    table(heading, [
      ['commit', median(seconds.one), median(seconds.readingOne), median(ofOne), 1],
      [
        'commit, working tree, upload',
        median(seconds.three),
        median(seconds.readingThree),
        median(ofThree),
        ratio(ofThree, ofOne),
      ],
    ]),
  )
}

/** Of the process of firstbreak alone: interpreters have limits of their own. */
async function measureMemory(): Promise<void> {
  const many = join(folder.path, 'many')
  const line = `# ${'x'.repeat(77)}\n`
  for (let i = 0; i < manyFiles; i++) {
    const directory = join(many, String(i % 100))
    if (i < 100) await mkdir(directory, { recursive: true })
    await writeFile(join(directory, `m${i}.py`), `x = ${i}\n${line.repeat(fileSize / line.length)}`)
  }
  await commitAll(many)
  let peak = 0
  const seconds = await secondsOf(async () => {
    peak = await firstbreak({ repository: many, interpreters: versions.slice(-1), cache: null, upload: 'auto' })
  })
  const heading = ['files', 'MB in all', 'stages', 'peak memory of the process, MB', 's']
  const size = String((manyFiles * fileSize) / 1e6)
  process.stdout.write(table(heading, [[String(manyFiles), size, '3', String(peak), seconds]]))
}

/** What a user could do to have every blob of the commit digested. */
async function hashWithGit(): Promise<void> {
  const script = "git ls-tree -r HEAD | cut -d ' ' -f 3 | cut -f 1 | git cat-file --batch | sha256sum"
  await execa('sh', ['-c', script], { cwd: repository })
}

/** Started elsewhere, as Python would import from the tree. */
async function compileall({ executable }: Interpreter): Promise<void> {
  const options = ['-m', 'compileall', '-q', '-f', '-j', String(jobs), repository]
  const env = { PYTHONPYCACHEPREFIX: join(folder.path, 'cache') }
  await execa(executable!, options, { env, cwd: folder.path, reject: false, stdout: 'ignore' })
}

async function commitAll(directory: string): Promise<void> {
  await git(directory, 'init', '--quiet')
  // It would work on in the background.
  await git(directory, 'config', 'gc.auto', '0')
  await git(directory, 'add', '--all', '--force')
  await git(directory, 'commit', '--quiet', '--message=tree')
}

function newestOfEachMinor(interpreters: readonly Interpreter[]): Interpreter[] {
  return [...new Map(interpreters.map(each => [minorVersion(each.version), each])).values()]
}
