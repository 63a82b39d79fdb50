import type { ObjectFormat } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import type { Note } from '../model/image-note.ts'
import type { PythonFile } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Entry, Source } from '../model/source.ts'
import { type FileDigests, hashFile } from './hash-file.ts'
import { type Held, isBytecodeName } from './held.ts'
import type { Outcome, Overlay } from './overlay.ts'
import { isPythonName, mayBeScript } from './python-name.ts'
import type { Versions } from './versions.ts'

/** A second name for what `target` was at that moment; paths by their numbers. */
export interface HardLink {
  readonly path: number
  readonly target: number
  readonly layer: number
  readonly time: number
}

export interface Laid {
  readonly source: Source
  readonly tree: Overlay
  readonly outcome: Outcome
  readonly versions: Versions<Held>
  readonly notes: Versions<Note>
}

/**
 * Adds to the versions what hard links give to their paths.
 *
 * @throws VerifierError for one that is there in the end, and whose target was not.
 */
export function followHardLinks(links: readonly HardLink[], laid: Laid): void {
  const { tree, outcome, versions, notes, source } = laid
  const made = new Map<number, HardLink>()
  for (const link of [...links].sort((a, b) => a.time - b.time)) {
    const { path, target, layer, time } = link
    const isLeft = tree.filedAt(path) === time && outcome.isThere(path)
    if (!wasThere(link, laid)) {
      if (isLeft) throw danglingLink(source, tree.pathOf(path), tree.pathOf(target))
      continue
    }
    // Something that does not matter may have taken the place meanwhile.
    const filed = tree.filedAt(target)
    const isLast = (since: number | undefined) => filed > time || filed === since
    const [first, found] = [made.get(target), versions.before(target, time)]
    const origin = first !== undefined && isLast(first.time) ? first.target : target
    made.set(path, { ...link, target: origin })
    const held = linked(tree.pathOf(path), isLast(found?.time) ? found?.held : undefined, { target: origin, layer })
    if (held !== null) versions.add(path, time, held)
    const noted = notes.before(target, time)
    if (noted !== undefined && isLast(noted.time)) notes.add(path, time, noted.held)
  }
}

/** As far as what happened last to it tells. */
function wasThere({ target, time }: HardLink, { tree, outcome, versions }: Laid): boolean {
  if (!tree.wasFiledBefore(target, time)) return false
  const filed = tree.filedAt(target)
  const since = filed < time ? filed : versions.before(target, time)?.time
  const ended = outcome.endedAt(target)
  return since === undefined || ended < since || ended >= time
}

function linked(
  path: Path,
  found: Held | undefined,
  { target, layer }: Pick<HardLink, 'target' | 'layer'>,
): Held | null {
  const named = isPythonName(path)
  if (found?.kind === 'python') {
    const isPython = named || (found.script && mayBeScript(path))
    return isPython ? { ...found, file: { ...found.file, path, layer } } : null
  }
  if (found?.kind === 'bytecode') return isBytecodeName(path) ? found : named ? { kind: 'unread', target, layer } : null
  if (found?.kind === 'unread') return named ? { ...found, layer } : null
  return named ? { kind: 'unread', target, layer } : null
}

/** A Python file that is a second name of one that its own name does not tell to be Python. */
export interface UnreadLink {
  readonly path: Path
  readonly target: Path
  readonly layer: number
}

/** Reads them now; one that leads to a device or a symbolic link is left out. */
export async function readLinked(
  links: readonly UnreadLink[],
  source: Source,
  objectFormat: ObjectFormat,
): Promise<PythonFile[]> {
  if (links.length === 0) return []
  const files = new Map<Path, { readonly writtenIn: number; readonly file: PythonFile | null }>()
  for await (const entry of source.entries(new Set(links.map(link => link.target)))) {
    if (entry.kind === 'whiteout' || entry.kind === 'opaque') continue
    const digests = entry.kind === 'file' ? { size: entry.size, ...(await readDigests(entry, objectFormat)) } : null
    for (const { path, layer } of links.filter(link => link.target === entry.path && link.layer >= entry.layer)) {
      const known = files.get(path)
      if (known !== undefined && known.writtenIn > entry.layer) continue
      const file = digests === null ? null : ({ kind: 'file', path, layer, ...digests } as const)
      files.set(path, { writtenIn: entry.layer, file })
    }
  }
  return [...files.values()].flatMap(({ file }) => file ?? [])
}

async function readDigests(entry: Entry & { readonly kind: 'file' }, objectFormat: ObjectFormat): Promise<FileDigests> {
  const hash = hashFile(entry, objectFormat)
  for await (const piece of entry.body()) hash.update(piece)
  return hash.digests()
}

function danglingLink({ stage }: Source, path: Path, target: Path): VerifierError {
  return new VerifierError(
    stage.place === 'image' ? 'image-unreadable' : 'archive-unreadable',
    `${stage.name}: ${quoted(path)} is a hard link to ${quoted(target)}, which is not there: make it again`,
  )
}
