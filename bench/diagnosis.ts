/**
 * What it costs to find every place of a broken file, beside what a user would run; and what looking for causes adds to a run in
 * which nothing is broken. `npm run bench:diagnosis -- [DIR]`; DIR is a tree of Python files that the newest native CPython compiles,
 * by default the top of its standard library. Prints tables for docs/performance.md.
 */
import { join } from 'node:path'
import { Command } from 'commander'
import { execa } from 'execa'
import type { Io } from '../src/cli/io.ts'
import { preparePlan } from '../src/cli/plan.ts'
import { openScratch } from '../src/cli/scratch.ts'
import { addVerify } from '../src/cli/verify-options.ts'
import { loadSyntax } from '../src/diagnosis/syntax.ts'
import { alignFiles } from '../src/flow/align-files.ts'
import { castRoles } from '../src/flow/cast-roles.ts'
import { describeImages } from '../src/flow/describe-images.ts'
import { findCauses } from '../src/flow/find-causes.ts'
import { judgeFiles } from '../src/flow/judge-files.ts'
import { readStages } from '../src/flow/read-stages.ts'
import { findInterpreters } from '../src/interpreters/find-interpreters.ts'
import { openJudge } from '../src/interpreters/judge.ts'
import { openVerdictCache } from '../src/interpreters/verdict-cache.ts'
import { readContents } from '../src/manifest/read-contents.ts'
import type { Sha256 } from '../src/model/digest.ts'
import { type Interpreter, minorVersion } from '../src/model/interpreter.ts'
import type { Plan } from '../src/plan.ts'
import { sitesIn } from '../tests/support/error-sites.ts'
import { git } from '../tests/support/repository.ts'
import { ruffPlaces } from '../tests/support/ruff.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { copyTree } from './copy-tree.ts'
import { inTurns, median, ratio, secondsOf, table } from './measure.ts'
import { standardLibrary } from './standard-library.ts'

const sites = 200

/** A function with one place at which CPython 3.11 stops, by its number, and what is to be put there instead. */
const functions: Readonly<Record<string, { of: (number: number) => string; mend: readonly [string, string] }>> = {
  'quotes reused': {
    of: number => `def f${number}(a):\n    b = ${number}\n    return f"{a["x"]} {b}"\n\n\n`,
    mend: ['"x"', "'x'"],
  },
  'line breaks': {
    of: number => `def f${number}(a):\n    return f"{g({\n        'id': ${number}})} {a}"\n\n\n`,
    mend: ['({\n        ', '({'],
  },
  backslashes: {
    of: number => `def f${number}(a):\n    b = ${number}\n    return f"{'\\n'.join(a)} {b}"\n\n\n`,
    mend: ["'\\n'", "'/'"],
  },
  'type parameters': {
    of: number => `def f${number}[T](a: T) -> T:\n    return f"{a}"\n\n\n`,
    mend: ['[T]', ''],
  },
  'no syntax of any version': {
    of: number => `def f${number}(a):\n    b = = ${number}\n    return f"{a} {b}"\n\n\n`,
    mend: ['= =', '='],
  },
  'return outside a function': {
    of: number => `class C${number}:\n    a = ${number}\n    return f"{a}"\n\n\n`,
    mend: ['return', 'a ='],
  },
}

const native = await findInterpreters({ environment: process.env, allow: 'native' })
await measureSites(native.findLast(({ version }) => minorVersion(version) === '3.11'))
await measureClean(native.at(-1)!)

