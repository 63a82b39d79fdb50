import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identityOf, openIdentities } from '../../src/interpreters/identities.ts'
import { programAt } from '../../src/interpreters/program-at.ts'
import type { PythonIdentity } from '../../src/interpreters/python-identity.ts'
import { testNeeding } from '../support/needs.ts'
import { needsLinux, writeProgram } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary.ts'

function identity(version: string): PythonIdentity {
  const rest = { cacheTag: '', magic: '00000000', platform: 'linux-x86_64', libc: '', traits: [], compiled: '' }
  return { implementation: 'cpython', version, ...rest }
}

/** Makes the program say that it is this version: of the same size, and, as far as its time tells, not written since. */
async function become(path: string, version: string): Promise<void> {
  await writeProgram(path, { says: JSON.stringify(identity(version)) })
  await utimes(path, 1000, 1000)
}

/** What a run with this cache folder takes the program for. */
async function versionIn(folder: string | null, path: string): Promise<string> {
  const identities = await openIdentities(folder)
  const { version } = await identityOf(await programAt(path), { identities, timeLimit: 10_000 })
  await identities.save()
  return version
}

testNeeding(needsLinux)('a program is asked once, until it is written again; without a folder, each time', async () => {
  await using folder = await temporaryFolder()
  const [path, cache] = [join(folder.path, 'python3'), join(folder.path, 'not/yet/there')]
  await become(path, '3.11.7')
  expect(await versionIn(cache, path)).toBe('3.11.7')
  expect(await versionIn(null, path)).toBe('3.11.7')
  await become(path, '3.12.1')
  expect(await versionIn(cache, path)).toBe('3.11.7')
  expect(await versionIn(null, path)).toBe('3.12.1')
  await utimes(path, 1000, 1000.5)
  expect(await versionIn(cache, path)).toBe('3.12.1')
  await become(path, '3.13.10')
  await utimes(path, 1000, 1000.5)
  expect(await versionIn(cache, path)).toBe('3.13.10')
  expect(await readdir(cache)).toEqual(['interpreters.json'])
})

const damages: readonly (readonly [string, (kept: string) => string])[] = [
  ['cut', kept => kept.slice(0, -20)],
  ['empty', () => ''],
  ['null', () => 'null'],
  ['of another format', kept => kept.replace('"format":1', '"format":99')],
  ['without programs', () => '{"format":1}'],
  ['with other entries', () => '{"format":1,"programs":[null,7,{},{"path":"/x"}]}'],
  ['with a version that is none', kept => kept.replace('3.11.7', '3.11.7 or so')],
  ['with a size that is none', kept => kept.replace(/"size":(\d+)/, '"size":"$1"')],
]

for (const [title, damage] of damages) {
  testNeeding(needsLinux)(`a cache that is ${title} is not believed, and mended`, async () => {
    await using folder = await temporaryFolder()
    const [path, file] = [join(folder.path, 'python3'), join(folder.path, 'interpreters.json')]
    await become(path, '3.11.7')
    await versionIn(folder.path, path)
    const kept = await readFile(file, 'utf8')
    await writeFile(file, damage(kept))
    await become(path, '3.12.1')
    expect(await versionIn(folder.path, path)).toBe('3.12.1')
    expect(await readFile(file, 'utf8')).toBe(kept.replace('3.11.7', '3.12.1'))
  })
}

testNeeding(needsLinux)('a folder that cannot be written to stops nothing, and no half of a file is left', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'python3')
  await become(path, '3.11.7')
  expect(await versionIn(path, path)).toBe('3.11.7')
  await mkdir(join(folder.path, 'cache/interpreters.json'), { recursive: true })
  expect(await versionIn(join(folder.path, 'cache'), path)).toBe('3.11.7')
  expect(await readdir(join(folder.path, 'cache'))).toEqual(['interpreters.json'])
})

test('what is oldest is forgotten first', async () => {
  await using folder = await temporaryFolder()
  const identities = await openIdentities(folder.path)
  const program = (number: number) => ({ path: `/${number}`, size: 1, modified: 1, owner: 0 })
  for (let number = 0; number < 300; number++) identities.remember(program(number), identity('3.11.7'))
  await identities.save()
  const later = await openIdentities(folder.path)
  expect(later.recall(program(43))).toBeNull()
  expect(later.recall(program(44))).toEqual(identity('3.11.7'))
})
