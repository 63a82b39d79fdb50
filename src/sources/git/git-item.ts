import { buffer } from 'node:stream/consumers'
import { parseBlobId } from '../../model/digest.ts'
import { VerifierError } from '../../model/errors.ts'
import { joinPath, type Path } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { Entry } from '../../model/source.ts'
import type { Section } from '../part-reader.ts'
import { parseGitPath } from './git-path.ts'

/** A file, a symbolic link or a submodule of a tree. */
export interface ListedItem {
  readonly path: Path
  /** As git writes it: `100644`, `120000` for a symbolic link, `160000` for a submodule. */
  readonly mode: string
  /** Of the blob, or of the submodule's commit. */
  readonly id: string
}

/** Of a submodule. */
export const gitlinkMode = '160000'

/** Bytes. Longer than any system lets a symbolic link be. */
const longestLink = 64 * 1024

/** An item as an entry of a stage; `size` is null for a submodule, and `open` is asked when the bytes are. */
export async function entryOf<Item extends ListedItem & { readonly size: number | null }>(
  item: Item,
  open: (item: Item) => Promise<Section>,
): Promise<Entry> {
  const { path, mode, id, size } = item
  if (size === null) return { path, layer: 0, kind: 'gitlink', commit: id }
  const body = async function* () {
    yield* (await open(item)).body()
  }
  if (mode !== '120000') return { path, layer: 0, kind: 'file', size, blobId: parseBlobId(id), body }
  if (size > longestLink) {
    throw new VerifierError(
      'git-failed',
      `the symbolic link ${quoted(path)} is ${size} bytes long, more than a link can be`,
    )
  }
  return { path, layer: 0, kind: 'symlink', target: await buffer(body()) }
}

/** `<mode> <type> <id>\t<name>`, as `git ls-tree -z` has it below `directory`; with `-l` a size stands before the tab, padded. */
export function parseTreeRecord(record: Buffer, directory: Path): ListedItem & { readonly size: string } {
  const tab = record.indexOf(0x09)
  const [mode = '', , id = '', size = ''] = record.toString('latin1', 0, tab).split(/ +/)
  return { path: joinPath(directory, parseGitPath(record.subarray(tab + 1))), mode, id, size }
}
