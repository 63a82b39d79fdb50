/** `ENV` of `ENV a=b`, and of `/bin/sh -c #(nop)  ENV a=b`, as the older builder writes it; '' where it names none, as of a RUN. */
export function keywordOf(createdBy: string): string {
  return /^(?:\/bin\/sh -c #\(nop\) +)?([A-Z]+) /.exec(createdBy)?.[1] ?? ''
}

/**
 * What the instruction of a layer copies from, where it is a COPY, which changes nothing of what it is given: `--from`; null where it
 * names none, as most builders leave it out of the history. Undefined for any other instruction, and for files that it holds itself.
 */
export function copiesFrom(createdBy: string): string | null | undefined {
  if (keywordOf(createdBy) !== 'COPY' || createdBy.includes('<<')) return undefined
  return /COPY\s+(?:--\S+\s+)*?--from=(\S+)\s/.exec(createdBy)?.[1] ?? null
}
