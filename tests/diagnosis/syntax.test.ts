import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadNativeSyntax, loadSyntax, loadWasmSyntax } from '../../src/diagnosis/syntax.ts'
import type { SyntaxNode } from '../../src/diagnosis/syntax-tree.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { fStrings, moduleOf } from './f-string-corpus.ts'

const native = await loadNativeSyntax()
const wasm = await loadWasmSyntax()
const binding = { name: 'the binary of tree-sitter', present: native !== null }

const moduleText = moduleOf(fStrings.values())
const sources: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['f-strings of PEP 701', moduleText],
  ['CR LF', moduleText.replaceAll('\n', '\r\n')],
  ['lone CR', moduleText.replaceAll('\n', '\r')],
  ['tabs and form feeds', 'if x:\n\ty = 1\n\f\n        z = 2\n'],
  ['astral characters', `x = '𐀀𐀀', 'é'\ny = f'{'𐀀'}' # 𐀀\nz = 𝐱 = 1\n`],
  ['a missing bracket', 'def f(:\n  pass\n'],
  ['a missing colon', 'if x\n  y\nz = 1\n'],
  ['a bracket that is never closed', 'x = foo(\n  a,\n  b\ny = 3\n'],
  ['a string that is never closed', "x = '''a\nb = 1\n"],
  ['conflict markers', '<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n'],
  ['no Python at all', '\u0000\u0001 }{ )( $ ? \uFEFF ‮ \n'],
  ['more than 32 kB', moduleText.repeat(40)],
  ['a long sum', `x = ${'1 + '.repeat(20_000)}1\n`],
  ['deep nesting', `x = ${'('.repeat(2_000)}1${')'.repeat(2_000)}\n`],
]

describe('the binary and WebAssembly give the same tree', () => {
  for (const [name, source] of sources) {
    testNeeding(binding)(name, () => {
      expect(listed(native!.parse(source))).toEqual(listed(wasm.parse(source)))
    })
  }

  testNeeding(binding, needsNative('3.12'))('files of a standard library', async () => {
    const { executable } = nativePython('3.12')!
    const library = execFileSync(executable!, ['-I', '-c', 'import os; print(os.path.dirname(os.__file__))'])
    const directory = library.toString().trim()
    const names = (await readdir(directory)).filter(name => name.endsWith('.py')).sort()
    for (const name of names) {
      const text = await readFile(join(directory, name), 'utf8')
      expect([name, listed(native!.parse(text))]).toEqual([name, listed(wasm.parse(text))])
    }
    expect(names.length).toBeGreaterThan(100)
  })
})

test('offsets are in UTF-16 units', () => {
  const text = `𐀀 = f'{é}'\n`
  const string = wasm.parse(text).children[0]!.children[0]!.children[2]!
  expect([string.type, text.slice(string.startIndex, string.endIndex)]).toEqual(['string', `f'{é}'`])
})

test('what the parser puts in is told apart', () => {
  const nodes = listed(wasm.parse('def f(:\n  pass\n'))
  expect(nodes.filter(([, start, end]) => start === end)).toEqual([[')', 6, 6, true]])
})

testNeeding(binding)('the binary comes first', async () => {
  expect((await loadSyntax()).provider).toBe('native')
})

testNeeding({ name: 'tree-sitter-python', present: grammarPath() !== null })(
  'the grammar is the one that tree-sitter-python ships',
  async () => {
    const ours = await readFile(new URL('../../src/diagnosis/tree-sitter-python.wasm', import.meta.url))
    expect(ours.equals(await readFile(grammarPath()!))).toBe(true)
  },
)

function grammarPath(): string | null {
  try {
    return createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')
  } catch {
    return null // an optional dependency
  }
}

type Listed = readonly [type: string, start: number, end: number, isMissing: boolean]

/** Every node, parents before children. */
function listed(root: SyntaxNode): Listed[] {
  const nodes: Listed[] = []
  const waiting = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes.push([node.type, node.startIndex, node.endIndex, node.isMissing])
    for (const child of node.children) waiting.push(child)
  }
  return nodes
}
