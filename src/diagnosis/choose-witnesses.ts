import type { Feature } from '../model/finding.ts'
import { type Interpreter, minorVersion } from '../model/interpreter.ts'
import { hasBrought, takes } from './features.ts'

/**
 * Who is asked whether a feature is what the table says, of those that by the table take it: the first, and should that one not take
 * a file, another. That is one of the other end where the versions have two, or else of another minor version.
 */
export function chooseWitnesses<T extends Pick<Interpreter, 'version'>>(
  feature: Pick<Feature, 'since' | 'until'>,
  interpreters: readonly T[],
): readonly T[] {
  const [first, ...others] = interpreters.filter(({ version }) => takes(feature, version))
  if (first === undefined) return []
  const isOther = ({ version }: T) =>
    feature.since !== null && feature.until !== null
      ? hasBrought(feature, version) !== hasBrought(feature, first.version)
      : minorVersion(version) !== minorVersion(first.version)
  const second = others.find(isOther)
  return second === undefined ? [first] : [first, second]
}
