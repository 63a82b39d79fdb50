import { bytesOfName, type Path } from '../../model/path.ts'

/**
 * A path as a relative reference of RFC 3986: every byte but letters, digits, `-`, `.`, `_`, `~` and `/` is percent-encoded, so
 * that no name is taken for a scheme, a query or another path, and that names which are no UTF-8 come through as well.
 */
export function uriOf(path: Path): string {
  const bytes = bytesOfName(path)
  return Array.from(bytes, byte => (isPlain(byte) ? String.fromCharCode(byte) : encoded(byte))).join('')
}

function isPlain(byte: number): boolean {
  return /[A-Za-z0-9\-._~/]/.test(String.fromCharCode(byte))
}

function encoded(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
