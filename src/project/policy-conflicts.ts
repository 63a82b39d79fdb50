import { satisfies } from '@renovatebot/pep440'
import type { Conflict } from '../model/finding.ts'
import { type DeclaredVersion, minorVersion } from '../model/interpreter.ts'
import type { Path } from '../model/path.ts'
import type { Placed, ProjectDeclarations } from './declarations.ts'
import { admits, type SupportedVersions } from './supported-versions.ts'

/** Declarations that disagree, and the file that makes the less decisive one. */
export interface PolicyConflict {
  readonly path: Path
  readonly conflict: Conflict
}

type Declared = ProjectDeclarations['declared']

/**
 * What of all that is declared, and of what the images hold, cannot all hold: versions against the one that is deployed,
 * each against the range that is supported, ranges against each other, and workflows that never set up what is deployed. An
 * image decides over a file, what is deployed over a range, a range over what a developer has, that over workflows.
 * Patch releases do not count between versions.
 */
export function policyConflicts(
  { declared, ciIsComplete }: ProjectDeclarations,
  inImages: readonly DeclaredVersion[],
): PolicyConflict[] {
  const images = onePerMinor(inImages)
  return [
    ...differingVersions(declared, images),
    ...versionsOutside(declared, images),
    ...differingRanges(declared.supported),
    ...(ciIsComplete ? neverTested(declared, images) : []),
  ]
}

/** Against the Dockerfile or what else decides; where nothing is declared to be deployed, against the image. */
function differingVersions({ deploy, dev }: Declared, images: readonly DeclaredVersion[]): PolicyConflict[] {
  const [decisive] = deploy
  const reference = decisive ?? images[0] ?? dev[0]
  if (reference === undefined) return []
  const differs = (version: DeclaredVersion) => minorVersion(version.version) !== minorVersion(reference.version)
  return [
    ...[...deploy, ...dev]
      .filter(differs)
      .map(each => conflictOf(each.path, 'differs', [versionSaid(each), versionSaid(reference)])),
    ...(decisive === undefined ? [] : images.filter(differs)).map(image =>
      conflictOf(decisive!.path, 'differs', [versionSaid(decisive!), versionSaid(image)]),
    ),
  ]
}

function versionsOutside({ deploy, dev, supported }: Declared, images: readonly DeclaredVersion[]): PolicyConflict[] {
  const [range] = supported
  if (range === undefined) return []
  const said = new Set(deploy.map(({ version }) => minorVersion(version)))
  const deployed = [...deploy, ...images.filter(({ version }) => !said.has(minorVersion(version)))]
  const outside = (version: DeclaredVersion) => !admitsVersion(range.specifier, version.version)
  return [
    ...deployed.filter(outside).map(each => ({ path: range.path, each })),
    ...dev.filter(outside).map(each => ({ path: each.path, each })),
  ].map(({ path, each }) => conflictOf(path, 'outside-range', [versionSaid(each), rangeSaid(range)]))
}

/** A final release by itself, anything less exact by its minor version. */
function admitsVersion(specifier: string, version: string): boolean {
  return /^\d+\.\d+\.\d+$/.test(version) ? satisfies(version, specifier) : admits(specifier, minorVersion(version))
}

/** Ahead of any release of Python 3. */
const minors = Array.from({ length: 30 }, (_, minor) => `3.${minor}`)

/** A range that is narrower than the decisive one is none. */
function differingRanges([decisive, ...others]: readonly Placed<SupportedVersions>[]): PolicyConflict[] {
  if (decisive === undefined) return []
  return others
    .filter(each => minors.some(minor => admits(each.specifier, minor) && !admits(decisive.specifier, minor)))
    .map(each => conflictOf(each.path, 'differs', [rangeSaid(each), rangeSaid(decisive)]))
}

function neverTested({ deploy, ci }: Declared, images: readonly DeclaredVersion[]): PolicyConflict[] {
  const deployed = images[0] ?? deploy[0]
  const tested = onePerMinor(ci)
  const [first] = tested
  if (deployed === undefined || first === undefined) return []
  if (tested.some(({ version }) => minorVersion(version) === minorVersion(deployed.version))) return []
  return [conflictOf(first.path, 'never-tested', [...tested, deployed].map(versionSaid))]
}

/** The first of each minor version. */
function onePerMinor<T extends DeclaredVersion>(versions: readonly T[]): T[] {
  const seen = versions.map(({ version }) => minorVersion(version))
  return versions.filter((_, index) => seen.indexOf(seen[index]!) === index)
}

function conflictOf(path: Path, kind: Conflict['kind'], declared: Conflict['declared']): PolicyConflict {
  return { path, conflict: { kind, declared } }
}

function versionSaid({ version, from }: DeclaredVersion): Conflict['declared'][number] {
  return { from, says: version }
}

function rangeSaid({ specifier, from }: SupportedVersions): Conflict['declared'][number] {
  return { from, says: specifier }
}