/** Beside CPython that compiles the file with the first place, with the first two, … mended, as one does who mends place after place. */
async function measureSites(interpreter: Interpreter | undefined): Promise<void> {
  if (interpreter === undefined) throw new Error('no native CPython 3.11 was found: install one')
  await using bench = openJudge({ jobs: 2 })
  const means = { ...bench, syntax: await loadSyntax() }
  const rows: (string | number)[][] = []
  for (const [name, { of, mend }] of Object.entries(functions)) {
    const broken = Array.from({ length: sites }, (_, i) => of(i))
    const mended = broken.map(each => each.replace(...mend))
    const source = broken.join('')
    let found = 0
    const ours = async () => {
      found = (await sitesIn(source, interpreter, means)).sites.length
    }
    await ours() // with it, all who are asked have started
    const seconds = await inTurns({
      ours,
      compiling: () =>
        compileEach(
          interpreter,
          mended.map((_, i) => [...mended.slice(0, i), ...broken.slice(i)].join('')),
        ),
      ruff: async () => void ruffPlaces(source, '3.11'),
    })
    const { compiling, ruff } = seconds
    rows.push([
      name,
      String(found),
      median(seconds.ours),
      median(compiling),
      ratio(seconds.ours, compiling),
      median(ruff),
    ])
  }
  const heading = ['a file with', 'places found', 's', 'mended one by one, s', 'ratio', 'ruff, s']
  process.stdout.write(table(heading, rows))
}

async function compileEach({ executable }: Interpreter, sources: readonly string[]): Promise<void> {
  const program = `import json, sys
for source in json.load(sys.stdin):
    try: compile(source, 'source', 'exec')
    except SyntaxError: pass
    else: sys.exit('it compiles')`
  await execa(executable!, ['-I', '-c', program], { input: JSON.stringify(sources) })
}

/** The steps of a run, one after the other, over a tree in which nothing breaks and nothing differs. */
async function measureClean(interpreter: Interpreter): Promise<void> {
  await using folder = await temporaryFolder()
  const repository = join(folder.path, 'tree')
  const files = await copyTree(process.argv[2] ?? (await standardLibrary(native)), repository)
  await git(repository, 'init', '--quiet')
  await git(repository, 'config', 'gc.auto', '0')
  await git(repository, 'add', '--all', '--force')
  await git(repository, 'commit', '--quiet', '--message=tree')
  const rows: (string | number)[][] = []
  for (const cache of [null, join(folder.path, 'verdicts')]) {
    if (cache !== null) await stepsOf(repository, interpreter, cache)
    const { before, causes, broken } = await stepsOf(repository, interpreter, cache)
    const name = cache === null ? 'every file compiled' : 'every verdict remembered'
    rows.push([name, String(files), String(broken), before, causes, causes / before])
  }
  process.stdout.write(table(['a run', 'files', 'broken', 'all before, s', 'looking for causes, s', 'ratio'], rows))
}

async function stepsOf(repository: string, { version }: Interpreter, cacheDirectory: string | null) {
  const options = ['--repo', repository, '--exclude', '**/bad*', '--interpreters', 'native']
  const roles = ['--deploy-python', version, '--dev-python', version]
  const remembering = cacheDirectory === null ? ['--no-cache'] : ['--cache-dir', cacheDirectory]
  const plan = await planOf(repository, [...options, ...roles, ...remembering])
  await using cache = openVerdictCache({ directory: plan.cacheDirectory, log: plan.log })
  await using judges = openJudge(plan)
  let [causes, broken] = [0, 0]
  const all = await secondsOf(async () => {
    const stages = await readStages(plan)
    const files = alignFiles(plan, stages)
    const described = await describeImages(plan, stages)
    const cast = castRoles(plan, described)
    const means = { cache, judges, contents: (wanted: ReadonlySet<Sha256>) => readContents(wanted, stages.holders) }
    const verdicts = await judgeFiles(plan, files, cast, means)
    causes = await secondsOf(async () => {
      broken = (await findCauses(plan, { stages, files, described, cast, verdicts }, means)).findings.length
    })
  })
  return { before: all - causes, causes, broken }
}

/** As `firstbreak verify` makes it of its options. */
async function planOf(repository: string, options: readonly string[]): Promise<Plan> {
  const silent = { write: () => {}, columns: null }
  const io: Io = {
    cwd: repository,
    environment: process.env,
    out: silent,
    err: silent,
    signal: new AbortController().signal,
    input: () => null,
    divertSignals: () => () => {},
    leftovers: new Set(),
  }
  const command = addVerify(new Command(), 2)
  const prepared: Plan[] = []
  command.action(async () => {
    const surroundings = { progress: () => {}, log: () => {}, scratch: openScratch(io) }
    prepared.push((await preparePlan(command, io, surroundings)).plan)
  })
  await command.parseAsync(options, { from: 'user' })
  return prepared[0]!
}
