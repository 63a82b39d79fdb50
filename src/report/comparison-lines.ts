import type { Both, DifferingFile, FileInImage, ImageComparison } from '../model/image-comparison.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, layerTitle, listed, short } from './words.ts'
import { wrap } from './wrap.ts'

/** Two images side by side: what they run, on what, and which files they do not hold alike; `most` of these are named. */
export function comparisonLines(comparison: ImageComparison, style: Style, most: number): string[] {
  const { images, differing, differences } = comparison
  const rest = differing.length - most
  return [
    style.strong('Images side by side'),
    ...wrap(style, visible(`${counted(comparison)}.`), '  '),
    ...differing.slice(0, most).flatMap(file => fileLines(file, images)),
    ...(rest > 0 ? [style.dim(`  and ${count(rest, 'more file')} (--verbose names them all)`)] : []),
    ...differences.flatMap(({ of, values }) => wrap(style, visible(difference(of, values, images)), '  ')),
  ]
}

/** `local and cloud hold 41 files with the same bytes, 2 differ, 1 is in local only`. */
function counted({ images, same, differing }: ImageComparison): string {
  const only = images.map((name, at) => ({
    name,
    number: differing.filter(({ held }) => held[1 - at] === null).length,
  }))
  const changed = differing.filter(({ held }) => held[0] !== null && held[1] !== null).length
  const parts = [
    `${listed(images)} hold ${count(same, 'file')} with the same bytes`,
    changed === 0 ? '' : `${changed} ${changed === 1 ? 'differs' : 'differ'}`,
    ...only.map(({ name, number }) => (number === 0 ? '' : `${number} ${number === 1 ? 'is' : 'are'} in ${name} only`)),
  ].filter(part => part !== '')
  return parts.length === 1 ? `${parts[0]}, and no others` : parts.join(', ')
}

function fileLines({ path, held }: DifferingFile, images: Both<string>): string[] {
  const width = Math.max(...images.map(name => name.length))
  return [
    `  ${visible(path)}`,
    ...images.map((name, at) => `    ${name.padEnd(width)}  ${visible(heldAs(held[at as 0 | 1], path))}`),
  ]
}

function heldAs(file: FileInImage | null, path: string): string {
  if (file === null) return 'does not hold it'
  const { imagePath, sha256, layer } = file
  const moved = imagePath.endsWith(`/${path}`) ? '' : ` (${imagePath})`
  return `${short(sha256)}${moved}, by ${layerTitle(layer)}: ${layer.createdBy ?? 'its instruction is not recorded'}`
}

function difference(of: string, [first, second]: Both<string | null>, images: Both<string>): string {
  if (of === 'python') {
    const [one, other] = [first, second].map(version => version ?? 'of a version that it does not show')
    return `${images[0]} runs CPython ${one}, ${images[1]} CPython ${other}`
  }
  return `${titles[of] ?? of} of ${images[0]} is ${first ?? unknown(of)}, of ${images[1]} ${second ?? unknown(of)}`
}

const titles: Readonly<Record<string, string>> = {
  distribution: 'the distribution',
  libc: 'the C library',
  architecture: 'the architecture',
  pythonArchitecture: 'the architecture of the Python',
}

function unknown(of: string): string {
  return of in titles ? 'not known' : 'not set'
}
