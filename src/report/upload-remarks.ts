import type { FolderKind, UploadFolder, UploadSurvey } from '../model/upload.ts'
import { count, listed } from './words.ts'

/** From here on, what goes up is worth a word even if nothing in it is known to be left there by mistake. */
const manyFiles = 10_000
const manyBytes = 100_000_000
/** How many names one remark gives. */
const mostNames = 5

/** What should be known of an upload before it is sent; text from outside is not yet fit for a terminal. */
export function uploadRemarks(survey: UploadSurvey): string[] {
  const { files, bytes, folders } = survey
  const strays = folders.filter(({ kind }) => kind !== null)
  const isLarge = files >= manyFiles || bytes >= manyBytes
  const heavy = isLarge ? folders.slice(0, mostNames) : strays.slice(0, mostNames)
  const whole = `${count(files, 'file')}, ${size(bytes)}, would go up`
  return [
    ...(heavy.length === 0 ? [] : [`${whole}; of that ${listed(heavy.map(folderText))}${rest(strays, heavy)}`]),
    ...leakRemarks(survey),
  ]
}

/** What might be told to the world by it. */
export function leakRemarks({ secrets, outside }: UploadSurvey): string[] {
  return [
    ...(secrets.length === 0
      ? []
      : [`${some(secrets)} would go up: keep secrets out of the upload with .gcloudignore`]),
    ...(outside.length === 0
      ? []
      : [`the bytes of files outside of the upload directory would go up, through symbolic links: ${some(outside)}`]),
  ]
}

/** `12.3 MB`; powers of 1000. */
export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte')
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length)
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`
}

const kindTexts: Readonly<Record<FolderKind, string>> = {
  repository: 'the repository itself',
  'virtual-environment': 'a virtual environment',
  'node-modules': 'installed packages',
  cache: 'a cache',
}

/** `.venv/ (a virtual environment, 2 files, 15 bytes)`. */
export function folderText({ path, kind, files, bytes }: UploadFolder): string {
  const what = kind === null ? '' : `${kindTexts[kind]}, `
  return `${path}/ (${what}${count(files, 'file')}, ${size(bytes)})`
}

function rest(strays: readonly UploadFolder[], named: readonly UploadFolder[]): string {
  const unnamed = strays.filter(folder => !named.includes(folder)).length
  const more = unnamed === 0 ? '' : `, and ${count(unnamed, 'more folder')} of such kinds`
  return strays.length === 0 ? more : `${more}: keep out with .gcloudignore what is not meant to`
}

function some(paths: readonly string[]): string {
  const more = paths.length - mostNames
  return more <= 0 ? listed(paths) : `${paths.slice(0, mostNames).join(', ')} and ${more} more`
}
