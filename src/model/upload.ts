import type { Path } from './path.ts'

/**
 * Whose rules a prediction follows: `gcloud builds submit` sends a .tgz, `gcloud run deploy --source` and `gcloud functions
 * deploy` a .zip, `gcloud app deploy` file by file.
 */
export type UploadCommand = 'builds-submit' | 'run-deploy' | 'functions-deploy' | 'app-deploy'

/** One line of an ignore file. */
export interface RulePlace {
  /** As from the upload directory; for a rule that gcloud brings itself, words that say so. */
  readonly file: string
  /** 1-based, as an editor counts; null for a rule that stands in no file. */
  readonly line: number | null
  /** As written. */
  readonly text: string
}

/** A folder of an upload, with all that is below it and goes up. Paths are relative to the upload directory. */
export interface UploadFolder {
  readonly path: Path
  /** What it is known to be, where it is one that services are hardly meant to carry; else null. */
  readonly kind: FolderKind | null
  readonly files: number
  readonly bytes: number
}

export type FolderKind = 'repository' | 'virtual-environment' | 'node-modules' | 'cache'

/** Something over which gcloud does not finish, so that nothing is uploaded. */
export interface UploadObstacle {
  /** Relative to the upload directory. */
  readonly path: Path
  /** For a person, with what to do. */
  readonly reason: string
}

/** What an upload amounts to. */
export interface UploadSurvey {
  readonly command: UploadCommand
  /** All that goes up but directories. */
  readonly files: number
  /** Of the files; symbolic links that go up as links count nothing. */
  readonly bytes: number
  /** Every folder of a known kind, and the heaviest others; the heaviest first. None stands within another. */
  readonly folders: readonly UploadFolder[]
  /** Files called `.env`, which tend to hold secrets. */
  readonly secrets: readonly Path[]
  /** Symbolic links that lead out of the upload directory, and whose targets' bytes go up. */
  readonly outside: readonly Path[]
  readonly obstacles: readonly UploadObstacle[]
}

/** Why something does not go up. */
export type Staying =
  | { readonly kind: 'rule'; readonly rule: RulePlace }
  /** gcloud leaves them out, whatever the rules say. */
  | { readonly kind: 'broken-link' | 'directory-link' | 'socket' }

/** Something that goes up. Paths are relative to the upload directory. */
export interface UploadItem {
  readonly path: Path
  /** `special` is a FIFO or a device. */
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'special'
  /** Of a file, in bytes; else 0. */
  readonly size: number
  /** What a link names, as it stands in the archive: of a symbolic link its text, of a hard link the path that went up before; else null. */
  readonly target: string | null
}

/** Something that does not; of a directory that does not, what is below it is not listed. */
export interface StayingItem {
  readonly path: Path
  readonly isDirectory: boolean
  readonly why: Staying
}

/** Everything in an upload directory, in the order in which gcloud goes about it. */
export interface UploadListing {
  readonly goesUp: readonly UploadItem[]
  readonly stays: readonly StayingItem[]
  readonly survey: UploadSurvey
  /** What the rules come from, for a person; null where there are none. */
  readonly rulesFrom: string | null
}

/** An archive that was written. */
export interface WrittenUpload {
  /** As the user named it. */
  readonly file: string
  readonly entries: number
  /** Of the archive. */
  readonly bytes: number
  /** Of the archive, in hex. */
  readonly sha256: string
}
