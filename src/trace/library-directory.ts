import type { Path } from '../model/path.ts'

/** Where packages and the standard library live: a file of the source may stand there by chance, as a vendored copy. */
export function isLibrary(directory: Path): boolean {
  return /(?:^|\/)(?:site-packages|dist-packages|lib(?:64)?\/python\d[\d.]*)(?:\/|$)/.test(directory)
}
