import type { CustodyLink, Records } from '../../model/autopsy.ts'
import { deploymentTitle, runOf } from '../../model/deployment.ts'
import { confirmed, contradicted, digestsOf, type Link, ranImage, type SeenThings, unknown } from './custody-link.ts'
import { archiveBytes, buildArchive, bytesCommit } from './custody-of-source.ts'

/** The way from the log back to the commit, each step with what proves it, refutes it, or what is missing to tell. */
export function custodyChain(records: Records, seen: SeenThings): CustodyLink[] {
  return [
    { id: 'log-deployment', ...logDeployment(records) },
    { id: 'deployment-image', ...deploymentImage(records) },
    { id: 'image-seen', ...imageSeen(records, seen) },
    { id: 'image-build', ...imageBuild(records) },
    { id: 'build-archive', ...buildArchive(records) },
    { id: 'archive-bytes', ...archiveBytes(records, seen) },
    { id: 'bytes-commit', ...bytesCommit(records, seen) },
  ]
}

function logDeployment({ log, deployment }: Records): Link {
  if (log === null) return unknown('there is no log')
  const { subjects } = log
  if (deployment === null) return unknown(`there is no revision to hold the log against${named(subjects)}`)
  if (subjects.length === 0) return unknown('the log is plain output, which does not say whose it is')
  // Of an execution, each task is a subject of its own.
  const run = runOf(deployment)
  const own = subjects.filter(each => each === run || each.startsWith(`${run} `))
  const title = deploymentTitle(deployment)
  if (own.length > 0) {
    const others = subjects.length - own.length
    return confirmed(`entries of the log are of ${title}${others === 0 ? '' : `, others of ${others} more`}`)
  }
  return contradicted(`no entry of the log is of ${title}${named(subjects)}`)
}

function named(subjects: readonly string[]): string {
  if (subjects.length === 0) return ''
  const more = subjects.length > 3 ? ` and ${subjects.length - 3} more` : ''
  return `: it is of ${subjects.slice(0, 3).join(', ')}${more}`
}

function deploymentImage(records: Records): Link {
  const { deployment } = records
  if (deployment === null) return unknown('there is no revision')
  const image = ranImage(records)
  if (image !== null) return confirmed(`${deploymentTitle(deployment)} ran ${image.reference}, in ${image.from}`)
  const [tagged] = deployment.images
  if (tagged === undefined) return unknown(`${deploymentTitle(deployment)} names no image`)
  return unknown(
    `${deploymentTitle(deployment)} names ${tagged.reference}, without a digest: the tag may have moved since`,
  )
}

function imageSeen(records: Records, { images }: SeenThings): Link {
  const digests = digestsOf(records)
  if (images.size === 0) return unknown('no image was looked at')
  if (digests.length === 0) return unknown('no record tells the digest of the image')
  const own = [...images].flatMap(([stage, held]) =>
    held.filter(({ digest }) => digests.includes(digest)).map(({ digest }) => ({ stage, digest })),
  )
  if (own.length > 0) return confirmed(`${own[0]!.stage} has the digest ${own[0]!.digest}`)
  const repositories = repositoriesOf(records)
  const other = [...images.values()].flat().find(({ repository }) => repositories.includes(repository ?? ''))
  if (other !== undefined) {
    return contradicted(`the image that was looked at is ${other.repository}@${other.digest}, and not ${digests[0]}`)
  }
  const why = [...images.values()].every(held => held.length === 0)
    ? 'carries no digest of a registry'
    : 'was saved anew, which gives it another digest'
  return unknown(`the image that was looked at ${why}`)
}

function repositoriesOf({ deployment, build }: Records): string[] {
  const names = [
    ...(deployment?.images ?? []).map(({ reference }) => reference),
    ...(build?.images ?? []).map(({ name }) => name),
  ]
  return names.map(name => name.replace(/@.*$/, '').replace(/:[^/]*$/, ''))
}

function imageBuild(records: Records): Link {
  const { deployment, build, provenance } = records
  const digests = digestsOf(records)
  const claims = deployment?.builds ?? []
  if (build === null && provenance.length === 0) {
    const claim =
      claims[0] === undefined
        ? ''
        : `: ${claims[0].from} names ${claims[0].id}, which may be left from an earlier deployment`
    return unknown(`there is no record of a build${claim}`)
  }
  if (deployment === null || deployment.images.every(({ digest }) => digest === null)) {
    return unknown('no revision tells which digest ran')
  }
  const pushers = [
    ...(build === null ? [] : [{ ...build, how: 'its results.images' }]),
    ...provenance.map(each => ({ ...each, how: 'provenance' })),
  ]
  const own = pushers.filter(({ images }) => images.some(({ digest }) => digests.includes(digest)))
  const foreign = pushers.filter(each => !own.includes(each) && each.images.length > 0)
  if (build !== null && foreign.some(({ how, id }) => how !== 'provenance' && id === build.id)) {
    const left = claims.some(({ id }) => id === build.id)
      ? `, though ${claims[0]!.from} names it: it is left from an earlier deployment`
      : ''
    return contradicted(`build ${build.id} pushed ${build.images[0]!.digest}, and not ${digests[0]}${left}`)
  }
  const [first] = own
  if (first === undefined && foreign.length > 0)
    return contradicted(`the provenance is of ${foreign[0]!.images[0]!.digest}, and not of ${digests[0]}`)
  if (first === undefined)
    return unknown(`build ${pushers[0]!.id} records no image: a step of it may have pushed one, as kaniko does`)
  const stale = claims.find(({ id }) => id !== first.id)
  const aside = stale === undefined ? '' : `; ${stale.from} names ${stale.id}, left from an earlier deployment`
  return confirmed(
    `build ${first.id} pushed ${first.images.find(({ digest }) => digests.includes(digest))!.digest}, by ${first.how}${aside}`,
  )
}
