import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { openJudge } from '../../src/interpreters/judge.ts'
import { type Interpreter, minorVersion } from '../../src/model/interpreter.ts'
import { fStrings } from '../diagnosis/f-string-corpus.ts'
import { allPythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { causes, sources } from './sources.ts'

const open = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => open[Symbol.asyncDispose]())

/** There is no native CPython of the others to be held against. */
for (const minor of ['3.10', '3.11', '3.12', '3.13']) {
  const embedded = allPythons.find(each => each.provider === 'embedded' && minorVersion(each.version) === minor)!
  const native = allPythons.find(each => minorVersion(each.version) === minor && testFolder(each) !== null)
  const need = { name: `CPython ${minor} with the tests of its standard library`, present: native !== undefined }

  testNeeding(need)(`embedded ${embedded.version} says of every source what the native one says`, async () => {
    const corpus = new Map([...sources, ...fStringFiles(), ...libraryTests(testFolder(native!)!)])
    expect(corpus.size).toBeGreaterThan(700)
    const disagreeing = await Promise.all(
      [...corpus].map(async ([name, source]) => {
        const [ours, theirs] = await Promise.all([open.judge(source, embedded), open.judge(source, native!)])
        return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [name]
      }),
    )
    expect(disagreeing.flat().sort()).toEqual(
      Object.keys(causes[`${embedded.version} ${native!.version}`] ?? {}).sort(),
    )
  })
}

/** Where a native CPython keeps the tests of its standard library; null where it does not. */
function testFolder({ provider, executable, version }: Interpreter): string | null {
  if (provider !== 'native') return null
  const folder = join(dirname(dirname(executable!)), 'lib', `python${minorVersion(version)}`, 'test')
  return existsSync(join(folder, 'test_grammar.py')) ? folder : null
}

function libraryTests(folder: string): (readonly [string, Buffer])[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.py'))
  return names.map(name => [`test/${name}`, readFileSync(join(folder, name))])
}

function fStringFiles(): (readonly [string, Buffer])[] {
  return Array.from(fStrings, ([name, string]) => [`f-strings/${name}.py`, Buffer.from(`${string}\n`)])
}
