import { join } from 'node:path'
import { expect, test } from 'vitest'
import { embeddedInterpreters } from '../../src/interpreters/embedded.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import { rootPath } from '../../src/model/path.ts'
import type { Source } from '../../src/model/source.ts'
import type { Plan } from '../../src/plan.ts'
import { json } from '../../src/report/json.ts'
import { verify } from '../../src/verify.ts'
import { commitStage, memorySource, noHistory } from '../support/memory-source.ts'
import { temporaryFolder } from '../support/temporary.ts'

const files = {
  'app/a.py': 'x = 1\n',
  'app/b.py': 'match x:\n    case _: pass\n',
  'app/broken.py': 'x = (1\ny = = 2\n',
}

/** A run over one stage; how often each file was read. */
async function run(cacheDirectory: string, interpreter: Interpreter) {
  const read: string[] = []
  const source = memorySource(commitStage, Object.entries(files))
  const counting: Source = {
    stage: source.stage,
    async *entries(only) {
      for await (const entry of source.entries(only)) {
        if (entry.kind !== 'file') continue
        read.push(entry.path)
        yield entry
      }
    },
  }
  const declared = { version: interpreter.version, from: 'the test' }
  const plan: Plan = {
    sources: [counting],
    objectFormat: 'sha1',
    sourceDirectory: rootPath,
    dockerBuild: null,
    mappings: [],
    dependencies: false,
    isExcluded: () => false,
    declarations: {
      dev: declared,
      deploy: declared,
      supported: null,
      declared: { deploy: [], dev: [], supported: [], ci: [] },
      ciIsComplete: true,
      remarks: [],
    },
    roles: { deploy: null, dev: null },
    pythons: [],
    pathPython: null,
    available: [interpreter],
    inImages: [],
    history: noHistory,
    git: null,
    ignoreRule: () => null,
    build: null,
    jobs: 1,
    mostSearched: 1000,
    cacheDirectory,
    remarks: [],
    progress: () => undefined,
    signal: new AbortController().signal,
    log: line => {
      throw new Error(line)
    },
  }
  return { report: json(await verify(plan)), read: read.sort() }
}

test('a second run starts no interpreter, reads no sound file twice, and reports the same', async () => {
  await using folder = await temporaryFolder()
  const embedded = embeddedInterpreters().at(-1)!
  const cold = await run(folder.path, embedded)
  // The same build, but there is nothing to be started.
  const gone: Interpreter = { ...embedded, provider: 'native', executable: join(folder.path, 'no-such-python') }
  const warm = await run(folder.path, gone)
  expect(warm.report).toBe(cold.report.replaceAll('"provider": "embedded"', '"provider": "native"'))
  expect(cold.read).toEqual(['a', 'a', 'b', 'b', 'broken', 'broken', 'broken'].map(name => `app/${name}.py`))
  // Hashed; what is broken is read once more to be shown.
  expect(warm.read).toEqual(['a', 'b', 'broken', 'broken'].map(name => `app/${name}.py`))
})
