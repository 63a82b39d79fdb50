import { Language, Parser } from 'web-tree-sitter'
import { copyTree, type SyntaxNode } from './syntax-tree.ts'

/** A parse function on web-tree-sitter with this grammar, a WebAssembly module. */
export async function parseInWasm(grammar: Uint8Array): Promise<(text: string) => SyntaxNode> {
  await Parser.init()
  const parser = new Parser().setLanguage(await Language.load(grammar))
  return text => {
    const tree = parser.parse(text)!
    const cursor = tree.walk()
    try {
      return copyTree(cursor)
    } finally {
      cursor.delete()
      tree.delete()
    }
  }
}
