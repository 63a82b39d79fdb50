import { execFileSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { textOfName } from '../../../src/model/path.ts'
import { readTar } from '../../../src/sources/archive/tar.ts'
import { failureOfImage } from '../../../src/sources/failure.ts'
import { drain } from '../../support/drain.ts'
import { type TarRecord, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const gnuTar = { name: 'GNU tar', present: isGnuTar() }

const anyName = { name: 'file names of any bytes', present: process.platform === 'linux' }

function isGnuTar(): boolean {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU tar')
  } catch {
    return false
  }
}

async function listTar(bytes: AsyncIterable<Uint8Array>, endMayBeMissing = false): Promise<string[]> {
  const lines: string[] = []
  for await (const entry of readTar(bytes, { fail: failureOfImage('x.tar'), endMayBeMissing })) {
    const { kind, name, linkName, size } = entry
    const body = Buffer.concat(await drain(entry.body()))
    expect(body.length).toBe(size)
    lines.push([kind, textOfName(name), textOfName(linkName), body.toString()].join('|'))
  }
  return lines
}

async function* piece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

describe('as GNU tar writes', () => {
  const long = `${'long/'.repeat(30)}${'name'.repeat(20)}.py`
  const formats: readonly [string, readonly string[]][] = [
    ['v7', ['short.py', 'sub/', 'sub/soft', 'sub/hard']],
    ['oldgnu', ['short.py', long, 'sub/', 'sub/soft', 'sub/hard', 'far', 'été.py', 'caf\udce9.py']],
    ['gnu', ['short.py', long, 'sub/', 'sub/soft', 'sub/hard', 'far', 'été.py', 'caf\udce9.py']],
    ['ustar', ['short.py', long, 'sub/', 'sub/soft', 'sub/hard', 'été.py', 'caf\udce9.py']],
    ['posix', ['short.py', long, 'sub/', 'sub/soft', 'sub/hard', 'far', 'été.py', 'caf\udce9.py']],
  ]

  testNeeding(gnuTar, anyName)('every format', async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    await mkdir(join(at(long), '..'), { recursive: true })
    await mkdir(at('sub'))
    await writeFile(at('short.py'), 'x = 1\n')
    await writeFile(at(long), 'y'.repeat(1000))
    await symlink('../short.py', at('sub/soft'))
    await link(at('short.py'), at('sub/hard'))
    await symlink(long, at('far'))
    await writeFile(at('été.py'), '')
    await writeFile(Buffer.concat([Buffer.from(at('caf')), Buffer.from('\xe9.py', 'latin1')]), '')
    const lines: Readonly<Record<string, string>> = {
      'short.py': 'file|short.py||x = 1\n',
      [long]: `file|${long}||${'y'.repeat(1000)}`,
      'sub/': 'directory|sub/||',
      'sub/soft': 'symlink|sub/soft|../short.py|',
      'sub/hard': 'hardlink|sub/hard|short.py|',
      far: `symlink|far|${long}|`,
    }
    for (const [format, names] of formats) {
      const list = Buffer.concat(names.map(name => Buffer.concat([bytesOf(name), Buffer.from('\0')])))
      const options = [`--format=${format}`, '--no-recursion', '--null', '--verbatim-files-from', '--files-from=-']
      execFileSync('tar', ['-cf', at('x.tar'), '-C', folder.path, ...options], { input: list })
      const listed = await listTar(createReadStream(at('x.tar')))
      expect(listed, format).toEqual(names.map(name => lines[name] ?? `file|${name}||`))
    }
  })

  function bytesOf(name: string): Buffer {
    return name.includes('\udce9') ? Buffer.from(name.replace('\udce9', '\xe9'), 'latin1') : Buffer.from(name)
  }

  testNeeding(gnuTar)('a sparse file is refused in every format', async () => {
    await using folder = await temporaryFolder()
    for (const options of [
      ['--format=gnu'],
      ...['0.0', '0.1', '1.0'].map(v => ['--format=posix', `--sparse-version=${v}`]),
    ]) {
      execFileSync('truncate', ['--size=10M', join(folder.path, 'sparse')])
      execFileSync('tar', ['-cSf', join(folder.path, 'x.tar'), '-C', folder.path, ...options, 'sparse'])
      await expect(listTar(createReadStream(join(folder.path, 'x.tar')))).rejects.toThrow(
        '"sparse" is a GNU sparse file',
      )
    }
  })
})

