import { capitalized } from '../model/capitalized.ts'
import type { FindingCode } from '../model/finding.ts'
import { grouped } from '../model/grouped.ts'
import type { Report } from '../model/report.ts'
import { brokenFiles, causesOf } from './causes.ts'
import { count, deployers, listed, stageTitle, versionsOf } from './words.ts'

/** What it was and what it was not, in one sentence with its counts. */
export function conclusion(report: Report): string {
  const compile = report.outcome === 'clean' ? compiling(report) : ''
  return sentence(report, [identity(report), compile].filter(part => part !== '').join(', and '))
}

/** The same below a line that says already what compiles. */
export function furtherConclusion(report: Report): string {
  return sentence(report, identity(report))
}

function sentence(report: Report, first: string): string {
  const parts = [first, ...causesOf(report), shipped(report), untold(report)].filter(part => part !== '')
  const sentence = `${lead(report)}${parts.join('; ')}`
  return sentence === '' ? '' : `${capitalized(sentence)}.`
}

/** Errors that say of bytes, or of an image, that they are not what they should be. */
const alterations = ['altered-in-upload', 'altered-in-image', 'stale-in-image']

/**
 * Whether the bytes are to blame. Where every broken file is rejected as it stands in the commit or on the disk, nothing
 * that happened to it later is.
 */
export function lead(report: Report): string {
  const errors = report.findings.filter(({ severity }) => severity === 'error')
  const altered = errors.filter(({ code }) => alterations.includes(code))
  const broken = brokenFiles(errors)
  if (altered.length === 0) return broken.size > 0 && report.way.length > 0 ? 'Not corruption: ' : ''
  const files = new Set(altered.flatMap(({ path, evidence }) => evidence.paths ?? path ?? []))
  const all = new Set([...broken, ...files]).size
  const is = (code: FindingCode) => altered.some(each => each.code === code)
  const where = [
    ...(is('altered-in-upload') ? ['in the upload'] : []),
    ...(is('altered-in-image') ? ['in the build'] : []),
  ]
  const what = listed([
    ...(where.length > 0 ? [`bytes were altered ${listed(where)}`] : []),
    ...(is('stale-in-image') ? ['the image is not of this commit'] : []),
  ])
  return all > files.size
    ? `${what}, which explains ${grouped(files.size)} of ${count(all, 'broken file')}: `
    : `${what}: `
}

/** `5,546 of 5,546 files are identical from commit to upload, and 41 of 41 from upload to image`. */
function identity(report: Report): string {
  const said = report.way.map(({ from, to, files, identical }, i) => {
    const ends = `from ${stageName(report, from)} to ${stageName(report, to)}`
    return i === 0
      ? `${grouped(identical)} of ${count(files, 'file')} ${identical === 1 ? 'is' : 'are'} identical ${ends}`
      : `${grouped(identical)} of ${grouped(files)} ${ends}`
  })
  return listed(said)
}

/** Of a clean run, at its end. */
function compiling(report: Report): string {
  const deploy = deployers(report)
  const who = versionsOf(deploy.length > 0 ? deploy : report.interpreters)
  const files = report.stages.at(-1)?.pythonFiles ?? 0
  const what = files === 1 ? 'the one file' : `all ${grouped(files)} files`
  return `${what} ${files === 1 ? 'compiles' : 'compile'} on CPython ${who}`
}

/** A stage between `from` and `to`, without an article. */
export function stageName(report: Report, name: string): string {
  const stage = report.stages.find(each => each.name === name)
  return stage?.kind === 'predicted-upload' ? 'predicted upload' : stageTitle(report, name).replace(/^the /, '')
}

/** How many of the broken files are in the image, as far as one was looked at. */
export function shipped({ findings }: Report): string {
  const broken = findings.filter(({ firstBreak, path, evidence }) => {
    return firstBreak !== null && path !== null && evidence.installed !== true
  })
  const files = new Map(broken.map(({ path, shipped }) => [path, shipped]))
  const known = [...files.values()].filter(each => each !== null)
  if (known.length === 0) return ''
  const number = known.filter(each => each).length
  if (files.size === 1) return number === 1 ? 'it is shipped' : 'it is not shipped'
  if (number === files.size) return 'all of them are shipped'
  if (number > 0) return `${grouped(number)} of them ${number === 1 ? 'is' : 'are'} shipped`
  if (known.length === files.size) return 'none of them is shipped'
  return `${grouped(known.length)} of them ${known.length === 1 ? 'is' : 'are'} not shipped`
}

/** What could not be told, or ''. */
export function untold({ findings }: Report): string {
  const untold = findings.filter(({ code }) => code === 'undecided')
  const files = new Set(untold.flatMap(({ path }) => path ?? [])).size
  const others = untold.filter(({ path }) => path === null).length
  const parts = [
    ...(files > 0 ? [`nobody can tell of ${count(files, 'file')}`] : []),
    ...(others > 0
      ? [`${count(others, 'thing')} that ${others === 1 ? 'was' : 'were'} asked for could not be looked at`]
      : []),
  ]
  return parts.join('; ')
}
