/**
 * What the trove classifiers of a package say of the minor versions it supports, as a PEP 440 specifier set that admits
 * these and no others: `>=3.9,<3.12,!=3.10.*`. Null when they name none.
 *
 * @see https://pypi.org/classifiers/
 */
export function specifierOfClassifiers(classifiers: readonly string[]): string | null {
  const minors = classifiers.flatMap(
    each => /^Programming Language :: Python :: 3\.(\d{1,2})$/.exec(each.trim())?.[1] ?? [],
  )
  const named = new Set(minors.map(Number))
  if (named.size === 0) return null
  const [lowest, highest] = [Math.min(...named), Math.max(...named)]
  const gaps = Array.from({ length: highest - lowest }, (_, index) => lowest + index).filter(minor => !named.has(minor))
  return [`>=3.${lowest}`, `<3.${highest + 1}`, ...gaps.map(minor => `!=3.${minor}.*`)].join(',')
}
