import { posix } from 'node:path'
import { followLinks } from '../model/follow-links.ts'
import type { ImageFile, LookUp } from '../model/held-image.ts'
import type { Note } from '../model/image-note.ts'
import { type Path, parsePath } from '../model/path.ts'

export type Notes = ReadonlyMap<Path, Note>

/** What stands at a path of an image, as far as notes were taken of it. */
export function notedFiles(notes: Notes): LookUp {
  return async path => {
    const place = withoutLinks(posix.dirname(path), notes)
    return place === null ? null : fileOf(notes.get(parsePath(posix.join(place, posix.basename(path)))!))
  }
}

/** Where a path of an image leads in the end, through links of its directories and its own, as far as notes were taken. */
export function withoutLinks(path: string, notes: Notes): string | null {
  const real = followLinks(path, at => {
    const note = notes.get(at)
    return note?.kind === 'symlink' ? note.target : undefined
  })
  return real === null ? null : `/${real}`
}

function fileOf(note: Note | undefined): ImageFile | null {
  if (note === undefined) return null
  if (note.kind === 'symlink') return { kind: 'symlink', target: note.target }
  const text = note.kind === 'text' ? note.text : '\x7fELF'
  // Whether it may be run is not noted: what lies where programs do mostly may.
  return { kind: 'file', isExecutable: true, beginning: async () => Buffer.from(text) }
}
