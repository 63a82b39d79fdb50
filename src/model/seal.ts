import type { BlobId, ObjectFormat, Sha256 } from './digest.ts'
import type { Path } from './path.ts'
import type { Stage } from './stage.ts'
import type { CheckedMapping } from './trace.ts'

/** What an in-toto Statement of this kind is about. */
export const sealType = 'https://www.npmjs.com/package/firstbreak#seal-v1'

/** What was verified, for a place where there is no repository. */
export interface Seal {
  /** The version of this program that made it. */
  readonly version: string
  /** The object id of the commit that was looked at. */
  readonly commit: string
  /** What the repository names its objects with. */
  readonly objectFormat: ObjectFormat
  /** The part of the repository that is uploaded. */
  readonly sourceDirectory: Path
  /** Which stage's files these are: `upload`, or `commit` where none was looked at. */
  readonly stage: string
  readonly interpreters: readonly SealedInterpreter[]
  /** Sorted by path, bytewise. */
  readonly files: readonly SealedFile[]
}

/** Who judged. */
export interface SealedInterpreter {
  readonly id: string
  readonly version: string
  readonly provider: string
  readonly roles: readonly string[]
}

export interface SealedFile {
  /** Relative to what is uploaded. */
  readonly path: Path
  readonly kind: 'file' | 'symlink'
  /** Bytes. */
  readonly size: number
  readonly sha256: Sha256
  readonly blobId: BlobId
  /** By the id of the interpreter; none of a symbolic link. */
  readonly verdicts: Readonly<Record<string, SealedVerdict>>
}

export type SealedVerdict = 'compiles' | 'breaks' | 'undecided'

/** What a folder or an image holds, beside what was sealed. */
export interface SealCheck {
  readonly seal: Seal
  readonly stage: Stage
  /** Where an image keeps what was sealed; none of a folder. */
  readonly mappings: readonly CheckedMapping[]
  /** How many files are as they were sealed. */
  readonly intact: number
  /** Those that are not; sorted by path, bytewise. */
  readonly files: readonly UnsealedFile[]
  /** An image's Python, where that is not of the minor version that the seal is for. */
  readonly otherPython: { readonly version: string; readonly from: string } | null
}

export interface UnsealedFile {
  /** As it was sealed; of one that was not, as it is held. */
  readonly path: Path
  /** `unsealed`: nobody verified it. */
  readonly state: 'altered' | 'missing' | 'unsealed'
  readonly sealed: Sha256 | null
  readonly found: Sha256 | null
  /** Of an image: where it keeps the file, and the layer that gave it its bytes. */
  readonly inImage: {
    readonly path: Path
    readonly layer: number
    readonly createdBy: string | null
  } | null
}
