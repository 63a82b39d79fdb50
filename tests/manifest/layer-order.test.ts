import { expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { Path } from '../../src/model/path.ts'
import type { Entry, Source } from '../../src/model/source.ts'
import { imageStage, memorySource, type Written } from '../support/memory-source.ts'
import { fc, runs } from '../support/random.ts'

const path = fc
  .array(fc.constantFrom('a.py', 'b', 'c.txt', 'd.pyc'), { minLength: 1, maxLength: 3 })
  .map(names => names.join('/'))
let contents = 0
const record = fc
  .tuple(path, fc.constantFrom('file', 'script', 'link', 'symlink', 'directory', 'special', 'whiteout', 'opaque'), path)
  .map(([at, kind, other]): readonly [string, Written] => {
    if (kind === 'file') return [at, `x = ${contents++}\n`]
    if (kind === 'script') return [at, `#!/usr/bin/python\nx = ${contents++}\n`]
    if (kind === 'link') return [at, { kind: 'hardlink', target: other as Path }]
    if (kind === 'symlink') return [at, { kind, target: Buffer.from(other) }]
    return [at, { kind } as Written]
  })
const layers = fc.array(fc.array(record, { minLength: 1, maxLength: 10 }), { minLength: 2, maxLength: 5 })

/** The same source, with its layers in another order. */
function reordered({ stage, entries }: Source, order: readonly number[]): Source {
  return {
    stage,
    async *entries(only) {
      const all: Entry[] = []
      for await (const entry of entries(only)) all.push(entry)
      for (const layer of order) yield* all.filter(entry => entry.layer === layer)
    },
  }
}

/** As JSON, or the message of its failure. */
async function manifestOf(source: Source): Promise<string> {
  try {
    const { python, bytecode, deleted, ...manifest } = await takeManifest(source, 'sha1')
    const sorted = [bytecode, deleted].map(map => [...map].sort(([a], [b]) => (a < b ? -1 : 1)))
    return JSON.stringify({ ...manifest, python: [...python], sorted })
  } catch (error) {
    return (error as Error).message
  }
}

test('a medium may hold its layers in any order', async () => {
  const shuffled = layers.chain(each =>
    fc.record({
      layers: fc.constant(each),
      order: fc.shuffledSubarray([...each.keys()], { minLength: each.length, maxLength: each.length }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ layers, order }) => {
      const source = memorySource(imageStage, ...layers)
      expect(await manifestOf(reordered(source, order))).toBe(await manifestOf(source))
    }),
    { numRuns: runs(400) },
  )
})
