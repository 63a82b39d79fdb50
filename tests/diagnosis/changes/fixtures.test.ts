import { expect, test } from 'vitest'
import { compareSteps } from '../../../src/diagnosis/comparison/compare-steps.ts'
import { digestsOf } from '../../../src/manifest/hash-file.ts'
import type { Sha256 } from '../../../src/model/digest.ts'
import type { PythonFile } from '../../../src/model/manifest.ts'
import type { Path } from '../../../src/model/path.ts'
import type { Trace } from '../../../src/model/trace.ts'
import { fixturesIn } from '../../interpreters/sources.ts'
import { commitStage, uploadStage } from '../../support/memory-source.ts'

/** `CHANGE.before.py`, `CHANGE.after.py`, and `CHANGE.near.py`, which might be taken for it and is `rewritten`. */
const { sources } = fixturesIn('changes')
const kinds = [
  ...['line-endings', 'bom', 'encoding', 'truncated', 'nul-bytes', 'lfs-pointer', 'ident', 'export-subst'],
  ...['unicode-normalization', 'trailing-whitespace', 'symlink-dereferenced', 'conflict-markers', 'rewritten'],
] as const
const cases = [...sources.keys()]
  .filter(name => name.endsWith('.before.py'))
  .map(name => name.replace('.before.py', ''))

test('every change is among them', () => {
  expect(new Set(cases.map(kindOf))).toEqual(new Set(kinds))
})

test.each(cases)('%s is named', async name => {
  expect(await changeBetween(name, 'after')).toBe(kindOf(name))
})

test.each(cases.filter(name => kindOf(name) !== 'rewritten'))('%s is not named where it is not all', async name => {
  expect(await changeBetween(name, 'near')).toBe('rewritten')
})

function kindOf(name: string): string {
  return kinds.find(kind => name.startsWith(kind))!
}

/** Before stands in the commit, what became of it in the upload. A link leads to a file that holds its content. */
async function changeBetween(name: string, what: 'after' | 'near'): Promise<string | undefined> {
  const [before, after] = [sources.get(`${name}.before.py`)!, sources.get(`${name}.${what}.py`)!]
  const shared = sources.get(`${name}.after.py`)!
  const isLink = kindOf(name) === 'symlink-dereferenced'
  const traces: Trace[] = [
    traceOf(
      'service/main.py',
      isLink ? linkTo(before) : fileOf('service/main.py', before),
      fileOf('service/main.py', after),
    ),
    traceOf('shared/double.py', fileOf('shared/double.py', shared), fileOf('shared/double.py', shared)),
  ]
  const contents = new Map<Sha256, Uint8Array>([before, after].map(each => [digestsOf(each, 'sha1').sha256, each]))
  async function* read(wanted: ReadonlySet<Sha256>) {
    for (const sha256 of wanted) yield { sha256, bytes: contents.get(sha256)! }
  }
  const { explained } = await compareSteps(traces, { contents: read, git: null, submodules: [] })
  const [from, to] = traces[0]!.steps.map(({ file }) => file!)
  return explained(from!, to!)?.change
}

function traceOf(path: string, before: PythonFile, after: PythonFile): Trace {
  return {
    path: path as Path,
    steps: [
      { stage: commitStage, file: before },
      { stage: uploadStage, file: after },
    ],
  }
}

function fileOf(path: string, bytes: Uint8Array): PythonFile {
  return { kind: 'file', path: path as Path, size: bytes.length, layer: 0, ...digestsOf(bytes, 'sha1') }
}

/** A link as git keeps it: the text is where it leads. */
function linkTo(target: Uint8Array): PythonFile {
  return { ...fileOf('service/main.py', target), kind: 'symlink', target: Buffer.from(target).toString() }
}
