/** Lines as a message. `[a](b)` would be a link in it, and no source or name may make one. */
export function messageOf(lines: readonly string[]): { readonly text: string } {
  return { text: lines.join('\n').replaceAll('](', '] (') }
}
