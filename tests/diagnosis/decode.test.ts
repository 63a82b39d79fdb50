import { describe, expect, test } from 'vitest'
import { decodeSource } from '../../src/diagnosis/decode.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1')

describe('decoded by what the source says of itself', () => {
  test.each<[string, Uint8Array, string]>([
    ['UTF-8 where it says nothing', Buffer.from("x = 'é𐀀'\n"), "x = 'é𐀀'\n"],
    ['a byte order mark', Buffer.from("\uFEFFx = 'é'\n"), "x = 'é'\n"],
    ['CR LF, CR and form feed', Buffer.from('x\r\ny\rz\f\n'), 'x\r\ny\rz\f\n'],
    ['Latin-1', latin1("# coding: latin-1\nx = 'é\x80'\n"), "# coding: latin-1\nx = 'é\x80'\n"],
    ['its other names', latin1("# -*- coding: ISO_8859_1-unix -*-\n'é'"), "# -*- coding: ISO_8859_1-unix -*-\n'é'"],
    ['cp1251', latin1("#!/x\n# vim: set fileencoding=cp1251 :\n'\xe0'"), "#!/x\n# vim: set fileencoding=cp1251 :\n'а'"],
    ['ASCII', latin1('# coding: us-ascii\nx\n'), '# coding: us-ascii\nx\n'],
    [
      'shift_jis',
      Buffer.concat([latin1("# coding: shift_jis\n'"), Buffer.from([0x82, 0xa0]), latin1("'\n")]),
      "# coding: shift_jis\n'あ'\n",
    ],
    ['no cookie behind code', Buffer.from("x = 1\n# coding: latin-1\n'é'\n"), "x = 1\n# coding: latin-1\n'é'\n"],
    ['no cookie in a string', Buffer.from("'# coding: latin-1'\n'é'\n"), "'# coding: latin-1'\n'é'\n"],
  ])('%s', (_name, source, text) => {
    expect(decodeSource(source)?.text).toBe(text)
  })
})

test.each<[string, Uint8Array]>([
  ['no UTF-8', latin1("x = 'é'\n")],
  ['an encoding nobody knows', latin1('# coding: no-such-thing\nx\n')],
  ['bytes that are not ASCII', latin1("# coding: ascii\n'é'\n")],
  ['a NUL', latin1('x = 1\0\n')],
  ['a byte order mark before another encoding', Buffer.from('\uFEFF# coding: latin-1\nx = 1\n')],
])('%s cannot be decoded', (_name, source) => {
  expect(decodeSource(source)).toBeNull()
})

test.each<[string, Uint8Array, string]>([
  ['UTF-8', Buffer.from("\uFEFF# coding: utf8\r\nx = 'é'\r"), "\uFEFF# coding: utf8\r\nx = 'é'\r"],
  ['Latin-1', latin1("#!/x\n# é coding: latin-1 é\n'é'\n"), "#!/x\n# é coding: utf-8 é\n'é'\n"],
])('%s is encoded as UTF-8', (_name, source, expected) => {
  const { text, encode } = decodeSource(source)!
  expect(Buffer.from(encode(text)).toString()).toBe(expected)
})
