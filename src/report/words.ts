import { grouped } from '../model/grouped.ts'
import { type CastInterpreter, isOfImage } from '../model/interpreter.ts'
import type { Report } from '../model/report.ts'

/** `1 file`, `2 files`, `5,546 files`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(number)} ${number === 1 ? noun : plural}`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** Three at most by name: `a, b and c`, `a, b and 4 more`. */
export function someOf(names: readonly string[]): string {
  return names.length <= 3 ? listed(names) : `${names.slice(0, 2).join(', ')} and ${grouped(names.length - 2)} more`
}

/** `CPython 3.11.7`, or `CPython 3.11.7 of the image`, by an interpreter's id. */
export function cpython(report: Report, id: string): string {
  const found = report.interpreters.find(each => each.id === id)
  const title = `CPython ${versionOf(report, id)}`
  return found !== undefined && isOfImage(found) ? `${title} of ${stageTitle(report, found.stage)}` : title
}

/** `3.11.7`, by an interpreter's id. */
export function versionOf({ interpreters }: Report, id: string): string {
  return interpreters.find(each => each.id === id)?.version ?? id
}

/** The interpreters that will run the files, where that is known. */
export function deployers({ interpreters }: Report): readonly CastInterpreter[] {
  return interpreters.filter(({ roles }) => roles.includes('deploy'))
}

/** Their versions, each once, in their order. */
export function versionsOf(interpreters: readonly CastInterpreter[]): string {
  return listed([...new Set(interpreters.map(({ version }) => version))])
}

/** The first digits of a digest, with or without what it is a digest of, or of an object id, enough to tell it from others on one screen. */
export function short(digest: string): string {
  return digest.replace(/^.*sha256:/, '').slice(0, 8)
}

/** `layer 3 (0123abcd)`; of a layer that has no digest, only its number. */
export function layerTitle({ index, diffId }: { readonly index: number; readonly diffId: string | null }): string {
  return diffId === null ? `layer ${index}` : `layer ${index} (${short(diffId)})`
}

/** What a stage is called in a sentence. */
export function stageTitle(report: Report, name: string): string {
  const stage = report.stages.find(each => each.name === name)
  switch (stage?.place) {
    case 'commit':
      return 'the commit'
    case 'worktree':
      return 'the working tree'
    case 'upload':
      return stage.kind === 'archive' ? 'the uploaded archive' : 'the upload'
    case 'image':
      return name === 'image' ? 'the image' : `the image ${name}`
    default:
      return name
  }
}
