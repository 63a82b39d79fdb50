import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { explainBytes } from '../../../src/diagnosis/changes/explain-bytes.ts'
import { fc, runs } from '../../support/random.ts'

const bytes = (text: string | Buffer) => (typeof text === 'string' ? Buffer.from(text) : text)
const utf16 = (text: string, mark = '') => Buffer.from(mark + text, 'utf16le')
const swapped = (text: string, mark = '') => utf16(text, mark).swap16()
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const bom = '\uFEFF'
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
const pointer = (content: string, size = content.length) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${size}\n`
const blobId = (content: string) => createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex')

const python = 'def f(a):\n    return a\n\n\nprint(f(1))\n'
const accents = 's = "é ü — ß"\n'
const conflict = 'a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> topic\nc = 4\n'
const long = 'x = 1\n'.repeat(2000)

describe('one change', () => {
  test.each<[string, string | Buffer, string | Buffer, string, string]>([
    ['LF to CRLF', 'a\nb\n', 'a\r\nb\r\n', 'line-endings', '2 LF became CRLF'],
    ['CRLF to LF', 'a\r\nb\r\n', 'a\nb\n', 'line-endings', '2 CRLF became LF'],
    ['CRLF to CR', 'a\r\nb\r\n', 'a\rb\r', 'line-endings', '2 CRLF became CR'],
    ['LF to mixed', 'a\nb\n', 'a\r\nb\n', 'line-endings', '1 LF became CRLF, and its line ends are mixed now'],
    ['mixed to LF', 'a\r\nb\nc\r', 'a\nb\nc\n', 'line-endings', '1 CRLF became LF, 1 CR became LF'],
    ['CRLF once too often', 'a\r\nb\r\n', 'a\r\r\nb\r\r\n', 'line-endings', '2 CRLF became CR CR LF'],
    ['a BOM', python, bom + python, 'bom', 'a byte order mark (BOM) was put in front'],
    ['two BOMs', python, bom + bom + python, 'bom', '2 byte order marks (BOM) were put in front'],
    ['another BOM', bom + python, bom + bom + python, 'bom', 'a byte order mark (BOM) was put in front'],
    ['no BOM of two', bom + bom + python, python, 'bom', '2 byte order marks (BOM) were taken away'],
    ['no BOM', bom + python, python, 'bom', 'the byte order mark (BOM) was taken away'],
    ['UTF-16', python, utf16(python), 'encoding', 'UTF-8 became UTF-16 (little-endian)'],
    ['UTF-16 and BOM', python, utf16(python, bom), 'encoding', 'UTF-8 became UTF-16 (little-endian, with BOM)'],
    ['big-endian', accents, swapped(accents), 'encoding', 'UTF-8 became UTF-16 (big-endian)'],
    ['big-endian, BOM', python, swapped(python, bom), 'encoding', 'UTF-8 became UTF-16 (big-endian, with BOM)'],
    ['from UTF-16', swapped(python, bom), python, 'encoding', 'UTF-16 (big-endian, with BOM) became UTF-8'],
    ['to latin-1', 's = "é"\n', latin1('s = "é"\n'), 'encoding', 'UTF-8 became latin-1'],
    ['from latin-1', latin1('s = "é"\n'), 's = "é"\n', 'encoding', 'latin-1 became UTF-8'],
    ['to cp1252', 's = "–"\n', latin1('s = "\x96"\n'), 'encoding', 'UTF-8 became cp1252'],
    [
      'double UTF-8',
      accents,
      bytes(accents).toString('latin1'),
      'encoding',
      'UTF-8 was encoded as UTF-8 twice (read as latin-1 in between)',
    ],
    ['mojibake', 's = "’"\n', 's = "â€™"\n', 'encoding', 'UTF-8 was read as cp1252 and written as UTF-8 (mojibake)'],
    [
      'mojibake mended',
      's = "â€™"\n',
      's = "’"\n',
      'encoding',
      'what had been so was mended: UTF-8 was read as cp1252 and written as UTF-8 (mojibake)',
    ],
    ['cut', long, long.slice(0, 4097), 'truncated', 'cut at byte 4097 of 12000'],
    ['cut at a page', long, long.slice(0, 8192), 'truncated', 'cut at byte 8192 of 12000, a multiple of 4096'],
    ['cut at a sector', long, long.slice(0, 4608), 'truncated', 'cut at byte 4608 of 12000, a multiple of 512'],
    ['cut to nothing', python, '', 'truncated', `nothing is left of ${python.length} bytes`],
    ['padded', 'x = 1\n', 'x = 1\n\0\0\0', 'nul-bytes', '3 NUL bytes put in at its end'],
    ['padding gone', 'x = 1\n\0\0\0', 'x = 1\n', 'nul-bytes', '3 NUL bytes taken out'],
    [
      'its end never written',
      long,
      long.slice(0, 8000) + '\0'.repeat(4000),
      'nul-bytes',
      'from byte 8000 of 12000 on, 4000 NUL bytes stand in place of the rest',
    ],
    ['never written', 'x = 1\n', '\0'.repeat(6), 'nul-bytes', 'all 6 bytes are NUL'],
    ['a NUL within', 'x = 1\n', 'x =\0 1\n', 'nul-bytes', '1 NUL byte put in'],
    [
      'LFS, fetched',
      pointer(python),
      python,
      'lfs-pointer',
      'the Git LFS pointer became the content that it stands for',
    ],
    [
      'LFS, not fetched',
      python,
      pointer(python),
      'lfs-pointer',
      'the Git LFS pointer stands in place of the content: git-lfs did not fetch it',
    ],
    [
      '$Id$',
      '# $Id$\n',
      `# $Id: ${blobId('# $Id$\n')} $\n`,
      'ident',
      '$Id$ was expanded in 1 place, to the blob id of the bytes before',
    ],
    [
      'another $Id$',
      '# $Id$\n',
      `# $Id: ${'a'.repeat(40)} $\n`,
      'ident',
      '$Id$ was expanded in 1 place, to another blob id',
    ],
    ['$Id$ collapsed', `# $Id: ${'a'.repeat(64)} $\n`, '# $Id$\n', 'ident', '$Id$ was collapsed in 1 place'],
    [
      'export-subst',
      'v = "$Format:%H$" # $Format:%an, %ad$\n',
      `v = "${'b'.repeat(40)}" # A. N. Author, Thu Jan 1\n`,
      'export-subst',
      '$Format:…$ was filled in at 2 places',
    ],
    ['NFC', 'é = 1\n'.normalize('NFD'), 'é = 1\n', 'unicode-normalization', 'its characters were composed (NFC)'],
    [
      'NFD',
      'é = 1\n',
      'é = 1\n'.normalize('NFD'),
      'unicode-normalization',
      'its characters were composed (NFC) and are no longer',
    ],
    ['blanks', 'a \nb\n', 'a\nb\n', 'trailing-whitespace', 'only blanks at the end of 1 line differ'],
    [
      'no last line break',
      'a\nb\n',
      'a\nb',
      'trailing-whitespace',
      'only blank lines or a line break at the end of the file differ',
    ],
    [
      'blank lines',
      'a\nb',
      'a\t\nb\n\n \n',
      'trailing-whitespace',
      'only blanks at the end of 1 line and blank lines or a line break at the end of the file differ',
    ],
    [
      'a conflict',
      'a = 1\nb = 2\nc = 4\n',
      conflict,
      'conflict-markers',
      'merge conflict markers at line 2; our side gives the bytes before',
    ],
    [
      'a conflict, their side',
      'a = 1\nb = 3\nc = 4\n',
      conflict,
      'conflict-markers',
      'merge conflict markers at line 2; their side gives the bytes before',
    ],
    [
      'a conflict decided',
      conflict,
      'a = 1\nb = 3\nc = 4\n',
      'conflict-markers',
      'merge conflict markers at line 2 taken out: their side was kept',
    ],
  ])('%s', (_name, before, after, change, says) => {
    expect(explainBytes(bytes(before), bytes(after))).toEqual({ change, changeDetail: { says } })
  })
})

