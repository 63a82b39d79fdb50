import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage } from '../support/images.ts'
import { type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const ignore = { '.gcloudignore': '.git\n' }
const commit = (files: Files) => makeRepository(at('repository'), { ...ignore, ...files })

async function run(...args: string[]) {
  const { code, out, err } = await firstbreak(at('repository'), ['--interpreters', 'embedded', ...args], {})
  return { code, text: err + out }
}

interface Note {
  readonly code: string
  readonly path: string
  readonly severity: string
  readonly firstBreak: null
  readonly sites: readonly { readonly line: number; readonly column: number; readonly message: string }[]
  readonly evidence: { readonly warning: { readonly category: string; readonly kind: string } }
}

async function notes(...args: string[]): Promise<Note[]> {
  const { text } = await run(...args, '--format', 'json')
  return JSON.parse(text).findings.filter(({ code }: Note) => code === 'syntax-warning')
}

const on = (deploy: string, dev: string) => ['--deploy-python', deploy, '--dev-python', dev]
const escapes = "import re\nx = re.compile('\\d')\ny = '\\s'; z = 1 is 1\n"

test('a note for each file and kind, with its places; nothing is broken by it', async () => {
  await commit({ 'app/a.py': escapes, 'app/b.py': "x = r'\\d'\n" })
  expect(await notes(...on('3.12', '3.12'))).toMatchObject([
    {
      path: 'app/a.py',
      severity: 'note',
      firstBreak: null,
      sites: [
        { line: 2, column: 16, message: "invalid escape sequence '\\d'" },
        { line: 3, column: 5, message: "invalid escape sequence '\\s'" },
      ],
      evidence: { warning: { category: 'SyntaxWarning', kind: 'invalid escape sequence …' } },
    },
    {
      path: 'app/a.py',
      sites: [{ line: 3, column: 15, message: '"is" with \'int\' literal. Did you mean "=="?' }],
      evidence: { warning: { category: 'SyntaxWarning', kind: '… with … literal. Did you mean …?' } },
    },
  ])
  expect((await run(...on('3.12', '3.12'))).code).toBe(0)
  expect((await run(...on('3.12', '3.12'), '--fail-on', 'warning')).code).toBe(0)
})

test('only the deploy interpreter is heard', async () => {
  await commit({ 'a.py': escapes })
  const categories = (await notes(...on('3.11', '3.12'))).map(({ evidence }) => evidence.warning.category)
  expect(categories).toEqual(['DeprecationWarning', 'SyntaxWarning'])
  // 3.14 warns of it, and runs nothing.
  await commit({ 'a.py': 'def f():\n    try: pass\n    finally: return 1\n' })
  expect(await notes(...on('3.13', '3.14'))).toEqual([])
  expect(await notes(...on('3.14', '3.13'))).toHaveLength(1)
})

test('a file that is broken has no such note, nor has one that is not shipped', async () => {
  await commit({ 'a.py': `${escapes}x = = 1\n`, 'tests/t.py': escapes, 'ok.py': 'x = 1\n' })
  await saveImage(at('image.tar'), [{ 'etc/x': '' }, { 'app/a.py': `${escapes}x = = 1\n`, 'app/ok.py': 'x = 1\n' }])
  expect(await notes('--image', at('image.tar'), ...on('3.12', '3.12'))).toEqual([])
})

test('the same warning in many files is one block, and a warm run says the same', async () => {
  await commit(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`app/m${i}.py`, `# ${i}\nx = '\\d'\n`])))
  const cold = await run(...on('3.12', '3.12'))
  expect(cold.text.match(/^note .*$/gm)).toEqual(['note syntax-warning  30 files'])
  expect(cold.text).toContain("CPython 3.12.7 takes it, and warns (SyntaxWarning): invalid escape sequence '\\d'")
  expect(cold.text).toContain('app/m0.py: line 2')
  expect(cold.text).toMatch(/and \d+ more files \(--verbose names them all\)/)
  expect(await run(...on('3.12', '3.12'))).toEqual(cold)
})
