/** How a file's bytes on the disk or in the upload are those of the commit, though not byte for byte under its name. */
export interface AsCommitted {
  /** `checkout`: git itself makes the one of the other; `submodule`: another repository holds them; `name`: another path does. */
  readonly kind: 'checkout' | 'submodule' | 'name'
  /** What makes them so, for a person: `line endings: eol=crlf`, or a path. */
  readonly from: string
}
