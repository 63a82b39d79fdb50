import type { Feature } from '../model/finding.ts'

/** `allowed since 3.12, PEP 701`; for what went away, `in Python 2 only, PEP 3105`. Empty when no version confirms it. */
export function allowedWhere({ since, until, pep }: Feature): string {
  const before = until === '3.0' ? 'in Python 2' : `before ${until}`
  const parts = [
    since !== null && until !== null ? `allowed ${before} and since ${since}` : null,
    since !== null && until === null ? `allowed since ${since}` : null,
    since === null && until !== null ? `allowed ${before} only` : null,
    pep,
  ].filter(part => part !== null)
  return since === null && until === null ? '' : parts.join(', ')
}