describe('two changes together', () => {
  test.each<[string, string | Buffer, string | Buffer, string, string]>([
    ['two BOMs and CRLF', 'a\nb\n', `${bom}${bom}a\r\nb\r\n`, 'line-endings', 'bom'],
    ['BOM and CRLF', 'a\nb\n', `${bom}a\r\nb\r\n`, 'line-endings', 'bom'],
    ['what PowerShell makes', python, utf16(python.replaceAll('\n', '\r\n'), bom), 'line-endings', 'encoding'],
    ['CRLF and cut', long, long.slice(0, 600).replaceAll('\n', '\r\n'), 'truncated', 'line-endings'],
    ['CRLF and a blank', 'a\nb\n', 'a\r\nb \r\n', 'trailing-whitespace', 'line-endings'],
    ['cut and padded', python, `${python.slice(0, 12)}\0\0\0`, 'truncated', 'nul-bytes'],
  ])('%s', (_name, before, after, change, and) => {
    expect(explainBytes(bytes(before), bytes(after))).toMatchObject({ change, changeDetail: { and } })
  })
})

describe('near misses', () => {
  test.each<[string, string | Buffer, string | Buffer]>([
    ['CRLF and an edit', 'a\nb\nc\n', 'a\r\nB\r\nc\r\n'],
    ['a line more', 'a\n', 'a\nb\n'],
    ['a line taken from the middle', 'a\nb\nc\n', 'a\nc\n'],
    ['a prefix but for one byte', long, `${long.slice(0, 4095)}!`],
    ['a pointer to another content', pointer(python), `${python}#\n`],
    ['a pointer with another size', pointer(python, 3), python],
    ['a pointer that became another', pointer('a'), pointer('b')],
    ['an $Id$ that is no digest', '# $Id$\n', '# $Id: main.py,v 1.4 $\n'],
    ['an $Id$ and an edit', '# $Id$\nx = 1\n', `# $Id: ${'a'.repeat(40)} $\nx = 2\n`],
    ['a placeholder written by hand', 'v = "$Format:%H$"\n', 'v = "1.0"\n'],
    ['a placeholder and an edit', 'v = "$Format:%H$"\nx = 1\n', `v = "${'b'.repeat(40)}"\nx = 2\n`],
    ['a blank within', 'a b\n', 'a  b\n'],
    ['an indent', 'if x:\n    y\n', 'if x:\n\ty\n'],
    ['NFD and an edit', 'é = 1\n', 'é = 2\n'.normalize('NFD')],
    ['characters replaced', 's = "é"\n', 's = "?"\n'],
    ['characters replaced by U+FFFD', 's = "é"\n', 's = "\uFFFD"\n'],
    ['a conflict with edits around it', 'a = 0\nb = 2\nc = 4\n', conflict],
    ['a bare line of equals signs', 'a\n', 'a\n=======\n'],
    ['a byte', 'x = 1\n', 'x = 2\n'],
  ])('%s', (_name, before, after) => {
    expect(explainBytes(bytes(before), bytes(after)).change).toBe('rewritten')
  })
})

