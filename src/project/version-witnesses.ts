import { posix } from 'node:path'
import { type DeclaredVersion, minorVersion } from '../model/interpreter.ts'
import type { Path } from '../model/path.ts'
import { type Notes, withoutLinks } from './noted-files.ts'
import { versionPattern } from './python-version.ts'

/** A CPython in an image, by its standard library. */
export interface Installation {
  /** `usr/local/lib/python3.13t`. */
  readonly library: string
  /** `usr/local`; '' for the root. */
  readonly prefix: string
  /** `3.13t` */
  readonly name: string
  /** `3.13` */
  readonly minor: string
}

interface Said {
  readonly title: string
  readonly notes: Notes
  /** PYTHON_VERSION, where it speaks for this one. */
  readonly declared: string | null
}

/**
 * All that tells the version of one installation, what decides first: the bytes of the program or its shared library, the
 * header `patchlevel.h`, what made a virtual environment of it, PYTHON_VERSION, and, without the patch
 * release, the name of its standard library. The last is always there.
 */
export function witnessesOf(installation: Installation, { title, notes, declared }: Said): readonly DeclaredVersion[] {
  const { library, minor } = installation
  const said = [
    ...programs(installation, notes),
    ...header(installation, notes),
    ...environments(installation, notes),
    ...(declared === null ? [] : [{ version: declared, from: 'PYTHON_VERSION' }]),
    { version: minor, from: library },
  ]
  return said.map(({ version, from }) => ({ version, from: `${from} in ${title}` }))
}

/** The program first: it may be linked with the library or hold all of it. */
function programs({ prefix, name, minor }: Installation, notes: Notes): DeclaredVersion[] {
  const below = prefix === '' ? '' : `${prefix}/`
  const isLibrary = (path: Path) =>
    path.startsWith(`${below}lib`) && /^lib\w*\/(?:[^/]+\/)?libpython/.test(path.slice(below.length))
  const names = new Set([`libpython${name}`, `libpython${minor}`])
  const found: DeclaredVersion[] = []
  for (const [path, note] of notes) {
    if (note.kind !== 'program' || note.version === null) continue
    if (path === `${below}bin/python${name}`) found.unshift({ version: note.version, from: path })
    else if (isLibrary(path) && names.has(libraryName(path))) found.push({ version: note.version, from: path })
  }
  return found
}

/** `libpython3.7` of `usr/lib/libpython3.7m.so.1.0`; ABI flags but `t` are of builds of the same CPython. */
function libraryName(path: Path): string {
  return posix
    .basename(path)
    .replace(/(\d)[dmu]*\.so.*$/, '$1')
    .replace(/\.so.*$/, '')
}

function header({ prefix, name }: Installation, notes: Notes): DeclaredVersion[] {
  const pattern = /^#define\s+PY_VERSION\s+"([^"]+)"/m
  const places = [name, `${name}m`].map(each => posix.join(prefix, `include/python${each}/patchlevel.h`))
  return places.flatMap(path => {
    const note = notes.get(path as Path)
    const [, version = ''] = (note?.kind === 'text' && pattern.exec(note.text)) || []
    return isVersion(version.replace(/\+$/, '')) ? [{ version: version.replace(/\+$/, ''), from: path }] : []
  })
}

/** Virtual environments that were made of it; they may have been made by an earlier patch release. */
function environments({ prefix, minor }: Installation, notes: Notes): DeclaredVersion[] {
  const found: DeclaredVersion[] = []
  for (const [path, note] of notes) {
    if (note.kind !== 'text' || posix.basename(path) !== 'pyvenv.cfg') continue
    const settings = settingsOf(note.text)
    const version =
      /^\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?/.exec(settings.get('version_info') ?? settings.get('version') ?? '')?.[0] ?? ''
    const home = withoutLinks(posix.join('/', settings.get('home') ?? ''), notes)
    if (home !== `/${posix.join(prefix, 'bin')}` || !isVersion(version)) continue
    if (minorVersion(version) === minor) found.push({ version, from: path })
  }
  return found
}

function settingsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).map(line => /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line))
  return new Map(lines.flatMap(match => (match === null ? [] : [[match[1]!.toLowerCase(), match[2]!]])))
}

function isVersion(text: string): boolean {
  return new RegExp(`^${versionPattern}$`).test(text)
}
