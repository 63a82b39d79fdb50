import {
  type CastInterpreter,
  compareVersions,
  type DeclaredVersion,
  type ImageInterpreter,
  type Interpreter,
  minorVersion,
  type Role,
} from '../model/interpreter.ts'
import { chooseInterpreter, isPreRelease } from './choose-interpreter.ts'

/** Who is asked for. */
export interface Casting {
  /** The images' own, which are always asked, and for what. */
  readonly inImages: readonly { readonly interpreter: ImageInterpreter; readonly roles: readonly Role[] }[]
  /** Those told by something else, some of them by images, whose files alone they run; empty where nothing tells which Python will run the files. */
  readonly deploy: readonly (DeclaredVersion & Pick<CastInterpreter, 'images'>)[]
  readonly dev: DeclaredVersion | null
  /** Asked for besides, for no role. */
  readonly others: readonly DeclaredVersion[]
  /** Asked where there is no deploy version: whether the project says it runs on this minor version. */
  readonly supports: (minor: string) => boolean
}

export interface Cast {
  /** Deploy first, then dev, then by version. */
  readonly interpreters: readonly CastInterpreter[]
  /** What was declared and no interpreter at hand speaks for. */
  readonly missing: readonly (DeclaredVersion & { readonly roles: readonly Role[] })[]
  /** Images' own interpreters of whose minor version no other build is at hand. */
  readonly unchecked: readonly ImageInterpreter[]
}

/** Older ones are asked only by name: no Python that anybody still maintains is older. */
export const oldestByDefault = '3.10'

/**
 * The interpreters that judge, chosen from those at hand. With no deploy version, every supported minor version; with
 * nothing to compare it with, the newest one at hand besides, since only a second opinion tells skew from a broken file.
 * A minor version that is at hand as a pre-release alone judges only where somebody names it. An image's own is held against
 * another build of its minor version, as an image is not trusted.
 */
export function castInterpreters(casting: Casting, available: readonly Interpreter[]): Cast {
  const { inImages, deploy, dev, others } = casting
  const knowsDeploy = deploy.length > 0 || inImages.some(({ roles }) => roles.includes('deploy'))
  const wanted: ({ readonly declared: DeclaredVersion } & Pick<CastInterpreter, 'roles' | 'images'>)[] = [
    ...deploy.map(({ images, ...declared }) => ({ declared, roles: ['deploy'] as const, ...of(images) })),
    ...(dev === null ? [] : [{ declared: dev, roles: ['dev'] as const }]),
    ...others.map(declared => ({ declared, roles: [] })),
    ...(knowsDeploy ? [] : supportedVersions(casting, available).map(declared => ({ declared, roles: [] }))),
  ]
  const cast = new Map<string, CastInterpreter>()
  for (const { interpreter, roles } of inImages) add(cast, interpreter, { roles, images: [interpreter.stage] })
  const missing: (DeclaredVersion & { readonly roles: readonly Role[] })[] = []
  for (const { declared, roles, images } of wanted) {
    const chosen = chooseInterpreter(declared.version, available)
    if (chosen === null) missing.push({ ...declared, roles })
    else add(cast, chosen, { roles, ...of(images), standsInFor: isStandIn(declared, chosen) ? declared.version : null })
  }
  const released = available.filter(each => !isPreRelease(each))
  const newest = released.toSorted((a, b) => compareVersions(b.version, a.version))[0]
  if (cast.size === 1 && dev === null && newest !== undefined) add(cast, newest, {})
  const unchecked: ImageInterpreter[] = []
  for (const { interpreter } of inImages) {
    const other = chooseInterpreter(interpreter.version, available)
    if (other === null) unchecked.push(interpreter)
    else add(cast, other, { checks: [interpreter.id] })
  }
  const interpreters = [...cast.values()].sort((a, b) => rank(a) - rank(b) || compareVersions(a.version, b.version))
  return { interpreters, missing, unchecked }
}

function supportedVersions({ supports }: Casting, available: readonly Interpreter[]): DeclaredVersion[] {
  return releasedMinors(available)
    .filter(minor => compareVersions(minor, oldestByDefault) >= 0 && supports(minor))
    .map(minor => ({ version: minor, from: 'supported' }))
}

/** The minor versions that are at hand, but for those of which there is only a pre-release. */
export function releasedMinors(available: readonly Interpreter[]): readonly string[] {
  const released = available.filter(each => !isPreRelease(each))
  return [...new Set(released.map(({ version }) => minorVersion(version)))]
}

function add(
  cast: Map<string, CastInterpreter>,
  chosen: Interpreter,
  part: Partial<Pick<CastInterpreter, 'roles' | 'images' | 'standsInFor' | 'checks'>>,
): void {
  const { roles = [], standsInFor = null, checks = [] } = part
  const known = cast.get(chosen.id)
  cast.set(chosen.id, {
    ...chosen,
    roles: [...new Set([...(known?.roles ?? []), ...roles])],
    ...of(imagesRun([known ?? {}, part])),
    standsInFor: known?.standsInFor ?? standsInFor,
    checks: [...(known?.checks ?? []), ...checks],
  })
}

/** Those of all deploy roles of one interpreter; undefined where one of them may run the files of every image. */
function imagesRun(parts: readonly Partial<Pick<CastInterpreter, 'roles' | 'images'>>[]): CastInterpreter['images'] {
  const deployed = parts.filter(({ roles = [] }) => roles.includes('deploy'))
  if (deployed.length === 0 || deployed.some(({ images }) => images === undefined)) return undefined
  return [...new Set(deployed.flatMap(({ images = [] }) => images))]
}

function of(images: CastInterpreter['images']): Pick<CastInterpreter, 'images'> {
  return images === undefined ? {} : { images }
}

/** A declaration that names a patch release is stood in for by any other. */
function isStandIn({ version }: DeclaredVersion, chosen: Interpreter): boolean {
  return version.split('.').length > 2 && version !== chosen.version
}

function rank({ roles }: CastInterpreter): number {
  return roles.includes('deploy') ? 0 : roles.includes('dev') ? 1 : 2
}
