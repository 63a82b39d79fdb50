import { grouped } from '../model/grouped.ts'
import type { Path } from '../model/path.ts'
import { visible } from './visible.ts'

/** Directories that are named. */
const most = 3

/**
 * Where files are, in one line: `src/app/ 1,200 · src/lib/ 900 · 3 more`. What is below the directory that holds them all, most files
 * first; a file that stands in that one itself is counted under its name.
 */
export function directories(paths: readonly Path[]): string {
  const parents = paths.map(path => path.split('/').slice(0, -1))
  const common = commonStart(parents).length
  const counts = new Map<string, number>()
  for (const parent of parents) {
    const directory = parent
      .slice(0, common + 1)
      .map(name => `${name}/`)
      .join('')
    counts.set(directory, (counts.get(directory) ?? 0) + 1)
  }
  const sorted = [...counts].toSorted(([, a], [, b]) => b - a)
  const shown = sorted
    .slice(0, most)
    .map(([name, files]) => `${visible(name) || 'the top directory'} ${grouped(files)}`)
  return [...shown, ...(sorted.length > most ? [`${sorted.length - most} more`] : [])].join(' · ')
}

function commonStart([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  const differs = first.findIndex((name, i) => others.some(other => other[i] !== name))
  return differs === -1 ? first : first.slice(0, differs)
}
