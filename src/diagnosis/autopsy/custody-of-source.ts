import type { Records } from '../../model/autopsy.ts'
import { type BuildRecord, type StorageObject, urlOf } from '../../model/build-record.ts'
import type { Claim } from '../../model/deployment.ts'
import { confirmed, contradicted, digestsOf, type Link, type SeenThings, unknown } from './custody-link.ts'

/** Those of which the deployment's image is, as far as that is known; else all. */
export function ownBuilds(records: Records): readonly BuildRecord[] {
  const all = [...(records.build === null ? [] : [records.build]), ...records.provenance]
  const digests = digestsOf(records)
  const own = all.filter(({ images }) => images.some(({ digest }) => digests.includes(digest)))
  return own.length > 0 ? own : all
}

/** The archive, by whoever names it; what a build resolved comes first. */
export function archiveOf(records: Records): StorageObject | null {
  const built = ownBuilds(records).flatMap(({ archive }) => archive ?? [])
  return built[0] ?? records.deployment?.archives[0]?.object ?? null
}

export function buildArchive(records: Records): Link {
  const builds = ownBuilds(records)
  const claims = [
    ...(records.deployment?.archives ?? []),
    ...builds
      .slice(1)
      .flatMap(({ id, archive }) => (archive === null ? [] : [{ from: `provenance of build ${id}`, object: archive }])),
  ]
  const [build] = builds
  if (build === undefined) {
    const [claim] = claims
    return unknown(
      claim === undefined
        ? 'there is no record of a build'
        : `${claim.from} names ${urlOf(claim.object)}, and there is no record of a build`,
    )
  }
  if (build.archive === null) return unknown(`build ${build.id} names no archive: it fetched a repository itself`)
  const own = urlOf(build.archive)
  const other = claims.find(({ object }) => !isSame(object, build.archive!))
  if (other !== undefined)
    return contradicted(`build ${build.id} was made of ${own}, and ${other.from} names ${urlOf(other.object)}`)
  const also = claims[0] === undefined ? '' : `, as ${claims[0].from} says`
  return confirmed(`build ${build.id} was made of ${own}${also}`)
}

/** One that names no generation may be any. */
function isSame(a: StorageObject, b: StorageObject): boolean {
  const bothSay = a.generation !== null && b.generation !== null
  return a.bucket === b.bucket && a.object === b.object && (!bothSay || a.generation === b.generation)
}

export function archiveBytes(records: Records, { archive }: SeenThings): Link {
  const object = archiveOf(records)
  if (archive === null) return unknown('no archive was looked at')
  const known = { 'SHA-256': archive.sha256, MD5: archive.md5 }
  const hashes = ownBuilds(records)
    .flatMap(({ hashes }) => hashes)
    .filter(({ algorithm }) => known[algorithm] !== null)
  const wrong = hashes.find(({ algorithm, hex }) => known[algorithm] !== hex)
  if (wrong !== undefined) {
    return contradicted(
      `the build recorded ${wrong.algorithm} ${wrong.hex}, and the archive has ${known[wrong.algorithm]}`,
    )
  }
  if (hashes.length > 0)
    return confirmed(`the archive has the ${hashes[0]!.algorithm} that the build recorded, ${hashes[0]!.hex}`)
  if (archive.origin === null || object === null) return unknown('no record has a hash of the archive')
  const url = urlOf(object)
  if (archive.origin === url && object.generation !== null)
    return confirmed(`it was fetched as ${url}, whose generation is never given to other bytes`)
  return archive.origin.split('#')[0] === url.split('#')[0]
    ? unknown('no record has a hash of the archive, and only its name is known')
    : contradicted(`what was looked at is ${archive.origin}, and not ${url}`)
}

/** What the archive or the image holds decides; what a record calls the commit may be anybody's word. */
export function bytesCommit(records: Records, { commit, archive, contents }: SeenThings): Link {
  const claims: readonly Claim[] = [
    ...ownBuilds(records).flatMap(({ id, commits }) =>
      commits.map(each => ({ ...each, from: `build ${id}, in ${each.from},` })),
    ),
    ...(records.deployment?.commits ?? []),
    ...(archive?.commit == null ? [] : [{ from: 'the archive itself', id: archive.commit }]),
  ]
  if (commit === null)
    return unknown(
      `there is no repository${claims[0] === undefined ? '' : `; ${claims[0].from} names ${claims[0].id}`}`,
    )
  const wrong = claims.find(({ id }) => !commit.startsWith(id))
  if (wrong !== undefined) return contradicted(`${wrong.from} names ${wrong.id}, and looked at was ${commit}`)
  const said = claims[0] === undefined ? '' : `, as ${claims[0].from} says`
  if (contents === null || contents.files === 0) {
    return claims[0] === undefined
      ? unknown('no record names a commit, and neither archive nor image was held against one')
      : confirmed(`${claims[0].from} names ${commit}; no bytes were compared`)
  }
  const { place, files, others } = contents
  if (others.length === 0)
    return confirmed(`${files} of ${files} Python files of the ${place} are as in ${commit}${said}`)
  const names = others.slice(0, 3).join(', ') + (others.length > 3 ? ` and ${others.length - 3} more` : '')
  return contradicted(
    `${files - others.length} of ${files} Python files of the ${place} are as in ${commit}, not so ${names}`,
  )
}
