import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const cruiser = join(import.meta.dirname, '../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const configuration = join(import.meta.dirname, '../../.dependency-cruiser.cjs')

/** A package to be imported, where packages are installed. */
function installed(name: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    [`node_modules/${name}/index.js`]: '',
  }
}

/** Each imports what its place may import. */
const allowed = {
  'src/model/word.ts': 'export const word = 1\n',
  'src/model/other-word.ts': "import './word.ts'\n",
  'src/sources/archive/tar.ts': '',
  'src/sources/image/layer.ts': "import '../archive/tar.ts'\n",
  'src/sources/upload/walk.ts': "import '../git/tree.ts'\n",
  'src/sources/git/tree.ts': '',
  'src/sources/archive.ts':
    "import '../model/word.ts'\nimport 'execa'\nimport 'node:fs'\nimport 'node:child_process'\n",
  'src/manifest/hash.ts': "import '../model/word.ts'\nimport 'node:crypto'\n",
  'src/project/declared.ts': "import 'smol-toml'\n",
  'src/diagnosis/grammar.ts': "import 'tree-sitter'\nimport 'node:fs/promises'\n",
  'src/interpreters/embedded.ts': "import 'cpython-3.12'\nimport 'node:worker_threads'\n",
  'src/report/text.ts': "import 'node:util'\n",
  'src/trace/steps.ts': "import './align.ts'\n",
  'src/trace/align.ts': '',
  'src/verify.ts': "import './sources/archive.ts'\nimport './report/text.ts'\n",
  'src/index.ts': "import './verify.ts'\n",
  'src/cli/main.ts': "import '../verify.ts'\nimport 'commander'\nimport 'node:fs/promises'\n",
}

/** Each imports something that its place may not, and the rule that says so. */
const forbidden: readonly (readonly [path: string, source: string, rule: string])[] = [
  ['src/model/room.ts', "import '../report/text.ts'", 'rooms-meet-in-model'],
  ['src/model/builtin.ts', "import 'node:path'", 'model-builtins'],
  ['src/trace/room.ts', "import '../manifest/hash.ts'", 'rooms-meet-in-model'],
  ['src/report/type.ts', "import type {} from '../trace/room.ts'", 'rooms-meet-in-model'],
  ['src/report/flow.ts', "import '../verify.ts'", 'rooms-meet-in-model'],
  ['src/trace/lazy.ts', "export const later = import('../manifest/hash.ts')", 'rooms-meet-in-model'],
  ['src/manifest/command.ts', "import '../cli/main.ts'", 'cli-is-last'],
  ['src/manifest/public.ts', "import '../index.ts'", 'index-is-public'],
  ['src/manifest/fixture.ts', "import '../../tests/fixture.ts'", 'src-stands-alone'],
  ['src/sources/archive/image.ts', "import '../image/layer.ts'", 'archives-stand-alone'],
  ['src/sources/git/packed.ts', "import '../archive/tar.ts'", 'archives-stand-alone'],
  ['src/sources/image/commit.ts', "import '../git/packed.ts'", 'images-and-uploads'],
  ['src/sources/upload/pulled.ts', "import '../image/layer.ts'", 'uploads-and-images'],
  ['src/sources/toml.ts', "import 'smol-toml'", 'sources-packages'],
  ['src/project/process.ts', "import 'execa'", 'project-packages'],
  ['src/sources/interpreter.ts', "import 'cpython-3.12'", 'sources-packages'],
  ['src/report/parser.ts', "import 'tree-sitter'", 'report-packages'],
  ['src/cli/engine.ts', "import 'tree-sitter'", 'cli-packages'],
  ['src/program.ts', "import 'commander'", 'flow-packages'],
  ['src/project/disk.ts', "import { readFile } from 'node:fs/promises'", 'project-builtins'],
  ['src/report/disk.ts', "import 'fs'", 'report-builtins'],
  ['src/diagnosis/disk.ts', "import 'node:fs'", 'diagnosis-builtins'],
  ['src/diagnosis/program.ts', "import 'node:child_process'", 'diagnosis-builtins'],
  ['src/trace/environment.ts', "import 'node:process'", 'trace-builtins'],
  ['src/disk.ts', "import 'node:fs'", 'flow-builtins'],
  ['src/sources/tool.ts', "import 'vitest'", 'no-dev-dependency'],
  ['src/trace/missing.ts', "import './nowhere.ts'", 'no-unknown'],
  ['src/trace/align.ts', "import './steps.ts'", 'no-circle'],
  ['src/cellar/word.ts', "import '../model/word.ts'", 'known-rooms'],
]

/** `path: rule` of each import that is reported. */
async function violations(files: Readonly<Record<string, string>>): Promise<string[]> {
  await using folder = await temporaryFolder()
  const dependencies = ['execa', 'smol-toml', 'tree-sitter', 'cpython-3.12', 'commander']
  await writeFiles(folder.path, {
    ...files,
    ...Object.assign({}, ...[...dependencies, 'vitest'].map(installed)),
    'tests/fixture.ts': '',
    'tsconfig.json': '{}',
    'package.json': JSON.stringify({
      dependencies: Object.fromEntries(dependencies.map(name => [name, '1.0.0'])),
      devDependencies: { vitest: '1.0.0' },
    }),
  })
  await copyFile(configuration, join(folder.path, '.dependency-cruiser.cjs'))
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src']
  const { stdout } = await execa(process.execPath, args, { cwd: folder.path, reject: false })
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } }
  return summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`)
}

test('what the table of rooms allows is not reported', async () => {
  expect(await violations(allowed)).toEqual([])
})

test('what it forbids is reported, each by its rule', async () => {
  const files = Object.fromEntries(forbidden.map(([path, source]) => [path, `${source}\n`]))
  const reported = await violations({ ...allowed, ...files })
  expect(reported).toEqual(expect.arrayContaining(forbidden.map(([path, , rule]) => `${path}: ${rule}`)))
})
