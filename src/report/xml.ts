/** An element of XML, written out. */
export type Xml = string & { readonly brand: unique symbol }

/** An element with its attributes, in their order, and what is in it: other elements, a line each, or a text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly Xml[] | string = [],
): Xml {
  const opening = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`),
  ].join(' ')
  if (content.length === 0) return `<${opening}/>` as Xml
  const inside = typeof content === 'string' ? escaped(content) : `\n${content.join('\n')}\n`
  return `<${opening}>${inside}</${name}>` as Xml
}

/** A document of that root. */
export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

/** Text for an element and, but for its line breaks, for an attribute. What XML 1.0 cannot hold at all, also as a reference, is shown as `\xNN` or `\uNNNN`. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, shown)
    .replace(/[&<>"'\t\r]/g, character => `&#${character.charCodeAt(0)};`)
}

function shown(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
