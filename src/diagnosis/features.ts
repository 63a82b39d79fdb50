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

/** No construct of a tree either: what makes it one may be far above. The interpreter says so in words. */
export const continueInFinally: Feature = {
  id: 'continue-in-finally',
  title: 'continue in a finally clause',
  since: '3.8',
  until: null,
  pep: null,
}

/** Every construct that can be named, as data. */
export const features: readonly Feature[] = [
  ...constructs.map(({ id, title, since, until, pep }) => ({ id, title, since, until, pep })),
  mixedTabs,
  continueInFinally,
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
  return constructsAt(path, text, version).next().value ?? null
}

/** All such constructs in the statement or header at the place, the smallest first. */
export function* constructsAt(path: readonly SyntaxNode[], text: string, version: string): Generator<Construct, void> {
  for (const node of path
    .slice(path.findLastIndex(({ type }) => type === 'block' || type === 'module') + 1)
    .toReversed()) {
    for (const [index, { recognise, since, until }] of constructs.entries()) {
      if (takes({ since, until }, version)) continue
      const found = recognise(node, text)
      if (found) yield { feature: features[index]!, node: found }
    }
  }
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