describe('what is shown of a rewriting', () => {
  test('the lines that differ, with their ends, and one around', () => {
    const { changeDetail } = explainBytes(bytes('a\nb\nc\nd\n'), bytes('a\nb\nC\r\nd\n'))
    expect(changeDetail).toEqual({
      says: '1 line taken out, 1 put in',
      hunks: [
        {
          beforeLine: 2,
          afterLine: 2,
          lines: [
            { kind: 'same', text: 'b\n' },
            { kind: 'removed', text: 'c\n' },
            { kind: 'added', text: 'C\r\n' },
            { kind: 'same', text: 'd\n' },
          ],
        },
      ],
    })
  })

  test('line ends that changed throughout are told apart from what else differs', () => {
    const { changeDetail } = explainBytes(bytes('a\nb\nc\n'), bytes('a\r\nB\r\nc\r\n'))
    expect(changeDetail.says).toBe(
      '1 line taken out, 1 put in; besides, its line ends changed: 3 LF before, 3 CRLF after',
    )
    expect(changeDetail.hunks![0]!.lines.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same'])
  })

  test('conflict markers that stand among other edits are named', () => {
    expect(explainBytes(bytes('z\n'), bytes(conflict)).changeDetail.says).toMatch(/^merge conflict markers at line 2; /)
  })

  test('what git-crypt encrypted is said to be out of reach', () => {
    const { change, changeDetail } = explainBytes(bytes('\0GITCRYPT\0abc'), bytes('x = 1\n'))
    expect(change).toBe('rewritten')
    expect(changeDetail.says).toBe('encrypted by git-crypt before: it cannot be compared without the key')
  })

  test('no more than a few lines of each of a few places, none of them long', () => {
    const before = Array.from({ length: 200 }, (_, i) => `${i}\n`).join('')
    const after = before.replaceAll(/^(\d*0)$/gm, `$1 ${'x'.repeat(1000)}`)
    const { hunks = [] } = explainBytes(bytes(before), bytes(after)).changeDetail
    expect(hunks).toHaveLength(3)
    expect(hunks[1]).toMatchObject({ beforeLine: 10, afterLine: 10 })
    expect(Math.max(...hunks.flatMap(({ lines }) => lines.map(({ text }) => text.length)))).toBeLessThan(170)
  })

  test('files that have nothing in common', () => {
    const of = (letter: string) => bytes(Array.from({ length: 30_000 }, (_, i) => `${letter}${i}\n`).join(''))
    const { says, hunks } = explainBytes(of('a'), of('b')).changeDetail
    expect(says).toBe('more than 50 lines differ, from line 1 on')
    expect(hunks).toHaveLength(1)
  })
})

/** What looks like Python and holds something that each change can change. */
const sources = fc
  .array(fc.constantFrom('import os', 'x = 1', '    return "é"', '# $Id$', 'naïve = "日本"', '', 'if a:', '\tpass'), {
    minLength: 2,
    maxLength: 40,
  })
  .map(lines => `def ü():\n# $Id$ v $Format:%H$\n${lines.join('\n')}\nend = 1\n`)

const mutations: Readonly<Record<string, (text: string, at: number) => string | Buffer>> = {
  'line-endings': text => text.replaceAll('\n', '\r\n'),
  bom: text => bom + text,
  encoding: (text, at) => [utf16(text), swapped(text, bom), bytes(text).toString('latin1')][at % 3]!,
  truncated: (text, at) => bytes(text).subarray(0, at % (bytes(text).length - 4)),
  'nul-bytes': (text, at) => text + '\0'.repeat(1 + (at % 600)),
  'lfs-pointer': text =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(text)}\nsize ${bytes(text).length}\n`,
  ident: text => text.replaceAll('$Id$', `$Id: ${'0f'.repeat(20)} $`),
  'export-subst': text => text.replaceAll('$Format:%H$', 'ab'.repeat(20)),
  'unicode-normalization': text => text.normalize('NFD'),
  'trailing-whitespace': (text, at) => text.replaceAll('\n', `${' '.repeat(1 + (at % 4))}\n`),
  'conflict-markers': text => `${text}<<<<<<< HEAD\n=======\ny = 2\n>>>>>>> topic\n`,
}

describe('each change, on any source, in either direction that it has', () => {
  test.each(Object.entries(mutations))('%s', (kind, mutate) => {
    fc.assert(
      fc.property(sources, fc.nat(), (text, at) => {
        const changed = bytes(mutate(text, at))
        expect(explainBytes(bytes(text), changed).change).toBe(kind)
        const oneWay = ['truncated', 'export-subst']
        if (!oneWay.includes(kind)) expect(explainBytes(changed, bytes(text)).change).toBe(kind)
      }),
      { numRuns: runs(60) },
    )
  })

  test('any bytes have an explanation', () => {
    const any = fc.uint8Array({ maxLength: 60 }).map(each => Buffer.from(each))
    fc.assert(
      fc.property(any, any, (before, after) => {
        fc.pre(!before.equals(after))
        expect(explainBytes(before, after).changeDetail.says).not.toBe('')
      }),
      { numRuns: runs(500) },
    )
  })
})
