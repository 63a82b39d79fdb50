import { buffer } from 'node:stream/consumers'
import type { Note } from '../model/image-note.ts'
import { baseName, type Path, textOfName } from '../model/path.ts'
import type { Entry } from '../model/source.ts'
import { beginsAsProgram, readProgram } from './elf-program.ts'

type File = Entry & { readonly kind: 'file' }
type Noted = Exclude<Entry, { readonly kind: 'whiteout' | 'opaque' }>

/** Bytes of a small file, of how a script begins, and of a program that is looked through. */
const [smallFile, scriptStart, largestProgram] = [16 * 1024, 16 * 1024, 512 * 1024 * 1024]

/** The most that is noted of one image: it may hold more than anybody needs. */
const [mostNotes, mostText] = [30_000, 8 * 1024 * 1024]

/** A file to which a note is due: how much of it matters. */
type Interest = 'text' | 'program' | 'script' | 'presence'

const python = String.raw`[23]\.\d+[a-z]*`
const interests: readonly (readonly [Interest, RegExp])[] = [
  ['text', /^(?:etc|usr\/lib)\/os-release$/],
  ['text', /(?:^|\/)(?:pyvenv\.cfg|\.?pyenv\/version|\.python-version)$/],
  ['text', new RegExp(String.raw`(?:^|/)include/python${python}/patchlevel\.h$`)],
  ['program', new RegExp(`(?:^|/)bin/python${python}$`)],
  ['program', new RegExp(String.raw`(?:^|/)libpython${python}\.so(?:\.[\d.]+)?$`)],
  ['presence', /\.dist-info\/METADATA$/],
  [
    'presence',
    /^(?:usr\/)?lib\w*\/(?:[^/]+\/)?(?:ld-musl-\w+\.so\.1|ld-linux[\w-]*\.so\.\d|ld64\.so\.\d|libc\.so\.6)$/,
  ],
  ['script', /(?:^|\/)(?:s?bin|shims)\/[^/]+$/],
]

/** Links that may stand above a path of interest, as `bin` and `lib` of newer distributions. */
const linkedDirectory = /^[^/]+$|(?:^|\/)(?:s?bin|lib\w*)$/

/** A note, if there is one, and the record with all of its bytes for the next reader. */
interface Taken {
  readonly note: Note | null
  readonly whole: Noted
}

/**
 * Takes notes of an image while its records pass: of the few files that tell which Pythons it holds, which of them it starts,
 * and on what platform. Null for a record of which none is due.
 *
 * @param started files that the image's entrypoint and command name.
 */
export function noteTaker(started: ReadonlySet<Path>): (entry: Noted) => Promise<Taken> | null {
  let [notes, text] = [0, 0]
  const counted = (taken: Taken): Taken => {
    if (taken.note !== null) notes += 1
    if (taken.note?.kind === 'text') text += taken.note.text.length
    return taken
  }
  return entry => {
    if (notes >= mostNotes || text >= mostText) return null
    const interest = interestIn(entry.path, started)
    if (entry.kind === 'symlink') {
      if (interest === null && !linkedDirectory.test(entry.path)) return null
      return Promise.resolve(counted({ note: { kind: 'symlink', target: textOfName(entry.target) }, whole: entry }))
    }
    if (interest === null || entry.kind !== 'file') return null
    return read[interest](entry).then(([note, whole]) => counted({ note, whole }))
  }
}

/** Any of them: asked first, as most files of an image are of no interest. */
const anyInterest = new RegExp(interests.map(([, { source }]) => source).join('|'))

function interestIn(path: Path, started: ReadonlySet<Path>): Interest | null {
  if (started.has(path)) return 'script'
  if (!anyInterest.test(path)) return null
  return interests.find(([, pattern]) => pattern.test(path))?.[0] ?? null
}

/** The note, and the record with all of its bytes for the next reader; a program's are passed, as nobody else reads them. */
const read: Readonly<Record<Interest, (entry: File) => Promise<readonly [Note | null, File]>>> = {
  async presence(entry) {
    return [{ kind: 'present' }, entry]
  },
  async text(entry) {
    if (entry.size > smallFile) return [null, entry]
    const bytes = await buffer(entry.body())
    return [{ kind: 'text', text: bytes.toString() }, readAgain(entry, () => replayed([bytes]))]
  },
  async script(entry) {
    const { start, whole } = await peek(entry)
    return [beginsAsProgram(start) ? { kind: 'present' } : { kind: 'text', text: start.toString() }, whole]
  },
  async program(entry) {
    const { start, whole } = await peek(entry)
    if (!beginsAsProgram(start)) return [{ kind: 'text', text: start.toString() }, whole]
    if (entry.size > largestProgram) return [{ kind: 'present' }, whole]
    const minor = /([23]\.\d+)/.exec(baseName(entry.path))![1]!
    return [{ kind: 'program', ...(await readProgram(whole.body(), minor)) }, readAgain(entry, () => replayed([]))]
  },
}

/** How a file begins, and the file, still to be read. */
async function peek(entry: File): Promise<{ readonly start: Buffer; readonly whole: File }> {
  const pieces = entry.body()[Symbol.asyncIterator]()
  const seen: Uint8Array[] = []
  for (let length = 0; length < Math.min(entry.size, scriptStart); ) {
    const { done, value } = await pieces.next()
    if (done === true) break
    seen.push(value)
    length += value.length
  }
  const rest = { [Symbol.asyncIterator]: () => pieces }
  return {
    start: Buffer.concat(seen).subarray(0, scriptStart),
    whole: readAgain(entry, () => replayed(seen, rest)),
  }
}

/** A file that was read already, for another reader. */
function readAgain(entry: File, body: File['body']): File {
  return { ...entry, body, atHand: undefined }
}

async function* replayed(seen: readonly Uint8Array[], rest?: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* seen
  if (rest !== undefined) yield* rest
}
