import type { StartProgram } from './running-program.ts'

/** What stands at a path of an image. */
export type ImageFile =
  | {
      readonly kind: 'file'
      readonly isExecutable: boolean
      /** Its first bytes, 64 KiB at the most. */
      readonly beginning: () => Promise<Uint8Array>
    }
  /** `target` as stored, or already followed: relative to the link's directory, or from the image's root. */
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'other' }

/** What stands at a path from the image's root, `/usr/bin/python3`; null when nothing does. Links of its directories are followed. */
export type LookUp = (path: string) => Promise<ImageFile | null>

/** An image that an engine holds, and can run. */
export interface HeldImage {
  /** What the engine knows it by, `sha256:…`: the very layers that were read. */
  readonly id: string
  /** Lets `work` look at the image's files; nothing of it is started. */
  look<T>(work: (lookUp: LookUp) => Promise<T>): Promise<T>
  /** How to run one program of the image, `/usr/bin/python3`, in a container of its own, which is removed when it ends. */
  program(path: string): StartProgram
}
