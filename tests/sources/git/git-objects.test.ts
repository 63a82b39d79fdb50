import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rootPath } from '../../../src/model/path.ts'
import { type GitObjects, gitObjects } from '../../../src/sources/git/git-objects.ts'
import { gitTree } from '../../../src/sources/git/git-tree.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const absent = 'f'.repeat(40)
const large = 'x'.repeat(300_000)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let objects: GitObjects
const ids: Record<string, string> = {}

beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(folder.path, { a: 'of a', b: '', c: large, d: 'of d' })
  for (const name of 'abcd') ids[name] = await git(folder.path, 'rev-parse', `HEAD:${name}`)
  objects = gitObjects(await openRepository(folder.path))
})
afterEach(async () => {
  await objects[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** Opens each in turn, having said what was likely to follow: `b cd` is b, then perhaps c and d. What is in capitals is left unread. */
async function read(...turns: readonly string[]): Promise<string[]> {
  const bodies: string[] = []
  for (const turn of turns) {
    const [name = '', next = ''] = turn.split(' ')
    const idOf = (letter: string) => ids[letter] ?? absent
    const section = await objects.open(idOf(name.toLowerCase()), [...next].map(idOf))
    if (name === name.toLowerCase()) bodies.push((await buffer(section.body())).toString('latin1'))
  }
  return bodies
}

test.each<[string, string[], string[]]>([
  ['what was announced', ['a bcd', 'b cd', 'c d', 'd'], ['of a', '', large, 'of d']],
  ['what was not announced', ['a', 'b', 'd', 'c'], ['of a', '', 'of d', large]],
  ['some of what was announced', ['a bcd', 'd'], ['of a', 'of d']],
  ['another than was announced', ['a cd', 'b cd', 'c d', 'd'], ['of a', '', large, 'of d']],
  ['in another order', ['a bcd', 'c bd', 'd b', 'b'], ['of a', large, 'of d', '']],
  ['the same twice', ['a aab', 'a ab', 'a b', 'b'], ['of a', 'of a', 'of a', '']],
  ['past what nobody read', ['A bcd', 'b cd', 'C d', 'd'], ['', 'of d']],
  ['past what git does not have', ['a xbd', 'b d', 'd'], ['of a', '', 'of d']],
])('%s is read', async (_name, turns, expected) => expect(await read(...turns)).toEqual(expected))

test('what git does not have is missing only when it is opened', async () => {
  expect(await read('a xb')).toEqual(['of a'])
  await expect(read('x b')).rejects.toThrow(`git does not have the object ${absent}`)
  expect(await read('b')).toEqual([''])
})

test('a tree larger than what is asked ahead is read whole, whichever of its files are read', async () => {
  await using other = await temporaryFolder()
  const names = Array.from({ length: 400 }, (_, i) => `f${i}.${['py', 'txt', 'md'][i % 3]}`)
  await makeRepository(other.path, Object.fromEntries(names.map(name => [name, `# ${name}\n`])))
  const source = await gitTree(await openRepository(other.path), 'HEAD', rootPath)
  for (const isRead of [() => true, (_: string, i: number) => i % 7 > 2, (path: string) => path.endsWith('.py')]) {
    let count = 0
    for await (const entry of source.entries()) {
      if (entry.kind !== 'file' || !isRead(entry.path, count++)) continue
      expect((await buffer(entry.body())).toString()).toBe(`# ${entry.path}\n`)
    }
    expect(count).toBe(names.length)
  }
})
