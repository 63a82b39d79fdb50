import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execaSync } from 'execa'
import { nativePython } from '../../support/native.ts'

/** Bytes. Small enough for many of them, and large enough to be damaged in every way. */
const [smallest, largest] = [600, 20_000]

/**
 * Real Python files, by a path of their own: of a CPython's standard library, and of Debian's packages where there are
 * some. Each content once: packages hold copies of others, and one of them would be taken for an older commit of another.
 * ASCII, with one kind of line end and nothing behind the last, so that what is done to them is all that differs.
 */
export function realFiles(minor: string): ReadonlyMap<string, Buffer> {
  const { executable } = nativePython(minor)!
  const { stdout } = execaSync(executable!, ['-I', '-c', 'import os; print(os.path.dirname(os.__file__))'])
  const files = new Map<string, Buffer>()
  const contents = new Set<string>()
  for (const folder of [stdout, '/usr/lib/python3/dist-packages'].filter(existsSync)) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isPlain)
    for (const name of names.sort()) {
      const bytes = readFileSync(join(folder, name))
      const content = bytes.toString('latin1')
      if (!isUsable(bytes) || contents.has(content)) continue
      contents.add(content)
      files.set(`lib/${name.replaceAll('\\', '/').toLowerCase()}`, bytes)
    }
  }
  return files
}

function isPlain(name: string): boolean {
  return /^[\w/\\]+\.py$/.test(name) && !/(?:^|[/\\])(?:tests?|lib2to3|site-packages)[/\\]/.test(name)
}

function isUsable(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  return (
    bytes.length >= smallest &&
    bytes.length <= largest &&
    text.endsWith('\n') &&
    !text.endsWith('\n\n') &&
    !/[\r\0\f\x80-\xff]|^(?:<{7}|={7}|>{7})|\$(?:Id|Format)|coding[:=]/m.test(text) &&
    !/[ \t]$/m.test(text) &&
    /^ {4}\S/m.test(text)
  )
}
