import { createHash } from 'node:crypto'
import type { ChangeKind } from '../../../src/model/change.ts'
import type { Random } from './random.ts'

/** One way to damage a file's bytes, and what it must be called. */
export interface Way {
  readonly change: ChangeKind
  /** The second change, where two are made. */
  readonly and?: ChangeKind
  /** What the file must be like before; as it is, unless told. */
  readonly prepare?: (bytes: Buffer) => Buffer
  readonly damage: (bytes: Buffer, random: Random) => Buffer
}

const mark = Buffer.from([0xef, 0xbb, 0xbf])
const text = (bytes: Buffer) => bytes.toString('latin1')
const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const lines = (bytes: Buffer) => text(bytes).split('\n')
const joined = (lines: readonly string[]) => bytesOf(lines.join('\n'))
const accented = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('# naïve café, déjà vu, señor\n')])
const headed = (line: string) => (bytes: Buffer) => Buffer.concat([Buffer.from(`${line}\n`), bytes])

/** Every `\n` for which `chosen` says so, as something else. */
function ends(bytes: Buffer, end: string, chosen: (line: number) => boolean): Buffer {
  const parts = lines(bytes)
  return bytesOf(parts.map((line, i) => (i === parts.length - 1 ? line : line + (chosen(i) ? end : '\n'))).join(''))
}

/** A place behind the first line and before the last text. */
function inside(bytes: Buffer, random: Random): number {
  const first = bytes.indexOf(10) + 1
  return first + random.below(text(bytes).trimEnd().length - first)
}

function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

export const ways: Readonly<Record<string, Way>> = {
  CRLF: { change: 'line-endings', damage: bytes => ends(bytes, '\r\n', () => true) },
  'CRLF in some lines': {
    change: 'line-endings',
    damage: (bytes, random) => {
      const one = random.below(lines(bytes).length - 1)
      return ends(bytes, '\r\n', line => line === one || random.below(3) === 0)
    },
  },
  'lone CRs': { change: 'line-endings', damage: bytes => ends(bytes, '\r', () => true) },
  'a byte order mark': { change: 'bom', damage: bytes => Buffer.concat([mark, bytes]) },
  'two byte order marks': { change: 'bom', damage: bytes => Buffer.concat([mark, mark, bytes]) },
  'a byte order mark less': {
    change: 'bom',
    prepare: bytes => Buffer.concat([mark, bytes]),
    damage: bytes => bytes.subarray(3),
  },
  'a byte order mark and CRLF': {
    change: 'line-endings',
    and: 'bom',
    damage: bytes => Buffer.concat([mark, ends(bytes, '\r\n', () => true)]),
  },
  'UTF-16': {
    change: 'encoding',
    damage: bytes => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(bytes.toString('utf8'), 'utf16le')]),
  },
  'latin-1': {
    change: 'encoding',
    prepare: accented,
    damage: bytes => Buffer.from(bytes.toString('utf8'), 'latin1'),
  },
  'UTF-8 in place of the latin-1 of its cookie': {
    change: 'encoding',
    prepare: bytes => Buffer.from(headed('# coding: latin-1')(accented(bytes)).toString('utf8'), 'latin1'),
    damage: bytes => Buffer.from(text(bytes)),
  },
  mojibake: { change: 'encoding', prepare: accented, damage: bytes => Buffer.from(text(bytes)) },
  'NUL bytes put in': {
    change: 'nul-bytes',
    damage: (bytes, random) => {
      const at = inside(bytes, random)
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(1 + random.below(9)), bytes.subarray(at)])
    },
  },
  'NUL bytes in place of the end': {
    change: 'nul-bytes',
    damage: (bytes, random) => Buffer.from(bytes).fill(0, inside(bytes, random)),
  },
  'cut at any byte': { change: 'truncated', damage: (bytes, random) => bytes.subarray(0, inside(bytes, random)) },
  'cut to nothing': { change: 'truncated', damage: () => Buffer.alloc(0) },
  'the last line break gone': {
    change: 'trailing-whitespace',
    damage: bytes => bytesOf(text(bytes).trimEnd()),
  },
  'blanks at the ends of lines': {
    change: 'trailing-whitespace',
    damage: (bytes, random) => {
      const one = random.below(lines(bytes).length - 1)
      return joined(lines(bytes).map((line, i) => (i === one || random.below(5) === 0 ? `${line}  ` : line)))
    },
  },
  'tabs for spaces': {
    change: 'rewritten',
    damage: bytes =>
      joined(lines(bytes).map(line => line.replace(/^(?: {4})+/, blanks => '\t'.repeat(blanks.length / 4)))),
  },
  'conflict markers': {
    change: 'conflict-markers',
    damage: (bytes, random) => {
      const parts = lines(bytes)
      const at = random.below(parts.length - 1)
      return joined([
        ...parts.slice(0, at),
        '<<<<<<< HEAD',
        parts[at]!,
        '=======',
        `${parts[at]} # theirs`,
        '>>>>>>> theirs',
        ...parts.slice(at + 1),
      ])
    },
  },
  'decomposed characters': {
    change: 'unicode-normalization',
    prepare: accented,
    damage: bytes => Buffer.from(bytes.toString('utf8').normalize('NFD')),
  },
  $Id$: {
    change: 'ident',
    prepare: headed('# $Id$'),
    damage: bytes => bytesOf(text(bytes).replace('$Id$', `$Id: ${blobId(bytes)} $`)),
  },
  $Format$: {
    change: 'export-subst',
    prepare: headed('# $Format:%H$'),
    damage: bytes => bytesOf(text(bytes).replace('$Format:%H$', blobId(bytes))),
  },
  'a Git LFS pointer': {
    change: 'lfs-pointer',
    damage: bytes => {
      const oid = createHash('sha256').update(bytes).digest('hex')
      return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`)
    },
  },
  'an edit': {
    change: 'rewritten',
    damage: (bytes, random) => {
      const parts = lines(bytes)
      const at = random.below(parts.length - 1)
      return joined([...parts.slice(0, at), `edited = ${random.below(1000)}`, ...parts.slice(at + 1)])
    },
  },
  'CRLF and an edit': {
    change: 'rewritten',
    damage: (bytes, random) =>
      Buffer.concat([ends(bytes, '\r\n', () => true), Buffer.from(`x = ${random.below(99)}\r\n`)]),
  },
  'a construct of a newer Python': {
    change: 'rewritten',
    damage: (bytes, random) =>
      Buffer.concat([
        bytes,
        Buffer.from(random.pick(['type X = int\n', 'def f[T](a: T): ...\n', "f'{'a'}'\n", "f'{1\n}'\n"])),
      ]),
  },
}
