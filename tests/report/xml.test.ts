import { XmlDocument } from 'libxml2-wasm'
import { expect, test } from 'vitest'
import { element, xmlDocument } from '../../src/report/xml.ts'

/** What a parser reads where `text` was written. */
function read(text: string): { readonly attribute: string; readonly content: string } {
  using document = XmlDocument.fromString(xmlDocument(element('a', { b: text }, `${text}.`)))
  return { attribute: document.root.attr('b')!.value, content: document.root.content.slice(0, -1) }
}

test.each(['a < b && c > "d" \'e\'', ']]>', '<![CDATA[x]]>', '&#0;&amp;', 'a\tb\r\nc\n', 'ä 日 🐍', '\ufffd'])(
  'a parser reads what was written: %j',
  text => expect(read(text)).toEqual({ attribute: text, content: text }),
)

test.each([
  ['\0', '\\x00'],
  ['\u001b[31m', '\\x1b[31m'],
  ['\udcff', '\\udcff'],
  ['\ufffe\uffff', '\\ufffe\\uffff'],
])('what XML cannot hold is shown: %j', (text, shown) =>
  expect(read(text)).toEqual({ attribute: shown, content: shown }),
)
