import type { Feature } from '../model/finding.ts'
import { compareVersions, minorVersion } from '../model/interpreter.ts'
import { constructs } from './constructs/constructs.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** No construct of a tree: the interpreter says so itself, by raising a TabError. */
export const mixedTabs: Feature = {
  id: 'mixed-tabs',
  title: 'tabs and spaces mixed in the indentation',
  since: null,
  until: '3.0',
  pep: null,
}

/** Every construct that can be named, as data. */
export const features: readonly Feature[] = [
  ...constructs.map(({ id, title, since, until, pep }) => ({ id, title, since, until, pep })),
  mixedTabs,
]

/** A construct of a known version in a text. */
export interface Construct {
  readonly feature: Feature
  readonly node: SyntaxNode
}

/**
 * What construct the place is part of that this version does not know yet. `path` are the nodes that hold the place,
 * from the root to the smallest. Null when it cannot be told.
 */
export function constructAt(path: readonly SyntaxNode[], text: string, version: string): Construct | null {
  for (const node of path
    .slice(path.findLastIndex(({ type }) => type === 'block' || type === 'module') + 1)
    .toReversed()) {
    for (const [index, { recognise, since, until }] of constructs.entries()) {
      if (takes({ since, until }, version)) continue
      const found = recognise(node, text)
      if (found) return { feature: features[index]!, node: found }
    }
  }
  return null
}

/** Whether a version takes a construct, as the table has it. */
export function takes(feature: Pick<Feature, 'since' | 'until'>, version: string): boolean {
  const { until } = feature
  return hasBrought(feature, version) || (until !== null && compareVersions(minorVersion(version), until) < 0)
}

/** Whether a version takes it because it came with that one or one before; in between it may have meant something else. */
export function hasBrought({ since }: Pick<Feature, 'since'>, version: string): boolean {
  return since !== null && compareVersions(minorVersion(version), since) >= 0
}
