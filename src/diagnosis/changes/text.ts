const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 as text, with a byte order mark where there is one; null for other bytes. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}

export function isAscii(bytes: Uint8Array): boolean {
  // A loop, as this is asked of every byte of every file that differs.
  for (const byte of bytes) if (byte >= 0x80) return false
  return true
}

/** `1 byte`, `2 bytes`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
