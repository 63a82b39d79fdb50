import type Parser from 'tree-sitter'
import { copyTree, type SyntaxNode } from './syntax-tree.ts'

/** A parse function on tree-sitter's compiled binding; null where it does not load, which is no failure: it is optional. */
export async function parseNatively(): Promise<((text: string) => SyntaxNode) | null> {
  const libraries = await loadLibraries()
  if (libraries === null) return null
  const parser = new libraries.Parser()
  parser.setLanguage(libraries.python as Parser.Language)
  // The binding reads the text through a buffer of 32 kB and refuses a longer text unless given a larger one.
  return text => copyTree(parser.parse(text, null, { bufferSize: Math.max(32 * 1024, text.length + 1) }).walk())
}

async function loadLibraries() {
  try {
    const [{ default: Parser }, { default: python }] = await Promise.all([
      import('tree-sitter'),
      import('tree-sitter-python'),
    ])
    return { Parser, python }
  } catch {
    // Not installed (optional), or no binary for this system: the parser in WebAssembly does the same work.
    return null
  }
}
