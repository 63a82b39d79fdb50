import { type Cast, castInterpreters, oldestByDefault, releasedMinors } from '../interpreters/cast-interpreters.ts'
import { chooseInterpreter } from '../interpreters/choose-interpreter.ts'
import { compareVersions, type DeclaredVersion, type Interpreter, minorVersion } from '../model/interpreter.ts'
import type { Decider } from '../model/push.ts'
import type { ProjectDeclarations } from '../project/declarations.ts'
import { admits } from '../project/supported-versions.ts'

/** Of the range that a project supports: its oldest minor version alone, or every one that is at hand. */
export type RangePart = 'oldest' | 'all'

/** What decides about a push. */
export interface Deciding {
  readonly declarations: ProjectDeclarations
  /** What the user says runs it, over what is declared. */
  readonly deploy: DeclaredVersion | null
  readonly range: RangePart
  readonly available: readonly Interpreter[]
}

/** Those that what is pushed must satisfy, the one that runs it first, and those that are declared and not at hand. */
export interface Deciders {
  readonly deciders: readonly Decider[]
  readonly missing: Cast['missing']
}

/**
 * The Python that runs the files, and of the range that the project supports the oldest, which knows least, or all. Where nothing
 * says either, the one that developers have, else the newest at hand.
 */
export function castDeciders(deciding: Deciding): Deciders {
  const wanted = wantedVersions(deciding)
  const { available } = deciding
  const deploy = wanted.map(({ declared }) => declared)
  const cast = castInterpreters({ inImages: [], deploy, dev: null, others: [], supports: () => false }, available)
  const deciders = new Map<string, Decider>()
  for (const { declared, because } of wanted) {
    const chosen = chooseInterpreter(declared.version, available)
    const interpreter = cast.interpreters.find(({ id }) => id === chosen?.id)
    if (interpreter !== undefined && !deciders.has(interpreter.id))
      deciders.set(interpreter.id, { interpreter, because, declared })
  }
  return { deciders: [...deciders.values()], missing: cast.missing }
}

function wantedVersions({ declarations, deploy: asked, range, available }: Deciding): Omit<Decider, 'interpreter'>[] {
  const deploy = asked ?? declarations.deploy
  const released = releasedMinors(available)
  const minors = released.filter(
    minor => isSupported(minor, declarations) && minor !== minorVersion(deploy?.version ?? ''),
  )
  const oldest = isDeployedOldest(deploy, minors) ? [] : minors.slice(0, 1)
  const wanted = [
    ...(deploy === null ? [] : [{ declared: deploy, because: 'deploy' as const }]),
    ...(range === 'all' ? minors : oldest).map(version => ({
      declared: { version, from: declarations.supported!.from },
      because: 'range' as const,
    })),
  ]
  if (wanted.length > 0) return wanted
  const newest = released.at(-1)
  const fallback = declarations.dev ?? (newest === undefined ? null : { version: newest, from: 'the newest at hand' })
  return fallback === null ? [] : [{ declared: fallback, because: 'default' }]
}

function isSupported(minor: string, { supported }: ProjectDeclarations): boolean {
  return supported !== null && compareVersions(minor, oldestByDefault) >= 0 && admits(supported.specifier, minor)
}

/** What is deployed may be the oldest of the range itself. */
function isDeployedOldest(deploy: DeclaredVersion | null, [oldest]: readonly string[]): boolean {
  return deploy !== null && oldest !== undefined && compareVersions(minorVersion(deploy.version), oldest) < 0
}
