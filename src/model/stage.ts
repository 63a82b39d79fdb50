/** The steps of the way, in its order. */
export type Place = 'commit' | 'worktree' | 'upload' | 'image'

/** What holds a stage's bytes. */
export type StageKind =
  | 'git'
  | 'worktree'
  | 'predicted-upload'
  | 'archive'
  | 'docker-archive'
  | 'oci-layout'
  | 'docker-engine'
  | 'root-filesystem'
  | 'container'

/** A point on the way at which the bytes are looked at. */
export interface Stage {
  /** Unique in a report: its place, or the name an image was given on the command line. */
  readonly name: string
  readonly place: Place
  readonly kind: StageKind
  /** What pins it down: the commit's object id, the archive's or the image's `sha256:…`. Null for a working tree. */
  readonly reference: string | null
}
