import { type BuildRecord, urlOf } from '../model/build-record.ts'
import type { Finding, Provenance } from '../model/finding.ts'
import { quoted } from '../model/quoted.ts'
import type { ArchiveFacts, ManifestDigest } from '../model/source.ts'
import { bareFinding } from './bare-finding.ts'

/** What was looked at, as far as a record may name it. */
export interface LookedAt {
  /** The commit's object id. */
  readonly commit: string
  /** Null where no real archive was looked at. */
  readonly archive: ArchiveFacts | null
  /** By the name of their stages. */
  readonly images: ReadonlyMap<string, readonly ManifestDigest[]>
}

/** What became of holding what was looked at against what records name. */
export interface Comparison {
  readonly mismatches: readonly Provenance[]
  /** What could not be compared, and why. */
  readonly unchecked: readonly string[]
  /** Whether anything could be. */
  readonly checked: boolean
}

/** A mismatch is an error; that nothing at all of a build could be compared is undecided. */
export function provenanceFindings(comparisons: readonly Comparison[], build: BuildRecord | null): Finding[] {
  const mismatches = comparisons.flatMap(each => each.mismatches)
  const findings = mismatches.map(provenance =>
    bareFinding({ code: 'provenance-mismatch', severity: 'error', path: null, evidence: { provenance } }),
  )
  if (build === null || comparisons.some(({ checked }) => checked)) return findings
  const reason = `nothing that was looked at could be held against build ${build.id}; see the remarks for why`
  return [...findings, bareFinding({ code: 'undecided', severity: 'error', path: null, evidence: { reason } })]
}

/** What an archive by `git archive` says of itself against the commit. It is checked by no means where it says nothing. */
export function compareArchiveCommit({ archive, commit }: LookedAt): Comparison {
  if (archive?.commit == null || archive.commit === commit) return { mismatches: [], unchecked: [], checked: false }
  const mismatch: Provenance = {
    subject: 'commit',
    stage: 'commit',
    by: 'the uploaded archive itself',
    recorded: archive.commit,
    found: commit,
  }
  return { mismatches: [mismatch], unchecked: [], checked: false }
}

/** Everything that a build names against what was looked at. */
export function compareBuild(build: BuildRecord, looked: LookedAt): Comparison[] {
  const unfinished = build.status !== null && build.status !== 'SUCCESS' ? [`build ${build.id} is ${build.status}`] : []
  return [
    compareArchive(build, looked.archive),
    ...compareImages(build, looked.images),
    compareCommit(build, looked.commit),
    { mismatches: [], unchecked: unfinished, checked: false },
  ]
}

function compareArchive(build: BuildRecord, archive: ArchiveFacts | null): Comparison {
  if (build.archive === null) return unchecked(`build ${build.id} names no archive: it fetched a repository itself`)
  const url = urlOf(build.archive)
  if (archive === null) {
    return unchecked(`the archive of build ${build.id} was not looked at: pass --upload ${quoted(url)}`)
  }
  const known = { 'SHA-256': archive.sha256, MD5: archive.md5 }
  const comparable = build.hashes.flatMap(({ algorithm, hex }) => {
    const own = known[algorithm]
    return own === null ? [] : [{ recorded: `${algorithm} ${hex}`, found: `${algorithm} ${own}` }]
  })
  if (comparable.length > 0) return compared(build, comparable.filter(differs), { subject: 'archive', stage: 'upload' })
  const why = build.hashes.length === 0 ? 'no MD5 or SHA-256 of its archive' : 'only an MD5, which is not computed here'
  return compareNames(build, url, archive, why)
}

/** All that is left without a hash; a bare name may have been given another content since. */
function compareNames(build: BuildRecord, url: string, { origin }: ArchiveFacts, why: string): Comparison {
  if (origin === null) return unchecked(`build ${build.id} records ${why}: it cannot tell whether this is the one`)
  const [recorded, found] = [url.split('#'), origin.split('#')]
  const sameObject = recorded[0] === found[0]
  const bothGenerations = recorded.length === 2 && found.length === 2
  if (!sameObject || (bothGenerations && recorded[1] !== found[1])) {
    return compared(build, [{ recorded: url, found: origin }], { subject: 'archive', stage: 'upload' })
  }
  const reason = `build ${build.id} records ${why}: only the name of the archive was compared`
  return { mismatches: [], unchecked: [reason], checked: bothGenerations }
}

function compareImages(build: BuildRecord, images: LookedAt['images']): Comparison[] {
  if (build.images.length === 0) {
    return [unchecked(`build ${build.id} records no image: it pushed none, or a step of it did, as with kaniko`)]
  }
  if (images.size === 0) {
    const { name, digest } = build.images[0]!
    return [unchecked(`the image of build ${build.id} was not looked at: pass --image ${repositoryOf(name)}@${digest}`)]
  }
  return [...images].map(([stage, digests]) => compareImage(build, stage, digests))
}

/**
 * A digest that the build pushed is proof. Another one is proof of the contrary only from the very repository: what engines
 * save, and what other registries hold, may be the same image in another wrapping.
 */
function compareImage(build: BuildRecord, stage: string, digests: readonly ManifestDigest[]): Comparison {
  if (digests.some(({ digest }) => build.images.some(each => each.digest === digest))) {
    return { mismatches: [], unchecked: [], checked: true }
  }
  const pushed = build.images.find(({ name }) => digests.some(each => each.repository === repositoryOf(name)))
  if (pushed === undefined) {
    const { name, digest } = build.images[0]!
    const why =
      digests.length === 0
        ? 'it carries no digest of a registry'
        : digests.some(({ repository }) => repository !== null)
          ? 'the engine has it from elsewhere'
          : 'the digest in a saved file need not be that of the registry'
    return unchecked(
      `whether ${quoted(stage)} is the image of build ${build.id} cannot be told, ${why}: pull ${repositoryOf(name)}@${digest} and pass that`,
    )
  }
  const repository = repositoryOf(pushed.name)
  const own = digests.find(each => each.repository === repository)!
  const mismatch = { recorded: `${repository}@${pushed.digest}`, found: `${repository}@${own.digest}` }
  return compared(build, [mismatch], { subject: 'image', stage })
}

function compareCommit(build: BuildRecord, commit: string): Comparison {
  if (build.commits.length === 0) {
    return unchecked(
      `build ${build.id} names no commit, as a build of an archive does only if it is told: ` +
        'submit with --substitutions=_COMMIT=$(git rev-parse HEAD)',
    )
  }
  const wrong = build.commits.filter(({ id }) => !commit.startsWith(id))
  return {
    mismatches: wrong.map(({ from, id }) => ({
      subject: 'commit',
      stage: 'commit',
      by: `build ${build.id}, in ${from},`,
      recorded: id,
      found: commit,
    })),
    unchecked: [],
    checked: true,
  }
}

function compared(
  { id }: BuildRecord,
  pairs: readonly Pick<Provenance, 'recorded' | 'found'>[],
  whose: Pick<Provenance, 'subject' | 'stage'>,
): Comparison {
  const mismatches = pairs.map(pair => ({ ...whose, by: `build ${id}`, ...pair }))
  return { mismatches, unchecked: [], checked: true }
}

function unchecked(reason: string): Comparison {
  return { mismatches: [], unchecked: [reason], checked: false }
}

function differs({ recorded, found }: Pick<Provenance, 'recorded' | 'found'>): boolean {
  return recorded !== found
}

/** A name without its tag and its digest. */
function repositoryOf(name: string): string {
  return name.replace(/@.*$/, '').replace(/:[^/]*$/, '')
}