/** Changes bytes of the header at `start` and sets its checksum right. */
function patched(tar: Buffer, start: number, at: number, bytes: Uint8Array): Buffer {
  const copy = Buffer.from(tar)
  copy.set(bytes, start + at)
  copy.fill(' ', start + 148, start + 156)
  const sum = copy.subarray(start, start + 512).reduce((total, byte) => total + byte, 0)
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, start + 148)
  return copy
}

describe('headers', () => {
  const one: readonly TarRecord[] = [{ name: 'a', content: 'body' }]

  test.each<[string, readonly TarRecord[], number, string | Uint8Array, string[]]>([
    ['a size as a binary number', one, 124, Buffer.from('800000000000000000000004', 'hex'), ['file|a||body']],
    ['a size with spaces', one, 124, '          4 ', ['file|a||body']],
    ['a contiguous file', one, 156, '7', ['file|a||body']],
    ['a file of no type', one, 156, '\0', ['file|a||body']],
    ['a directory of no type', [{ name: 'a/' }], 156, '\0', ['directory|a/||']],
    ['an unknown type', one, 156, 'V', ['special|a||body']],
    ['a FIFO that states a size', [{ name: 'a', type: 'fifo' }], 124, '00000001000\0', ['special|a||']],
    [
      'a hard link that states a size',
      [{ name: 'a', type: 'link', linkname: 'b' }],
      124,
      '00000001000\0',
      ['hardlink|a|b|'],
    ],
    ['no prefix outside ustar', one, 257, 'ustar  \0', ['file|a||body']],
  ])('%s', async (_name, records, at, bytes, lines) => {
    const tar = patched(await tarOf(records), 0, at, Buffer.from(bytes as Uint8Array))
    expect(await listTar(piece(tar))).toEqual(lines)
  })

  test.each<[string, number, string | Uint8Array]>([
    ['a negative size', 124, Buffer.alloc(12, 0xff)],
    ['a size beyond counting', 124, Buffer.from(`80${'7f'.repeat(11)}`, 'hex')],
    ['a size that is no number', 124, 'abcdefghijk\0'],
  ])('%s', async (_name, at, bytes) => {
    const tar = patched(await tarOf(one), 0, at, Buffer.from(bytes as Uint8Array))
    await expect(listTar(piece(tar))).rejects.toThrow('it is not a tar')
  })

  test('a wrong checksum, in the first header and later', async () => {
    const tar = await tarOf([...one, { name: 'b' }])
    const [first, second] = [Buffer.from(tar), Buffer.from(tar)]
    first[0] = 0x62
    second[1024] = 0x63
    await expect(listTar(piece(first))).rejects.toThrow('it is not a tar')
    await expect(listTar(piece(second))).rejects.toThrow('it is damaged: a header is not valid')
  })
})

