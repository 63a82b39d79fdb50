/** What stands at a path of an image, as far as that tells of its Pythons and its platform. */
export type Note =
  /** A small file, or how a script begins. */
  | { readonly kind: 'text'; readonly text: string }
  /** A CPython, or its library, by what its own bytes say; nothing of it was run. */
  | {
      readonly kind: 'program'
      /** What it is built for, in the words of Go: `amd64`. Null for a machine that has no such name. */
      readonly architecture: string | null
      /** `3.11.9`; null where its bytes name none, or several. */
      readonly version: string | null
    }
  | { readonly kind: 'symlink'; readonly target: string }
  /** It is there; what it holds does not matter. */
  | { readonly kind: 'present' }
