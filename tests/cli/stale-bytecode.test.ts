import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage, type TarRecord } from '../support/images.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const time = 1_700_000_000

type Mode = 'timestamp' | 'unchecked-hash' | 'checked-hash'

/** What a real CPython makes of a source that it finds with this time. */
async function pyc(minor: string, source: string, mode: Mode = 'timestamp', optimize = 0): Promise<Buffer> {
  await using folder = await temporaryFolder()
  const script = `
import os, py_compile, sys
open('a.py', 'w').write(sys.argv[1]); os.utime('a.py', (${time}, ${time}))
mode = getattr(py_compile.PycInvalidationMode, sys.argv[2].replace('-', '_').upper())
file = py_compile.compile('a.py', doraise=True, invalidation_mode=mode, optimize=int(sys.argv[3]))
sys.stdout.buffer.write(open(file, 'rb').read())`
  const { executable } = nativePython(minor)!
  const args = ['-I', '-c', script, source, mode, String(optimize)]
  const { stdout } = await execa(executable!, args, { cwd: folder.path, encoding: 'buffer' })
  return Buffer.from(stdout)
}

const at = (name: string, content: string | Uint8Array, pax?: TarRecord['pax']): TarRecord => ({
  name,
  content,
  mtime: new Date(time * 1000),
  ...(pax === undefined ? {} : { pax }),
})

/** The findings of stale bytecode by path, and the theory. */
async function look(files: Files, image: readonly TarRecord[], environment: readonly string[] = [], ...more: string[]) {
  await using folder = await temporaryFolder()
  const repository = join(folder.path, 'repository')
  await makeRepository(repository, files)
  const version = nativePython('3.11')!.version
  await saveImage(join(folder.path, 'image.tar'), [image], {
    workingDirectory: '/app',
    environment: [`PYTHON_VERSION=${version}`, ...environment],
  })
  const args = ['--image', '../image.tar', '--interpreters', 'native', '--format', 'json', ...more]
  const { out, err } = await firstbreak(repository, args)
  expect(err).toBe('')
  const { findings, hypotheses } = JSON.parse(out)
  const stale = findings.filter(({ code }: { code: string }) => code === 'stale-bytecode')
  return {
    found: stale.map(
      ({ path, severity, evidence }: Record<string, Record<string, string>>) =>
        `${severity} ${path} ${evidence?.bytecode} ${evidence?.imagePath}`,
    ),
    theory: hypotheses.find(({ id }: { id: string }) => id === 'stale-bytecode'),
  }
}

/** Which of these modules of the package `app` CPython 3.11 runs as they were, when it finds them as the image has them. */
async function runningOld(image: readonly TarRecord[], names: readonly string[]): Promise<string[]> {
  await using folder = await temporaryFolder()
  for (const { name, content = '', mtime } of image) {
    const file = join(folder.path, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    await utimes(file, mtime!, mtime!)
  }
  const script = `import sys, importlib, json; sys.path[:0] = ['app']
print(json.dumps([n for n in sys.argv[1:] if importlib.import_module('app.' + n).value == 'old']))`
  const { executable } = nativePython('3.11')!
  const { stdout } = await execa(executable!, ['-I', '-B', '-c', script, ...names], { cwd: folder.path })
  return JSON.parse(stdout)
}

const [now, old] = ['value = "new"\n', 'value = "old"\n']
const kept = { 'app/kept.py': 'kept = 1\n' }
const cached = (name: string) => `app/app/__pycache__/${name}.cpython-311.pyc`

testNeeding(needsNative('3.11', '3.12'))(
  'bytecode of another source that Python would run, and such as it would not',
  async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const files = { ...kept, ...Object.fromEntries(names.map(name => [`app/${name}.py`, `# ${name}\n${now}`])) }
    const was = (name: string) => `# ${name}\n${old}`
    const image = [
      ...Object.entries(files).map(([path, source]) => at(`app/${path}`, source)),
      at(cached('kept'), await pyc('3.11', 'kept = 1\n')),
      at(cached('a'), await pyc('3.11', was('a'))),
      at(cached('b'), await pyc('3.11', was('b'), 'unchecked-hash')),
      at(cached('c'), await pyc('3.11', was('c'), 'checked-hash')),
      at(cached('d'), await pyc('3.11', `${was('d')}\n`)), // of another size
      at(cached('e'), await pyc('3.12', was('e'))), // of another magic number
      at('app/app/__pycache__/f.cpython-312.pyc', await pyc('3.12', was('f'))),
      at('app/app/g.pyc', await pyc('3.11', was('g'))), // behind g.py
    ]
    expect(await runningOld(image, names)).toEqual(['a', 'b'])
    const { found, theory } = await look(files, image)
    expect(found).toEqual([`error app/a.py timestamp /${cached('a')}`, `error app/b.py unchecked-hash /${cached('b')}`])
    expect(theory).toEqual({
      id: 'stale-bytecode',
      explains: 2,
      state: 'confirmed',
      evidence: expect.stringMatching(
        /^2 files of 6 \.pyc that CPython 3\.11\.\d+ would find made of another source, and run$/,
      ),
    })
  },
)

