import { readFile } from 'node:fs/promises'
import { parseNatively } from './syntax-native.ts'
import type { SyntaxNode } from './syntax-tree.ts'
import { parseInWasm } from './syntax-wasm.ts'

/** Parses Python as tree-sitter-python understands it, whatever the version: it explains, and never judges. */
export interface Syntax {
  readonly provider: 'native' | 'wasm'
  /** Never fails: a text that is no Python has ERROR nodes. A lone carriage return ends no line for it. */
  parse(text: string): SyntaxNode
}

/** The compiled parser where its binary loads, else the one in WebAssembly. */
export async function loadSyntax(): Promise<Syntax> {
  return (await loadNativeSyntax()) ?? (await loadWasmSyntax())
}

/** Null where the optional packages are not installed or have no binary for this machine. */
export async function loadNativeSyntax(): Promise<Syntax | null> {
  const parse = await parseNatively()
  return parse === null ? null : { provider: 'native', parse }
}

export async function loadWasmSyntax(): Promise<Syntax> {
  const grammar = await readFile(new URL('./tree-sitter-python.wasm', import.meta.url))
  return { provider: 'wasm', parse: await parseInWasm(grammar) }
}
