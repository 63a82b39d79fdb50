import { buffer } from 'node:stream/consumers'
import type { Sha256 } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import type { Content, Manifest } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { Source } from '../model/source.ts'
import { sha256Of } from './hash-file.ts'

/** A stage that can be read again, and what was found in it. */
export interface Holder {
  readonly source: Source
  readonly manifest: Manifest
}

/**
 * The contents with these digests, each once, one at a time, from the first stage that holds it.
 *
 * @throws VerifierError `source-changed` when a stage no longer holds what its manifest says.
 */
export async function* readContents(wanted: ReadonlySet<Sha256>, holders: readonly Holder[]): AsyncGenerator<Content> {
  const missing = new Set(wanted)
  for (const { source, manifest } of holders) {
    let paths = pathsOf(missing, manifest)
    while (paths.size > 0) {
      const linked = new Set<Path>()
      for await (const entry of source.entries(paths)) {
        if (entry.kind === 'hardlink' && !paths.has(entry.target)) linked.add(entry.target)
        if (entry.kind !== 'file') continue
        const bytes = await buffer(entry.body())
        const sha256 = sha256Of(bytes)
        if (missing.delete(sha256)) yield { sha256, bytes }
      }
      paths = linked
    }
    for (const [path, file] of manifest.python) {
      if (missing.has(file.sha256) && file.kind === 'file') throw changed(manifest, path)
    }
  }
}

function pathsOf(wanted: ReadonlySet<Sha256>, { python }: Manifest): Set<Path> {
  const paths = new Map<Sha256, Path>()
  for (const [path, file] of python) {
    if (file.kind === 'file' && wanted.has(file.sha256) && !paths.has(file.sha256)) paths.set(file.sha256, path)
  }
  return new Set(paths.values())
}

function changed({ stage }: Manifest, path: Path): VerifierError {
  return new VerifierError(
    'source-changed',
    `${stage.name}: ${JSON.stringify(path)} changed while it was being read: run again when nothing writes there`,
  )
}
