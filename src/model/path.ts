declare const brand: unique symbol

/**
 * A `/`-separated relative path, whatever bytes its names hold: valid UTF-8 is decoded, and every other byte 0xNN stands
 * as the lone surrogate U+DCNN (the rule of PEP 383), so that paths and bytes map one to one. Never normalised: case and
 * Unicode forms are facts. No leading or trailing `/`, no empty, `.` or `..` component. The root is ''.
 */
export type Path = string & { readonly [brand]: 'Path' }

export const rootPath = '' as Path

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes of a name as text: UTF-8, and each byte outside it as a lone surrogate. */
export function textOfName(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  // What is no UTF-8 is told by this character, which may be meant as well.
  if (!text.includes('\ufffd')) return text
  try {
    return strict.decode(bytes)
  } catch {
    return escapeInvalidBytes(bytes)
  }
}

/** The bytes that `textOfName` was given. */
export function bytesOfName(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const pieces: Buffer[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    pieces.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character, 'utf8'))
  }
  return Buffer.concat(pieces)
}

/** A component that is empty, `.` or `..`, or a NUL: most names hold none, and are paths as they are. */
const needsParsing = /(?:^|\/)\.{0,2}(?:\/|$)|\0/

/**
 * A path as an archive, an image or git spells it: leading `./` and `/`, doubled and trailing `/` are dropped.
 * Null when it holds a `..` component or a NUL: such a name leads outside its medium or nowhere.
 */
export function parsePath(name: string | Uint8Array): Path | null {
  const text = typeof name === 'string' ? name : textOfName(name)
  if (!needsParsing.test(text)) return text as Path
  if (text.includes('\0')) return null
  const parts = text.split('/').filter(part => part !== '' && part !== '.')
  return parts.includes('..') ? null : (parts.join('/') as Path)
}

/** `path` below `directory`. */
export function joinPath(directory: Path, path: string): Path {
  return (directory === '' ? path : path === '' ? directory : `${directory}/${path}`) as Path
}

/** What is left of `path` below `directory`; null when it is not below it. '' when they are the same. */
export function relativePath(directory: Path, path: Path): Path | null {
  if (directory === '' || path === directory) return (directory === '' ? path : '') as Path
  return path.startsWith(`${directory}/`) ? (path.slice(directory.length + 1) as Path) : null
}

/** The directory a path stands in; the root for a name without `/`. */
export function parentPath(path: Path): Path {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as Path
}

/** The directories that a path stands in: the nearest first, the root last. */
export function directoriesAbove(path: Path): Path[] {
  const found: Path[] = []
  for (let directory = parentPath(path); ; directory = parentPath(directory)) {
    found.push(directory)
    if (directory === '') return found
  }
}

/** Where the symbolic link at `link` leads by its text, other links aside; null where that is absolute or out of the root. */
export function pathBehindLink(link: Path, text: string): Path | null {
  if (text.startsWith('/')) return null
  const names = parentPath(link)
    .split('/')
    .filter(name => name !== '')
  for (const name of text.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') names.push(name)
    else if (names.pop() === undefined) return null
  }
  return names.join('/') as Path
}

/** The last component. */
export function baseName(path: Path): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Bytewise order, as git and `LC_ALL=C sort` have it. */
export function comparePaths(a: Path, b: Path): number {
  const end = Math.min(a.length, b.length)
  let at = 0
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++
  if (at === end) return a.length - b.length
  const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
  // Below the surrogates, UTF-16 has the order of UTF-8.
  return left < 0xd800 && right < 0xd800 ? left - right : Buffer.compare(bytesOfName(a), bytesOfName(b))
}

function escapeInvalidBytes(bytes: Uint8Array): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + bytes[at]!)
      at += 1
    } else {
      text += Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf8')
      at += length
    }
  }
  return text
}

/** How many bytes the UTF-8 sequence at `at` takes; 0 when there is no valid one. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length < 2) return length
  const sequence = bytes.subarray(at, at + length)
  if (sequence.length < length) return 0
  try {
    strict.decode(sequence)
    return length
  } catch {
    return 0
  }
}
