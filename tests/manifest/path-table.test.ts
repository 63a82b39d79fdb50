import { expect, test } from 'vitest'
import { pathTable } from '../../src/manifest/path-table.ts'
import { type Path, parentPath, textOfName } from '../../src/model/path.ts'
import { fc, runs } from '../support/random.ts'

const name = fc
  .uint8Array({ minLength: 1, maxLength: 6 })
  .map(bytes => textOfName(bytes.map(byte => (byte === 0 || byte === 0x2f ? 0x61 : byte))))
const path = fc.array(fc.oneof(name, fc.constantFrom('a', 'b', 'é', '\udce9')), { maxLength: 5 })

test('each path has a number of its own, and is told by it, whatever its bytes are', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 200 }), all => {
      const paths = all.map(names => names.join('/') as Path)
      const table = pathTable()
      const numbers = new Map(paths.map(each => [each, table.enter(each)]))
      expect(new Set(numbers.values()).size).toBe(numbers.size)
      for (const [each, number] of numbers) {
        expect(table.enter(each)).toBe(number)
        expect(table.pathOf(number)).toBe(each)
        expect(table.pathOf(table.parentOf(number))).toBe(parentPath(each))
        expect(number === 0 || table.parentOf(number) < number).toBe(true)
      }
    }),
    { numRuns: runs(100) },
  )
})

test('many paths', () => {
  const table = pathTable()
  const nameOf = (i: number) => `usr/lib/${i % 97}/file-${i}` as Path
  const numbers = Array.from({ length: 50_000 }, (_, i) => table.enter(nameOf(i)))
  expect(table.size()).toBe(1 + 2 + 97 + 50_000)
  expect(numbers.every((number, i) => table.pathOf(number) === nameOf(i) && table.enter(nameOf(i)) === number)).toBe(
    true,
  )
})
