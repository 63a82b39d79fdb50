import type { DeclaredVersion } from '../model/interpreter.ts'
import type { Path } from '../model/path.ts'
import type { SupportedVersions } from './supported-versions.ts'

/** What a project says about the Pythons it is written for. */
export interface ProjectDeclarations {
  /** The first of `declared.dev`. */
  readonly dev: DeclaredVersion | null
  /** The first of `declared.deploy`. */
  readonly deploy: DeclaredVersion | null
  /** The first of `declared.supported`. */
  readonly supported: SupportedVersions | null
  /** All that is declared, the decisive one of each kind first; docs/roles.md says which that is. */
  readonly declared: {
    readonly deploy: readonly Placed<DeclaredVersion>[]
    readonly dev: readonly Placed<DeclaredVersion>[]
    readonly supported: readonly Placed<SupportedVersions>[]
    /** What the workflows set up. */
    readonly ci: readonly Placed<DeclaredVersion>[]
  }
  /** False when workflows set up more than `declared.ci` tells. */
  readonly ciIsComplete: boolean
  /** What was seen and not used, and why; each names its file. */
  readonly remarks: readonly string[]
}

/** A declaration and the file that makes it. */
export type Placed<T> = T & { readonly path: Path }
