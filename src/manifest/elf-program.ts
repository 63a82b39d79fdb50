/** What the `e_machine` of an ELF header names, in the words of Go; where the byte order counts, big and little endian. */
const machines: Readonly<Record<number, string | readonly [string, string]>> = {
  3: '386',
  8: ['mips', 'mipsle'],
  21: ['ppc64', 'ppc64le'],
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}

/** Whether a file that begins so is a program for Linux. */
export function beginsAsProgram(start: Uint8Array): boolean {
  return start[0] === 0x7f && Buffer.from(start.subarray(1, 4)).toString('latin1') === 'ELF'
}

/** Bytes before and behind a version that matter. */
const around = 24

/**
 * What a CPython of a minor version, or its library, says of itself: `PY_VERSION` stands in it as a text of its own, or, where the
 * linker merged equal ends, as the end of another one.
 */
export async function readProgram(
  pieces: AsyncIterable<Uint8Array>,
  minor: string,
): Promise<{ readonly architecture: string | null; readonly version: string | null }> {
  const found = { alone: new Set<string>(), asEnd: new Set<string>() }
  let architecture: string | null = null
  let carried: Buffer = Buffer.alloc(0)
  let isFirst = true
  for await (const piece of pieces) {
    const window = Buffer.concat([carried, piece])
    if (isFirst && window.length >= 20) {
      architecture = architectureOf(window)
      isFirst = false
    }
    collectVersions(window, minor, found)
    carried = Buffer.from(window.subarray(-2 * around))
  }
  const [version, ...others] = found.alone.size > 0 ? found.alone : found.asEnd
  return { architecture, version: others.length > 0 ? null : (version ?? null) }
}

function architectureOf(header: Buffer): string | null {
  const isLittle = header[5] === 1
  const machine = machines[isLittle ? header.readUInt16LE(18) : header.readUInt16BE(18)]
  if (machine === undefined || typeof machine === 'string') return machine ?? null
  return isLittle ? machine[1] : machine[0]
}

function collectVersions(
  window: Buffer,
  minor: string,
  found: { readonly alone: Set<string>; readonly asEnd: Set<string> },
): void {
  for (let at = window.indexOf(`${minor}.`); at !== -1; at = window.indexOf(`${minor}.`, at + 1)) {
    const text = window.toString('latin1', at, at + around)
    const [, version] = /^(\d\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+?\0/.exec(text) ?? []
    // At the very beginning it was seen before, with what precedes it.
    if (version === undefined || at === 0) continue
    const before = String.fromCharCode(window[at - 1]!)
    if (before === '\0') found.alone.add(version)
    else if (!/[\d.]/.test(before)) found.asEnd.add(version)
  }
}
