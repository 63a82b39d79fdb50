import { expect, test } from 'vitest'
import { compareSteps, noComparison } from '../../src/diagnosis/comparison/compare-steps.ts'
import { digestsOf } from '../../src/manifest/hash-file.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { PythonFile } from '../../src/model/manifest.ts'
import type { Path } from '../../src/model/path.ts'
import type { Trace } from '../../src/model/trace.ts'
import { commitStage, uploadStage, worktreeStage } from '../support/memory-source.ts'

const stages = [commitStage, worktreeStage, uploadStage]

/** A file by its contents at commit, working tree and upload. */
function traceOf(path: string, ...contents: (string | null)[]): Trace {
  const steps = contents.map((content, i) => ({
    stage: stages[i]!,
    file: content === null ? null : fileOf(path, content),
  }))
  return { path: path as Path, steps }
}

function fileOf(path: string, content: string): PythonFile {
  const bytes = Buffer.from(content)
  return { kind: 'file', path: path as Path, size: bytes.length, layer: 0, ...digestsOf(bytes, 'sha1') }
}

/** What is read, in the order in which it is asked for. */
function reader(...contents: string[]) {
  const asked: number[] = []
  const known = new Map<Sha256, Buffer>(
    contents.map(each => [digestsOf(Buffer.from(each), 'sha1').sha256, Buffer.from(each)]),
  )
  async function* read(wanted: ReadonlySet<Sha256>) {
    asked.push(wanted.size)
    for (const sha256 of wanted) yield { sha256, bytes: known.get(sha256)! }
  }
  return { asked, read }
}

const never = () => {
  throw new Error('nothing was to be asked')
}

test('where nothing differs, nothing is read and git is not asked', async () => {
  const git = { conversions: never, index: never, submodules: never, exportIgnored: never }
  const traces = [traceOf('a.py', 'x\n', 'x\n', 'x\n'), traceOf('b.py', 'y\n', 'y\n', 'y\n')]
  expect(await compareSteps(traces, { contents: never, git, submodules: [] })).toBe(noComparison)
})

test('only what differs is read, once, and each pair is explained', async () => {
  const traces = [traceOf('a.py', 'x\n', 'x\r\n', 'x\r\n'), traceOf('b.py', 'y\n', 'y\n', 'y\n')]
  const { asked, read } = reader('x\n', 'x\r\n')
  const { explained } = await compareSteps(traces, { contents: read, git: null, submodules: [] })
  const [commit, disk, upload] = traces[0]!.steps.map(({ file }) => file!)
  expect(explained(commit!, disk!)?.change).toBe('line-endings')
  expect(explained(commit!, upload!)).toEqual(explained(commit!, disk!))
  expect(explained(disk!, upload!)).toBeNull()
  expect(asked).toEqual([2])
})

test('contents are held a part at a time, and large ones never', async () => {
  const contents = Array.from({ length: 12 }, (_, i) => `${i}${'#'.repeat(3_500_000)}\n`)
  const traces = contents.slice(1).map((each, i) => traceOf(`${i}.py`, contents[i]!, each))
  const { asked, read } = reader(...contents)
  await compareSteps(traces, { contents: read, git: null, submodules: [] })
  expect(Math.max(...asked)).toBeLessThan(8)

  const large = `${'#'.repeat(5_000_000)}\n`
  const trace = traceOf('l.py', 'x\n', large)
  const { explained } = await compareSteps([trace], { contents: reader('x\n').read, git: null, submodules: [] })
  const [before, after] = trace.steps.map(({ file }) => file!)
  expect(explained(before!, after!)).toEqual({
    change: 'rewritten',
    changeDetail: { says: '2 bytes became 5000001: too many to look for what changed' },
  })
})
