import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { UploadCommand } from '../../model/upload.ts'
import { systemName } from '../disk.ts'
import type { Member } from './upload-members.ts'
import { placeIn, type Upload } from './upload-walk.ts'

const wayOut = 'remove it, or keep it out with .gcloudignore'

/** Why gcloud does not come to an end over something that goes up, and what to do; null when it does. */
export async function obstacleOf(upload: Upload, member: Member): Promise<string | null> {
  if (member.stays !== null) return null
  const { path, target, described, record } = member
  if (target === null) return brokenLink
  const problem = problemOf[upload.command](member)
  if (problem !== null) return problem
  // A file that everybody may read is not asked about.
  if (record.kind !== 'file' || (described.mode & 0o444) === 0o444) return null
  const isReadable = await open(
    systemName(placeIn(upload, path))!,
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0),
  ).then(
    handle => handle.close().then(() => true),
    () => false,
  )
  return isReadable ? null : `gcloud cannot read it, and fails: make it readable, ${wayOut}`
}

const brokenLink = `it is a symbolic link that leads nowhere, and gcloud fails on one unless it is started in the directory that it uploads: ${wayOut}`

const problemOf: Readonly<Record<UploadCommand, (member: Member) => string | null>> = {
  'builds-submit': () => null,
  'run-deploy': member => zipProblem(member) ?? yearProblem(member),
  // It takes today for a year that a zip does not know.
  'functions-deploy': zipProblem,
  'app-deploy': ({ stats, target }) => (stats.isSymbolicLink() && target?.isDirectory() ? followedLink : null),
}

const followedLink = `it is a symbolic link to a directory, which gcloud app deploy follows and this does not: put the directory there, or keep the link out with .gcloudignore`

/** What Python's zipfile cannot put into a zip. */
function zipProblem({ path, described, record }: Member): string | null {
  if (!path.isWellFormed()) return `its name is no UTF-8, and gcloud fails to put it into a zip: ${wayOut}`
  if (described.isFIFO()) return `it is a FIFO, and gcloud waits for what never comes out of it: ${wayOut}`
  if (record.kind === 'special') return `it is no file, and gcloud fails to put it into a zip: ${wayOut}`
  return null
}

function yearProblem({ described }: Member): string | null {
  const year = described.mtime.getFullYear()
  if (firstYear <= year && year <= lastYear) return null
  const why = `it was last changed in ${year}, and a zip knows the years from ${firstYear} to ${lastYear} only, so gcloud fails`
  return `${why}: touch it, or keep it out with .gcloudignore`
}

const firstYear = 1980
const lastYear = 2107
