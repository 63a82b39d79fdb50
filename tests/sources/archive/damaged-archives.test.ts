import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect } from 'vitest'
import { takeManifest } from '../../../src/manifest/take-manifest.ts'
import { rootPath } from '../../../src/model/path.ts'
import { archive } from '../../../src/sources/archive/archive.ts'
import { type Need, testNeeding } from '../../support/needs.ts'
import { git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { lines } from '../reading.ts'

const { stdout = '' } = await execa('python3', ['--version'], { reject: false })
const python: Need = { name: 'Python 3', present: /^Python 3/.test(stdout) }

const files = { 'app/main.py': 'import os\n\nprint(os.name)\n', 'run.py': 'x = 1\n' }

/** As gcloud packs, by Python's own modules: directories first, dated to the fraction of a second. */
const packers: Readonly<Record<string, string>> = {
  '.tgz of gcloud': [
    'import sys, tarfile',
    'with tarfile.open(sys.argv[1], "w:gz") as tar:',
    '    for name in ["app", "app/main.py", "run.py"]:',
    '        tar.add(name, recursive=False)',
  ].join('\n'),
  '.zip of gcloud': [
    'import sys, zipfile',
    'with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:',
    '    for name in ["app", "app/main.py", "run.py"]:',
    '        z.write(name)',
  ].join('\n'),
}

interface Packed {
  readonly name: string
  readonly need: Need
  readonly pack: (folder: string, file: string) => Promise<unknown>
}

const always: Need = { name: 'git', present: true }

const archives: readonly Packed[] = [
  ...Object.entries(packers).map(([name, script]) => ({
    name,
    need: python,
    pack: (folder: string, file: string) => execa('python3', ['-c', script, file], { cwd: folder }),
  })),
  ...['tar', 'tar.gz', 'zip'].map(format => ({
    name: `.${format} of git archive`,
    need: always,
    pack: (folder: string, file: string) => git(folder, 'archive', `--format=${format}`, '-o', file, 'HEAD'),
  })),
]

async function packed({ pack }: Packed) {
  const folder = await temporaryFolder()
  await makeRepository(join(folder.path, 'source'), files)
  await writeFiles(join(folder.path, 'source'), files)
  const file = join(folder.path, 'archive')
  await pack(join(folder.path, 'source'), file)
  return { file, bytes: await readFile(file), [Symbol.asyncDispose]: folder[Symbol.asyncDispose] }
}

/** What is found in it, or that it is not read. */
async function found(file: string): Promise<readonly string[] | string> {
  try {
    return await lines(await archive(file, rootPath))
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe.each(archives)('a $name', packing => {
  testNeeding(packing.need)('cut off after any byte is not read', async () => {
    await using made = await packed(packing)
    const whole = await found(made.file)
    expect(whole).toContain('file run.py = x = 1\n')
    // The end of a tar is marked; git fills the last ten kilobytes with whole blocks of zeros, which hold nothing.
    const isTar = packing.name.startsWith('.tar of')
    const end = isTar ? Math.ceil(made.bytes.findLastIndex(byte => byte !== 0) / 512) * 512 + 1024 : made.bytes.length
    for (let size = made.bytes.length - 1; size >= 0; size -= size > end + 1024 ? 64 : 1) {
      await truncate(made.file, size)
      const isPadding = size >= end && size % 512 === 0
      expect(await found(made.file), `${size} bytes`).toEqual(isPadding ? whole : 'archive-unreadable')
    }
  })

  testNeeding(packing.need)('with anything behind it is not read', async () => {
    await using made = await packed(packing)
    for (const tail of [Buffer.from('x'), Buffer.from('\0\0x'), Buffer.alloc(512, 'x'), made.bytes]) {
      await writeFile(made.file, Buffer.concat([made.bytes, tail]))
      expect(await found(made.file)).toBe('archive-unreadable')
    }
  })

  if (!packing.name.startsWith('.tar of')) {
    testNeeding(packing.need)('with any byte changed is not read, or holds the same', async () => {
      await using made = await packed(packing)
      const whole = await found(made.file)
      for (let at = 0; at < made.bytes.length; at++) {
        for (const mask of [0xff, 1 << (at % 8)]) {
          const spoilt = Buffer.from(made.bytes)
          spoilt[at]! ^= mask
          await writeFile(made.file, spoilt)
          const answer = await found(made.file)
          if (typeof answer === 'string') expect(answer, `byte ${at}`).toBe('archive-unreadable')
          else expect(answer, `byte ${at} ^ ${mask}`).toEqual(whole)
        }
      }
    })
  }
})

describe('what unpacks to one thing here and to another there is refused', () => {
  const script = (body: string) =>
    [
      'import io, sys, tarfile',
      'tar = tarfile.open(sys.argv[1], "w:gz")',
      'def add(name, type, content=b"", link=""):',
      '    info = tarfile.TarInfo(name); info.type = type; info.size = len(content); info.linkname = link',
      '    tar.addfile(info, io.BytesIO(content))',
      body,
      'tar.close()',
    ].join('\n')

  for (const [name, body] of [
    ['a file below a link', 'add("lib", tarfile.SYMTYPE, link="app"); add("lib/a.py", tarfile.REGTYPE, b"x")'],
    [
      'a link in the place of a folder',
      'add("lib/a.py", tarfile.REGTYPE, b"x"); add("lib", tarfile.SYMTYPE, link="app")',
    ],
    ['a file in the place of a folder', 'add("lib/a.py", tarfile.REGTYPE, b"x"); add("lib", tarfile.REGTYPE, b"y")'],
    ['a hard link to what is not there', 'add("a.py", tarfile.LNKTYPE, link="b.py")'],
    ['a hard link out of it', 'add("a.py", tarfile.LNKTYPE, link="../b.py")'],
  ] as const) {
    testNeeding(python)(name, async () => {
      await using folder = await temporaryFolder()
      const file = join(folder.path, 'a.tgz')
      await execa('python3', ['-c', script(body), file])
      const taking = archive(file, rootPath).then(source => takeManifest(source, 'sha1'))
      await expect(taking).rejects.toMatchObject({
        code: 'archive-unreadable',
        message: expect.stringMatching(/lib|b\.py/),
      })
    })
  }

  testNeeding(python)('links that lead out of it are kept as they are, and followed by nobody', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'a.tgz')
    const body =
      'add("a.py", tarfile.SYMTYPE, link="/etc/passwd"); add("b.py", tarfile.SYMTYPE, link="../../x"); add("f", tarfile.FIFOTYPE)'
    await execa('python3', ['-c', script(body), file])
    const source = await archive(file, rootPath)
    expect(await lines(source)).toEqual(['special f', 'symlink a.py -> /etc/passwd', 'symlink b.py -> ../../x'])
    const { python } = await takeManifest(source, 'sha1')
    expect([...python.values()].map(({ path, kind }) => [path, kind])).toEqual([
      ['a.py', 'symlink'],
      ['b.py', 'symlink'],
    ])
  })
})