describe('PAX headers', () => {
  test('they hold for one record; empty values and unknown keys say nothing; the last of a key counts', async () => {
    const pax = { path: '', comment: 'x', size: '4' }
    const tar = await tarOf([
      { name: 'a', content: 'body', pax },
      { name: 'b', pax: { path: 'c', 'LIBARCHIVE.x': '1' } },
      { name: 'd' },
    ])
    expect(await listTar(piece(tar))).toEqual(['file|a||body', 'file|c||', 'file|d||'])
  })

  test('a global header says nothing, as in Go', async () => {
    const extended = (await tarOf([{ name: 'a', pax: { path: 'b' } }])).subarray(0, 1024)
    const tar = Buffer.concat([patched(extended, 0, 156, Buffer.from('g')), await tarOf({ 'a.py': '1' })])
    expect(await listTar(piece(tar))).toEqual(['file|a.py||1'])
  })

  test.each([
    ['no length', 'x path=b\n'],
    ['a length that is too large', '99 path=b\n'],
    ['a length that is too small', '2 path=b\n'],
    ['no end of line', '9 path=bb'],
    ['no value', '7 path\n'],
    ['a size that is no number', '10 size=x\n'],
  ])('%s', async (_name, records) => {
    const tar = await tarOf([{ name: 'a', pax: { path: 'b'.repeat(20) } }])
    tar.fill(0, 512, 1024)
    tar.write(records, 512)
    const sized = patched(tar, 0, 124, Buffer.from(`${records.length.toString(8).padStart(11, '0')}\0`))
    await expect(listTar(piece(sized))).rejects.toThrow('an extended header is not valid')
  })

  test('one that is larger than any engine reads', async () => {
    const tar = await tarOf([{ name: 'a', pax: { comment: 'x'.repeat(1024 * 1024) } }])
    await expect(listTar(piece(tar))).rejects.toThrow('an extended header is over 1 MiB')
  })
})

describe('the end', () => {
  test.each([
    ['two zero blocks', 1024, true, true],
    ['one zero block', 512, false, true],
    ['no zero block', 0, false, true],
  ])('%s', async (_name, size, isWhole, isWholeWithoutEnd) => {
    const tar = (await tarOf({ 'a.py': '1' })).subarray(0, 1024 + size)
    const read = (endMayBeMissing: boolean) =>
      listTar(piece(tar), endMayBeMissing).then(
        lines => lines.length === 1,
        () => false,
      )
    expect(await read(false)).toBe(isWhole)
    expect(await read(true)).toBe(isWholeWithoutEnd)
  })

  test('a single zero block amid records is damage', async () => {
    const [one, two] = [await tarOf({ 'a.py': '1' }), await tarOf({ 'b.py': '2' })]
    const tar = Buffer.concat([one.subarray(0, 1536), two])
    await expect(listTar(piece(tar), true)).rejects.toThrow('its end is not marked by two zero blocks')
  })
})

describe('a body', () => {
  const records: readonly TarRecord[] = [
    { name: 'empty.py', content: '' },
    { name: 'short.py', content: 'x = 1\n' },
    { name: 'block.py', content: '#'.repeat(512) },
    { name: 'long.py', content: 'y = 2\n'.repeat(500) },
    { name: 'last.py', content: 'z = 3\n' },
  ]
  const expected = records.map(({ name, content }) => `${name}: ${content}`)

  async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }

  const options = { fail: failureOfImage('x.tar'), endMayBeMissing: false }

  test.each([1, 511, 512, 513, 700, 4096, 1 << 20])('that comes in pieces of %i bytes', async size => {
    const read: string[] = []
    const atHand: boolean[] = []
    for await (const entry of readTar(pieces(await tarOf(records), size), options)) {
      const whole = entry.atHand!()
      atHand.push(whole !== null)
      const body = whole ?? Buffer.concat(await drain(entry.body()))
      read.push(`${textOfName(entry.name)}: ${body.toString()}`)
    }
    expect(read).toEqual(expected)
    // Where nothing is missing; of a long one something is, unless all comes at once.
    expect(atHand[0]).toBe(true)
    expect(atHand[3]).toBe(size === 1 << 20)
  })

  test('is read once, whichever way', async () => {
    const tar = await tarOf(records)
    for await (const entry of readTar(pieces(tar, tar.length), options)) {
      expect(entry.atHand!()).not.toBeNull()
      expect(() => entry.atHand!()).toThrow('a body can be read once')
      await expect(drain(entry.body())).rejects.toThrow('a body can be read once')
    }
  })

  test('that is left alone is passed over', async () => {
    const names: string[] = []
    for await (const entry of readTar(pieces(await tarOf(records), 700), options)) names.push(textOfName(entry.name))
    expect(names).toEqual(records.map(({ name }) => name))
  })
})
