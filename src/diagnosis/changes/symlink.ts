import type { PythonFile } from '../../model/manifest.ts'
import { type Path, pathBehindLink } from '../../model/path.ts'
import type { Trace } from '../../model/trace.ts'
import type { Explained } from './explain-bytes.ts'

/** The files that stand beside each file at its own stage, by path. */
export type Places = (file: PythonFile) => ReadonlyMap<Path, PythonFile>

export function placesOfFiles(traces: readonly Trace[]): Places {
  const stages = new Map<string, Map<Path, PythonFile>>()
  const stageOf = new Map<PythonFile, Map<Path, PythonFile>>()
  for (const { steps } of traces) {
    for (const { stage, file } of steps) {
      if (file === null) continue
      const files = stages.get(stage.name) ?? new Map<Path, PythonFile>()
      stages.set(stage.name, files.set(file.path, file))
      stageOf.set(file, files)
    }
  }
  return file => stageOf.get(file)!
}

/** What became of a file that is a symbolic link before or after. */
export function symlinkChange(before: PythonFile, after: PythonFile, places: Places): Explained {
  const says = dereferenced(before, after, places) ?? flattened(before, after)
  if (says !== null) return { change: 'symlink-dereferenced', changeDetail: { says } }
  return { change: 'rewritten', changeDetail: { says: otherwise(before, after) } }
}

function dereferenced(before: PythonFile, after: PythonFile, places: Places): string | null {
  if (before.kind === after.kind) return null
  const [link, file] = before.kind === 'symlink' ? [before, after] : [after, before]
  const target = leadsTo(link, places(link))
  if (target?.sha256 !== file.sha256) return null
  return link === before
    ? `what the link leads to, ${target.path}, was put in its place`
    : `a link to ${target.path}, which holds the same bytes, was put in its place`
}

/** The link's own text as a file: their digests are equal. */
function flattened(before: PythonFile, after: PythonFile): string | null {
  if (before.kind === after.kind || before.sha256 !== after.sha256) return null
  return before.kind === 'symlink'
    ? `the link became a text file that holds where it led, ${before.target}, as git writes it where core.symlinks is false`
    : `the text file became the link that it describes, to ${after.target}`
}

function otherwise(before: PythonFile, after: PythonFile): string {
  if (before.kind === after.kind) return `the link leads to ${after.target} and no longer to ${before.target}`
  return before.kind === 'symlink'
    ? `a file stands in place of the link to ${before.target}, with bytes that are not known to be its target's`
    : `a link to ${after.target} stands in place of the file`
}

/** More links in a row than any system follows. */
const mostLinks = 40

/** The file at the end of a link within its own stage; null where that is out of it or in a circle. */
function leadsTo(link: PythonFile, files: ReadonlyMap<Path, PythonFile>): PythonFile | null {
  let file: PythonFile | undefined = link
  for (let i = 0; i < mostLinks && file?.kind === 'symlink'; i++) {
    const path = pathBehindLink(file.path, file.target ?? '')
    file = path === null ? undefined : files.get(path)
  }
  return file === undefined || file.kind === 'symlink' ? null : file
}
