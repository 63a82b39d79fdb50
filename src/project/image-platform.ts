import { posix } from 'node:path'
import type { HeldPython, ImagePlatform } from '../model/image-description.ts'
import { comparePaths, type Path } from '../model/path.ts'
import type { ImageFacts } from '../model/source.ts'
import { type Notes, withoutLinks } from './noted-files.ts'

/** What of an environment a CPython heeds. Official images set more names that begin with PYTHON_, which it does not. */
const setting =
  /^(?:LANG|LANGUAGE|LC_[A-Z]+|PYTHON[A-Z0-9]+|PYTHON_(?:GIL|JIT|CPU_COUNT|FROZEN_MODULES|PRESITE|BASIC_REPL|COLORS|CONTEXT_AWARE_WARNINGS|THREAD_INHERIT_CONTEXT|DISABLE_REMOTE_DEBUG))$/

/** Characters of what an image says of itself, which may be anything. */
const longest = 200

/** On what platform an image runs its Python, by its configuration and by what stands in it. */
export function imagePlatform(
  { platform, environment }: Pick<ImageFacts, 'platform' | 'environment'>,
  notes: Notes,
  [python]: readonly HeldPython[],
): ImagePlatform {
  const settings = [...environment].filter(([name]) => setting.test(name))
  return {
    distribution: distribution(notes),
    libc: libc(notes),
    architecture: platform === null ? null : [platform.architecture, platform.variant].filter(Boolean).join('/'),
    pythonArchitecture: python?.path == null ? onlyArchitecture(notes) : architectureOf(python.path, notes),
    settings: new Map(
      settings
        .sort(([a], [b]) => comparePaths(a as Path, b as Path))
        .map(([name, value]) => [name, value.slice(0, longest)]),
    ),
  }
}

/** @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
function distribution(notes: Notes): string | null {
  const text = ['etc/os-release', 'usr/lib/os-release'].flatMap(path => {
    const note = notes.get(path as Path)
    return note?.kind === 'text' ? [note.text] : []
  })[0]
  if (text === undefined) return null
  const fields = new Map(
    [...text.matchAll(/^([A-Z_]+)=(?:"([^"\n]*)"|'([^'\n]*)'|(.*))$/gm)].map(match => [
      match[1]!,
      (match[2] ?? match[3] ?? match[4] ?? '').trim(),
    ]),
  )
  const name = (fields.get('NAME') || fields.get('ID') || '').replace(/ GNU\/Linux$/, '')
  const words = [name, fields.get('VERSION_ID') ?? ''].filter(word => word !== '')
  return words.length === 0 ? null : words.join(' ').slice(0, longest)
}

function libc(notes: Notes): ImagePlatform['libc'] {
  const names = [...notes.keys()].map(path => posix.basename(path))
  const hasMusl = names.some(name => name.startsWith('ld-musl-'))
  const hasGlibc = names.some(name => /^(?:ld-linux|ld64\.so|libc\.so\.6)/.test(name))
  if (hasMusl && hasGlibc) return 'both'
  return hasMusl ? 'musl' : hasGlibc ? 'glibc' : null
}

function architectureOf(path: string, notes: Notes): string | null {
  const note = notes.get((withoutLinks(path, notes) ?? '').slice(1) as Path)
  return note?.kind === 'program' ? note.architecture : onlyArchitecture(notes)
}

/** Of all Pythons in the image, where they agree. */
function onlyArchitecture(notes: Notes): string | null {
  const all = [...notes.values()].flatMap(note => (note.kind === 'program' ? [note.architecture] : []))
  const [architecture = null, ...others] = new Set(all)
  return others.length > 0 ? null : architecture
}
