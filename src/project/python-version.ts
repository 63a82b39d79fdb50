import type { DeclaredVersion } from '../model/interpreter.ts'
import { quotedText, type Reading } from './project-file.ts'

/** Matches a version of CPython down to the minor version at least: `3.11`, `3.11.7`, `3.15.0a2`. No groups, no anchors. */
export const versionPattern = String.raw`[23]\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?`

/**
 * What version managers, buildpacks and actions take for a version of CPython: `3.12`, `3.12.4`, `3.12.x`, `3.14-dev`, `3.13t`,
 * `python-3.12`, `cpython@3.12`, `cpython-3.12.4-linux-x86_64-gnu`, and pyenv's name of a virtual environment, `3.12.4/envs/name`.
 */
const cpython = new RegExp(
  String.raw`^(?:c?python[-@]?)?(${versionPattern})(?:\.[x*]|t|-dev|\+freethreaded|-(?:linux|macos|windows)-\S+|/envs/\S+)?$`,
)

/** What stands where a version may stand. */
export interface Word {
  /** As parsed: it need not be a string. */
  readonly text: unknown
  /** Where it is written, for a person. */
  readonly from: string
}

/** The first of `words` that names a minor version of CPython; what stands before it, or all there is, is remarked on. */
export function firstVersion(words: Iterable<Word>): Reading<DeclaredVersion> {
  const remarks: string[] = []
  for (const { text, from } of words) {
    const version = versionOf(text)
    if (version !== null) return { value: { version, from }, remarks }
    remarks.push(notUsed({ text, from }))
  }
  return { value: null, remarks }
}

/** `3.12.4` of `cpython-3.12.4-linux-x86_64-gnu`; null for what names no minor version of CPython. */
export function versionOf(text: unknown): string | null {
  return typeof text === 'string' ? (cpython.exec(text)?.[1] ?? null) : null
}

/** The remark on a word that names no version. */
export function notUsed({ text, from }: Word): string {
  const shown = typeof text === 'string' ? text : JSON.stringify(text)
  return `${from}: ${quotedText(shown)} names no minor version of CPython and is not used`
}
