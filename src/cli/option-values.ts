import picomatch from 'picomatch'
import { VerifierError } from '../model/errors.ts'
import type { DeclaredVersion } from '../model/interpreter.ts'
import { joinPath, type Path, parsePath } from '../model/path.ts'
import type { PathMapping } from '../model/trace.ts'
import { type ArchiveLimits, defaultLimits } from '../sources/archive/archive-limits.ts'
import type { VerifyOptions } from './verify-options.ts'

/** @throws VerifierError when it is no version of Python; null when there is none. */
export function versionOption(version: string | undefined, option: string): DeclaredVersion | null {
  if (version === undefined) return null
  if (/^\d+\.\d+(\.\d+)?((a|b|rc)\d+)?$/.test(version)) return { version, from: option }
  throw new VerifierError('bad-usage', `${option} ${version}: not a version of Python; write 3.11 or 3.11.7`)
}

/** A directory or file of the repository. @throws VerifierError when it lies outside. */
export function directoryOption(text: string, option: string): Path {
  const path = /^([A-Za-z]:)?[\\/]/.test(text) ? null : parsePath(text.replaceAll('\\', '/'))
  if (path !== null) return path
  throw new VerifierError(
    'bad-usage',
    `${option} ${text}: name it relative to the top of the repository, and inside it`,
  )
}

/** Of `--map`. @throws VerifierError when it is not two directories. */
export function mappingOption(text: string): PathMapping {
  const [imageDirectory, sourceDirectory] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)].map(
    parsePath,
  )
  if (!text.includes('=') || imageDirectory == null || sourceDirectory == null) {
    throw new VerifierError('bad-usage', `--map ${text}: write IMAGE_DIR=SOURCE_DIR, as /app=services/api or /app=.`)
  }
  return { imageDirectory, sourceDirectory, from: 'option', votes: 0 }
}

/** Of `--exclude`. A pattern without a `/` matches at any depth, and a directory's pattern all that is below it. */
export function excluding(patterns: readonly string[]): (path: Path) => boolean {
  const matchers = patterns.map(pattern => {
    const trimmed = pattern.replace(/\/$/, '')
    const anchored = trimmed.includes('/') ? trimmed.replace(/^\//, '') : `**/${trimmed}`
    return picomatch([anchored, joinPath(anchored as Path, '**')], { dot: true })
  })
  return path => matchers.some(matches => matches(path))
}

/** Of `--max-entries`, `--max-unpacked` and `--max-ratio`. @throws VerifierError for one that is no number. */
export function limitsOption(options: Pick<VerifyOptions, 'maxEntries' | 'maxUnpacked' | 'maxRatio'>): ArchiveLimits {
  return {
    ...defaultLimits,
    entries: countOption(options.maxEntries, '--max-entries'),
    unpackedSize: sizeOption(options.maxUnpacked, '--max-unpacked'),
    ratio: countOption(options.maxRatio, '--max-ratio'),
  }
}

function countOption(text: string, option: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new VerifierError('bad-usage', `${option} ${text}: not a number; write 1 or more`)
}

const units = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30, ti: 2 ** 40 }

function sizeOption(text: string, option: string): number {
  const [, number = '', unit = ''] = /^([1-9]\d{0,11})(?:([kmgt]i?)?b)?$/i.exec(text) ?? []
  const size = Number(number) * (units[unit.toLowerCase() as keyof typeof units] ?? 1)
  if (size > 0 && Number.isSafeInteger(size)) return size
  throw new VerifierError('bad-usage', `${option} ${text}: not a size; write bytes, or as 500MB, 8GiB`)
}

/** Who reads a report of more broken files has other cares than their second places; searching these takes a few seconds. */
const mostSearched = 1000

/** Of `--verbose`: every file of every finding, whatever that costs. */
export function searchedOption(verbose: boolean): number {
  return verbose ? Number.POSITIVE_INFINITY : mostSearched
}

/** Of `--jobs`. @throws VerifierError when it is no number from 1 on. */
export function jobsOption(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new VerifierError('bad-usage', `--jobs ${text}: not a number of workers; write 1 or more`)
}
