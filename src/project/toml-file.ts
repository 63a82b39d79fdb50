import { parse, TomlError } from 'smol-toml'
import { VerifierError } from '../model/errors.ts'
import type { Path } from '../model/path.ts'
import type { ProjectFile } from './project-file.ts'

export type Table = Readonly<Record<string, unknown>>

export interface TomlFile {
  readonly path: Path
  readonly root: Table
  readonly text: string
}

/** @throws VerifierError when the file is not TOML, naming file and line. */
export function parseToml({ path, bytes }: ProjectFile): TomlFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { path, text, root: parse(text) }
  } catch (cause) {
    const place = cause instanceof TomlError ? `${path}:${cause.line}` : path
    const reason = cause instanceof TomlError ? firstLine(cause.message) : 'it is not UTF-8'
    throw new VerifierError('file-unreadable', `cannot read ${place}: ${reason}`, { cause })
  }
}

/** The table of that name, as `['tool', 'poetry']`; null when it is not there or no table. */
export function tableOf({ root }: TomlFile, name: readonly string[]): Table | null {
  let value: unknown = root
  for (const key of name) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return null
    value = value[key]
  }
  return isTable(value) ? value : null
}

/** Where the key of a table is written, for a person: `pyproject.toml:7`, without the line where it is not under a header of its own. */
export function placeOf({ path, text }: TomlFile, table: readonly string[], key: string): string {
  let current = ''
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    current = /^\s*\[([^[\]]+)\]/.exec(line)?.[1]?.replace(/[\s"']/g, '') ?? current
    const written = /^\s*["']?([\w-]+)["']?\s*=/.exec(line)?.[1]
    if (written === key && current === table.join('.')) return `${path}:${index + 1}`
  }
  return path
}

/** No array, no date. */
export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!
}
