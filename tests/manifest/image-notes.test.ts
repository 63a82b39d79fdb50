import { readdir, readFile, realpath } from 'node:fs/promises'
import { arch } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { Note } from '../../src/model/image-note.ts'
import type { Path } from '../../src/model/path.ts'
import { commitStage, imageStage, memorySource, type Written } from '../support/memory-source.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'

const link = (target: string): Written => ({ kind: 'symlink', target: Buffer.from(target) })
const whiteout = { kind: 'whiteout' } as const
const text = (text: string): Note => ({ kind: 'text', text })
const present: Note = { kind: 'present' }

/** The head of an ELF file for a machine, and the rest. */
function elf(machine: number, rest: string, isLittle = true): Buffer {
  const header = Buffer.alloc(64)
  header.write('\x7fELF\x02', 'latin1')
  header[5] = isLittle ? 1 : 2
  if (isLittle) header.writeUInt16LE(machine, 18)
  else header.writeUInt16BE(machine, 18)
  return Buffer.concat([header, Buffer.from(rest, 'latin1')])
}
const program = (architecture: string | null, version: string | null): Note => ({
  kind: 'program',
  architecture,
  version,
})

type Layers = readonly (readonly (readonly [string, Written])[])[]
const notesOf = async (layers: Layers, started: readonly string[] = []) =>
  Object.fromEntries(
    (await takeManifest(memorySource(imageStage, ...layers), 'sha1', new Set(started as Path[]))).notes,
  )

describe('of an image is noted', () => {
  test.each<[string, Layers, Record<string, Note>]>([
    [
      'its os-release',
      [
        [
          ['etc/os-release', link('../usr/lib/os-release')],
          ['usr/lib/os-release', 'ID=debian\n'],
        ],
      ],
      {
        'etc/os-release': { kind: 'symlink', target: '../usr/lib/os-release' },
        'usr/lib/os-release': text('ID=debian\n'),
      },
    ],
    [
      'a virtual environment',
      [[['srv/.venv/pyvenv.cfg', 'home = /usr/bin\n']]],
      { 'srv/.venv/pyvenv.cfg': text('home = /usr/bin\n') },
    ],
    [
      'a header',
      [[['usr/include/python3.13t/patchlevel.h', '#define']]],
      { 'usr/include/python3.13t/patchlevel.h': text('#define') },
    ],
    [
      'what its libc is',
      [
        [
          ['lib/ld-musl-x86_64.so.1', elf(62, '')],
          ['lib64/ld-linux-x86-64.so.2', link('a')],
          ['usr/lib/x86_64-linux-gnu/libc.so.6', elf(62, '')],
          ['opt/x/libc.so.6', ''],
        ],
      ],
      {
        'lib/ld-musl-x86_64.so.1': present,
        'lib64/ld-linux-x86-64.so.2': { kind: 'symlink', target: 'a' },
        'usr/lib/x86_64-linux-gnu/libc.so.6': present,
      },
    ],
    [
      'a link that programs may be reached by',
      [
        [
          ['bin', link('usr/bin')],
          ['srv/x', link('y')],
          ['opt/a/lib64', link('lib')],
        ],
      ],
      {
        bin: { kind: 'symlink', target: 'usr/bin' },
        'opt/a/lib64': { kind: 'symlink', target: 'lib' },
      },
    ],
    [
      'a program, and how a script begins',
      [
        [
          ['usr/bin/env', elf(62, 'x')],
          ['usr/bin/serve', `#!/usr/bin/python3\n${'#'.repeat(20_000)}`],
        ],
      ],
      {
        'usr/bin/env': present,
        'usr/bin/serve': text(`#!/usr/bin/python3\n${'#'.repeat(20_000)}`.slice(0, 16 * 1024)),
      },
    ],
    [
      'what is left of layers',
      [
        [
          ['usr/bin/a', '#!a'],
          ['usr/bin/b', '#!b'],
          ['usr/bin/c', '#!c'],
        ],
        [
          ['usr/bin/a', whiteout],
          ['usr/bin/b', '#!B'],
        ],
        [['usr/bin/c', { kind: 'directory' }]],
      ],
      {
        'usr/bin/b': text('#!B'),
      },
    ],
    ['nothing of a file that is no small one', [[['etc/os-release', '#'.repeat(16 * 1024 + 1)]]], {}],
    [
      'nothing of names that only look like them',
      [
        [
          ['etc/os-release/x', ''],
          ['include/python3/patchlevel.h', ''],
          ['srv/libpython3.11.so.txt', ''],
        ],
      ],
      {},
    ],
  ])('%s', async (_name, layers, expected) => expect(await notesOf(layers)).toEqual(expected))

  test('what it starts, wherever that is', async () => {
    const layers = [
      [
        ['start.sh', '#!/bin/sh\nexec python3\n'],
        ['srv/other.sh', 'x'],
      ],
    ] as const
    expect(await notesOf(layers, ['start.sh'])).toEqual({ 'start.sh': text('#!/bin/sh\nexec python3\n') })
  })

  test('nothing of what is no image', async () => {
    const { notes } = await takeManifest(memorySource(commitStage, [['etc/os-release', 'x']]), 'sha1')
    expect([...notes]).toEqual([])
  })
})

