import type { BuildRecord } from './model/build-record.ts'
import type { ObjectFormat } from './model/digest.ts'
import type { Evidence } from './model/finding.ts'
import type { GitFacts } from './model/git-facts.ts'
import type { History } from './model/history.ts'
import type { DeclaredVersion, ImageInterpreter, Interpreter } from './model/interpreter.ts'
import type { Path } from './model/path.ts'
import type { ArchiveSource, ImageSource, Source, UploadSource } from './model/source.ts'
import type { PathMapping } from './model/trace.ts'
import type { ProjectDeclarations } from './project/declarations.ts'
import type { BuildFiles } from './project/read-build.ts'

/** Everything a run is told; nothing else is looked at. */
export interface Plan {
  /** The stages in the order of the way: the commit first, images last. */
  readonly sources: readonly (Source | ArchiveSource | UploadSource | ImageSource)[]
  /** What the repository names its objects with. */
  readonly objectFormat: ObjectFormat
  /** The part of the repository that is looked at. */
  readonly sourceDirectory: Path
  /** The Dockerfile that makes the images, and what goes with it; null where there is none. */
  readonly dockerBuild: BuildFiles | null
  /** Where the images keep the source; empty to learn it. */
  readonly mappings: readonly PathMapping[]
  /** Whether what is installed in the images is judged as well. */
  readonly dependencies: boolean
  /** Files not to judge. */
  readonly isExcluded: (path: Path) => boolean
  readonly declarations: ProjectDeclarations
  /** What the user says, over what is declared. */
  readonly roles: { readonly deploy: DeclaredVersion | null; readonly dev: DeclaredVersion | null }
  /** Asked besides. */
  readonly pythons: readonly DeclaredVersion[]
  /** The Python the developer would start; used where nothing declares one, and null where something does. */
  readonly pathPython: DeclaredVersion | null
  /** Who can be asked. */
  readonly available: readonly Interpreter[]
  /** The images' own, as far as they may be run; at most one for each image. */
  readonly inImages: readonly ImageInterpreter[]
  /** What came before the commit; asked only where an image holds other bytes. */
  readonly history: History
  /** The rule that keeps a path of the repository out of the upload. */
  readonly ignoreRule: (path: Path) => NonNullable<Evidence['rule']> | null
  /** What git knows of the working tree; null for a bare repository. */
  readonly git: GitFacts | null
  /** What Google recorded of the build, to hold the archive, the images and the commit against; null where there is none. */
  readonly build: BuildRecord | null
  /** Interpreters at work at once. */
  readonly jobs: number
  /** Of how many broken contents every place is looked for; of the others the first is told. */
  readonly mostSearched: number
  /** Where verdicts, and what makes embedded interpreters start fast, are kept from run to run; null to keep nothing. */
  readonly cacheDirectory: string | null
  /** What a reader of the report must know of what was asked for. */
  readonly remarks: readonly string[]
  /** Told at the beginning of each step; for a terminal. */
  readonly progress: (step: string) => void
  /** Gives up: verify then throws its reason. */
  readonly signal: AbortSignal
  /** Told what changes nothing of the report, as that verdicts cannot be remembered. */
  readonly log: (line: string) => void
}
