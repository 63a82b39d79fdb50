import { compareVersions, type Interpreter } from '../model/interpreter.ts'
import { embeddedInterpreters } from './embedded.ts'
import { type NativeSearch, type Survey, surveyNatives } from './survey-natives.ts'

export interface Search extends NativeSearch {
  /** Where interpreters may come from. */
  readonly allow: 'auto' | 'native' | 'embedded'
}

/**
 * The CPythons that can be asked: those of this machine, one of each exact version, PATH first; and the embedded ones. By
 * version, native before embedded.
 */
export async function findInterpreters(search: Search): Promise<Interpreter[]> {
  const { found } = await surveyInterpreters(search)
  return found.map(({ from: _, ...interpreter }) => interpreter)
}

/** The same, with where each was found, and what was found and left out. */
export async function surveyInterpreters(search: Search): Promise<Survey> {
  const native = search.allow === 'embedded' ? { found: [], leftOut: [] } : await surveyNatives(search)
  const embedded = search.allow === 'native' ? [] : embeddedInterpreters()
  const found = [...native.found, ...embedded.map(interpreter => ({ ...interpreter, from: 'firstbreak' }))]
  return { found: found.sort((a, b) => compareVersions(a.version, b.version)), leftOut: native.leftOut }
}