testNeeding(needsNative('3.11'))('bytecode of the source itself, and none', async () => {
  const files = { ...kept, 'app/a.py': now }
  const sources = Object.entries(files).map(([path, source]) => at(`app/${path}`, source))
  const made = [
    at(cached('a'), await pyc('3.11', now)),
    at(cached('kept'), await pyc('3.11', 'kept = 1\n', 'unchecked-hash')),
  ]
  const compiled = await look(files, [...sources, ...made])
  expect(compiled.found).toEqual([])
  expect(compiled.theory).toMatchObject({ state: 'refuted', evidence: expect.stringMatching(/^none of 2 \.pyc/) })
  const plain = await look(files, sources)
  expect(plain.theory).toMatchObject({ state: 'refuted', evidence: expect.stringMatching(/^no \.pyc/) })
})

testNeeding(needsNative('3.11'))(
  'the time of a PAX header, optimised bytecode, and a folder of its own for it',
  async () => {
    const files = { ...kept, 'app/a.py': now }
    const sources = [at('app/app/a.py', now, { mtime: `${time}.75` }), at('app/app/kept.py', 'kept = 1\n')]
    const stale = await pyc('3.11', old, 'timestamp', 2)
    const optimised = 'app/app/__pycache__/a.cpython-311.opt-2.pyc'
    expect((await look(files, [...sources, at(optimised, stale)])).found).toEqual([])
    expect((await look(files, [...sources, at(optimised, stale)], ['PYTHONOPTIMIZE=2'])).found).toEqual([
      `error app/a.py timestamp /${optimised}`,
    ])
    const elsewhere = 'var/pyc/app/app/a.cpython-311.pyc'
    const { found } = await look(
      files,
      [...sources, at(elsewhere, await pyc('3.11', old))],
      ['PYTHONPYCACHEPREFIX=/var/pyc'],
    )
    expect(found).toEqual([`error app/a.py timestamp /${elsewhere}`])
  },
)

testNeeding(needsNative('3.11'))('bytecode without a source beside it', async () => {
  const files = { ...kept, 'app/a.py': now, 'app/b.py': `b = 1\n${now}` }
  const image = [
    at('app/app/kept.py', 'kept = 1\n'),
    at('app/app/a.pyc', await pyc('3.11', old)),
    at('app/app/b.pyc', await pyc('3.11', `b = 1\n${now}`)),
  ]
  expect((await look(files, image)).found).toEqual(['error app/a.py sourceless /app/app/a.pyc'])
})

testNeeding(needsNative('3.11'))(
  'a source that does not compile has made no bytecode, and one that cannot be read tells nothing',
  async () => {
    const source = 'value = (new\n'
    const files = { ...kept, 'app/a.py': source, 'app/b.py': `# b\n${now}` }
    const stale = await pyc('3.11', 'value = "n"\n')
    stale.writeUInt32LE(source.length, 12)
    const broken = Buffer.concat([(await pyc('3.11', `# b\n${now}`)).subarray(0, 16), Buffer.from('broken')])
    const image = [
      ...Object.entries(files).map(([path, content]) => at(`app/${path}`, content)),
      at(cached('a'), stale),
      at(cached('b'), broken),
    ]
    expect((await look(files, image)).found).toEqual([`error app/a.py timestamp /${cached('a')}`])
    const { theory } = await look(
      files,
      image.filter(({ name }) => name !== cached('a')),
    )
    expect(theory).toMatchObject({ state: 'not-examined', evidence: expect.stringContaining('of 1 of 1 .pyc') })
  },
)
