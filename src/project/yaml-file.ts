import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
} from 'yaml'
import { VerifierError } from '../model/errors.ts'
import type { ProjectFile } from './project-file.ts'
import type { Word } from './python-version.ts'

/** A value of a YAML file; aliases are followed. */
export interface YamlValue {
  readonly node: Node
  readonly placeOf: (node: Node) => string
  readonly follow: (node: unknown) => Node | null
}

/** Bytes. What is larger is not written by hand, and the parser is slow. */
const largestFile = 64 * 1024

/** The composer calls itself for each level, and a stack that is exhausted may end the process. */
const deepestLevel = 100

/** The parser looks through the whole document for each. */
const mostAliases = 100

/**
 * The first document of a file; null when it is empty.
 *
 * @throws VerifierError when the file is no YAML, or more of it than a person writes; names file and line.
 */
export function parseYaml({ path, bytes }: ProjectFile): YamlValue | null {
  if (bytes.length > largestFile) throw unreadable(path, `it is larger than ${largestFile / 1024} KiB`)
  const text = new TextDecoder().decode(bytes)
  const lines = new LineCounter()
  const lineAt = (offset: number) => `${path}:${lines.linePos(offset).line}`
  const tokens: CST.Token[] = []
  lines.addNewLine(0)
  const parser = new Parser(lines.addNewLine)
  let aliases = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    if (parser.stack.length > deepestLevel) throw unreadable(lineAt(parser.offset), 'it is nested too deep')
    if (lexeme.startsWith('*') && ++aliases > mostAliases)
      throw unreadable(path, `it has more than ${mostAliases} aliases`)
  }
  tokens.push(...parser.end())
  const [document] = new Composer({ prettyErrors: false, uniqueKeys: false }).compose(tokens, true, text.length)
  const [error] = document!.errors
  if (error !== undefined) throw unreadable(lineAt(error.pos[0]), error.message)
  const followed = new Map<Node, Node | null>()
  const follow = (node: unknown): Node | null => {
    if (!isAlias(node)) return isNode(node) ? node : null
    if (!followed.has(node)) followed.set(node, node.resolve(document!) ?? null)
    return followed.get(node)!
  }
  const node = follow(document!.contents)
  return node === null ? null : { node, follow, placeOf: each => lineAt(each.range?.[0] ?? 0) }
}

/** What a map has under a name, or under each of several, one within the other; null when it is not there. */
export function under(value: YamlValue | null, ...names: readonly string[]): YamlValue | null {
  let at = value
  for (const name of names) {
    if (at === null || !isMap(at.node)) return null
    const pair = at.node.items.find(({ key }) => isScalar(key) && String(key.value) === name)
    const node = at.follow(pair?.value)
    at = node === null ? null : { ...at, node }
  }
  return at
}

/** The names and values of a map; none for anything else. */
export function entriesOf(value: YamlValue | null): readonly (readonly [string, YamlValue])[] {
  if (value === null || !isMap(value.node)) return []
  return value.node.items.flatMap(({ key, value: item }) => {
    const node = value.follow(item)
    return isScalar(key) && node !== null ? [[String(key.value), { ...value, node }] as const] : []
  })
}

/** The items of a sequence; none for anything else. */
export function itemsOf(value: YamlValue | null): readonly YamlValue[] {
  if (value === null || !isSeq(value.node)) return []
  return value.node.items.flatMap(item => {
    const node = value.follow(item)
    return node === null ? [] : [{ ...value, node }]
  })
}

/** A scalar as whoever reads the file is handed it: 3.10 without quotes is the number 3.1. Null for anything else. */
export function wordOf(value: YamlValue | null): (Word & { readonly text: string }) | null {
  if (value === null || !isScalar(value.node)) return null
  return { text: String(value.node.value ?? ''), from: value.placeOf(value.node) }
}

/** Whether a scalar is a number that is not what is written: 3.10 is 3.1. */
export function isShortenedNumber({ node }: YamlValue): boolean {
  return isScalar(node) && typeof node.value === 'number' && node.source !== String(node.value)
}

function unreadable(place: string, reason: string): VerifierError {
  return new VerifierError('file-unreadable', `cannot read ${place}: ${reason}`)
}