test('a file of which a note is taken is read for its digests all the same', async () => {
  const script = `#!/usr/bin/env python3\n${'x = 1\n'.repeat(10_000)}`
  const [noted, plain] = await Promise.all(
    ['usr/bin/serve', 'usr/share/serve'].map(path => takeManifest(memorySource(imageStage, [[path, script]]), 'sha1')),
  )
  expect([...noted!.python.values()][0]).toEqual({ ...[...plain!.python.values()][0], path: 'usr/bin/serve' })
})

describe('a CPython says of itself', () => {
  test.each<[string, Buffer | string, Note]>([
    ['what it is', elf(62, 'x\x003.11.9\x00y'), program('amd64', '3.11.9')],
    ['a pre-release', elf(183, '\x003.11.0rc2\x00'), program('arm64', '3.11.0rc2')],
    ['a build between two releases', elf(40, '\x003.11.9+\x00'), program('arm', '3.11.9')],
    [
      'it at the end of another text, as the linker merges equal ends',
      elf(62, '\x00/opt/3.11.7\x00'),
      program('amd64', '3.11.7'),
    ],
    ['itself over the ends of others', elf(62, '/opt/3.11.7\x00\x003.11.9\x00'), program('amd64', '3.11.9')],
    ['two things', elf(62, '\x003.11.7\x003.11.9\x00'), program('amd64', null)],
    ['only what others are', elf(62, '\x003.12.1\x00\x0013.11.2\x003.11\x003.11.x\x00'), program('amd64', null)],
    ['that it is big-endian', elf(22, '', false), program('s390x', null)],
    ['that it is for a machine without a name', elf(4711, ''), program(null, null)],
    ['nothing, being a script', '#!/bin/sh\n', text('#!/bin/sh\n')],
  ])('%s', async (_name, bytes, expected) => {
    expect(await notesOf([[['usr/bin/python3.11', bytes]]])).toEqual({ 'usr/bin/python3.11': expected })
  })

  const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
  for (const minor of ['2.7', '3.6', '3.9', '3.11', '3.12', '3.13']) {
    testNeeding(needsNative(minor))(`what it is, in truth: ${minor} of this machine`, async () => {
      const { executable, version } = nativePython(minor)!
      const bin = await realpath(executable!)
      const library = join(dirname(bin), '..', 'lib')
      const names = (await readdir(library)).filter(
        name => name.startsWith(`libpython${minor}`) && name.endsWith('.so.1.0'),
      )
      const files = [[`usr/bin/python${minor}`, bin], ...names.map(name => [`usr/lib/${name}`, join(library, name)])]
      const records = await Promise.all(files.map(async ([path, file]) => [path!, await readFile(file!)] as const))
      // In large pieces: these are megabytes.
      const source = memorySource(imageStage, records)
      const notes = Object.values(
        Object.fromEntries((await takeManifest({ ...source, entries: largePieces(records) }, 'sha1')).notes),
      )
      expect(notes.map(note => note.kind === 'program' && note.architecture)).toEqual(
        notes.map(() => architectures[arch()]),
      )
      const said = notes.flatMap(note => (note.kind === 'program' && note.version !== null ? [note.version] : []))
      expect([...new Set(said)]).toEqual([version])
    })
  }
})

function largePieces(records: readonly (readonly [string, Buffer])[]) {
  return async function* () {
    for (const [path, bytes] of records) {
      const body = async function* () {
        for (let at = 0; at < bytes.length; at += 65_521) yield bytes.subarray(at, at + 65_521)
      }
      yield { path: path as Path, layer: 0, kind: 'file', size: bytes.length, blobId: null, body } as const
    }
  }
}
