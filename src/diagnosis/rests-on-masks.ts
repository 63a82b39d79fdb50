import { type Look, placeOf } from './look.ts'
import type { Patch } from './mask.ts'
import { nodesAt } from './python-nodes.ts'

/**
 * Whether the break that is looked at may be there only because of what is masked: a masked statement binds no names, and is
 * no docstring.
 */
export function restsOnMasks(look: Look): boolean {
  const { current, masked, original } = look
  const unbound = /^no binding for nonlocal '(.*)' found/.exec(current.message)?.[1]
  if (unbound !== undefined)
    return masksAround(look).some(patch => namesIn(maskedBy(patch, original)).includes(unbound))
  return (
    current.message.startsWith('from __future__ imports must') && masked.some(patch => isDocstring(patch, original))
  )
}

/** Those in the function that holds the place with all others: only there a name can be bound for `nonlocal`. */
function masksAround({ current, text, masked, parsed, parse }: Look): readonly Patch[] {
  // In the tree of an earlier text, an error that is masked by now may have left nothing of the function.
  const { root } = parsed.text === text ? parsed : parse(text)
  const path = nodesAt(root, placeOf(current, text) ?? 0)
  const outermost = path.find(({ type }) => type === 'function_definition')
  if (outermost === undefined) return masked
  return masked.filter(({ start }) => outermost.startIndex <= start && start < outermost.endIndex)
}

function isDocstring(patch: Patch, original: string): boolean {
  return /^[ru]?['"]/i.test(maskedBy(patch, original)) && /^(?:\s*#.*)*\s*$/.test(original.slice(0, patch.start))
}

/** As CPython compares them, and words besides. */
function namesIn(text: string): readonly string[] {
  return text.normalize('NFKC').split(/\P{ID_Continue}+/u)
}

/** What stood there. */
function maskedBy({ start, text }: Patch, original: string): string {
  return original.slice(start, start + text.length)
}
