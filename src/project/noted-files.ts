import { posix } from 'node:path'
import type { ImageFile, LookUp } from '../model/held-image.ts'
import type { Note } from '../model/image-note.ts'
import { type Path, parsePath } from '../model/path.ts'

export type Notes = ReadonlyMap<Path, Note>

/** Links that are followed on one way: an image may lead in circles. */
const mostLinks = 40

/** What stands at a path of an image, as far as notes were taken of it. */
export function notedFiles(notes: Notes): LookUp {
  return async path => {
    const place = withoutLinks(posix.dirname(path), notes)
    return place === null ? null : fileOf(notes.get(parsePath(posix.join(place, posix.basename(path)))!))
  }
}

/** Where a path of an image leads in the end, through links of its directories and its own, as far as notes were taken. */
export function withoutLinks(path: string, notes: Notes): string | null {
  let [at, open] = ['/', path.split('/')]
  for (let links = 0; open.length > 0; ) {
    const [name = '', ...rest] = open
    const next = posix.resolve(at, name)
    const note = notes.get(parsePath(next)!)
    open = rest
    if (note?.kind !== 'symlink') at = next
    else {
      links += 1
      if (links > mostLinks) return null
      if (note.target.startsWith('/')) at = '/'
      open = [...note.target.split('/'), ...rest]
    }
  }
  return at
}

function fileOf(note: Note | undefined): ImageFile | null {
  if (note === undefined) return null
  if (note.kind === 'symlink') return { kind: 'symlink', target: note.target }
  const text = note.kind === 'text' ? note.text : '\x7fELF'
  // Whether it may be run is not noted: what lies where programs do mostly may.
  return { kind: 'file', isExecutable: true, beginning: async () => Buffer.from(text) }
}
