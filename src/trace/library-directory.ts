import type { Manifest } from '../model/manifest.ts'
import { baseName, type Path, parentPath } from '../model/path.ts'

/** Where packages and the standard library live: a file of the source may stand there by chance, as a vendored copy. */
export function isLibrary(directory: Path): boolean {
  return /(?:^|\/)(?:site-packages|dist-packages|lib(?:64)?\/python\d[\d.]*)(?:\/|$)/.test(directory)
}

/** The directories into which packages were put without the usual names: a virtual environment, and what `pip install --target` fills. */
export function libraryTrees(notes: Manifest['notes']): ReadonlySet<Path> {
  const trees = [...notes.keys()].flatMap(path => {
    if (baseName(path) === 'pyvenv.cfg') return parentPath(path)
    return path.endsWith('.dist-info/METADATA') ? parentPath(parentPath(path)) : []
  })
  return new Set(trees)
}
