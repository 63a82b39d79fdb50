import type { Duplicate, Manifest } from '../model/manifest.ts'
import { quoted } from '../model/quoted.ts'

/** How many paths are named before the rest is only counted. */
const named = 5

/** What a reader must know of paths that a stage records more than once: those first whose bytes differ. */
export function duplicateRemarks(manifests: readonly Pick<Manifest, 'stage' | 'duplicates'>[]): string[] {
  return manifests.flatMap(({ stage, duplicates }) => {
    const differing = duplicates.filter(({ differs }) => differs)
    const others = duplicates.filter(({ differs }) => !differs)
    return [
      ...(differing.length === 0
        ? []
        : [
            `${stage.name} holds ${list(differing)} more than once, with different bytes: the last counts here, ` +
              'as with tar and unzip -o, and a reader that takes the first runs other code; make it so that each comes once',
          ]),
      ...(others.length === 0 ? [] : [`${stage.name} holds ${list(others)} more than once; the last counts`]),
    ]
  })
}

function list(duplicates: readonly Duplicate[]): string {
  const paths = [...new Set(duplicates.map(({ path }) => path))]
  const shown = paths.slice(0, named).map(quoted).join(', ')
  return paths.length <= named ? shown : `${shown} and ${paths.length - named} more`
}
