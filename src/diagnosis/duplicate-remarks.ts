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
            `${stage.name} holds more than once, and with different bytes: ${list(differing)}. The last counts, as with ` +
              'tar and unzip -o; whoever takes the first runs other code. Pack each file once',
          ]),
      ...(others.length === 0 ? [] : [`${stage.name} holds more than once: ${list(others)}. The last counts`]),
    ]
  })
}

function list(duplicates: readonly Duplicate[]): string {
  const paths = [...new Set(duplicates.map(({ path }) => path))]
  const shown = paths.slice(0, named).map(quoted).join(', ')
  return paths.length <= named ? shown : `${shown} and ${paths.length - named} more`
}
