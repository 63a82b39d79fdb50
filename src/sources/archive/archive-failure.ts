import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import type { Fail } from '../failure.ts'

/** Failures of the archive in `file`. */
export function failureOfArchive(file: string): Fail {
  return (problem, options) =>
    new VerifierError('archive-unreadable', `cannot read the archive ${quoted(file)}: ${problem}`, options)
}
