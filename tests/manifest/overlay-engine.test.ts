import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { describe, expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import { failureOfTar, imageIn } from '../sources/image/reading-image.ts'
import { needsEngine, severalAtOnce } from '../support/engine.ts'
import { exportedFiles } from '../support/exported-files.ts'
import { imageRecords, type LayerContent, type TarRecord, tarOf } from '../support/images.ts'
import { testNeeding } from '../support/needs.ts'
import { fc, runs } from '../support/random.ts'

const name = fc.constantFrom('a.py', 'b.py', 'c.py')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => ['srv', ...names].join('/'))
/** As builders spell them. */
const spelling = fc.constantFrom('', './', '/')

let contents = 0
const record: fc.Arbitrary<TarRecord> = fc
  .tuple(
    spelling,
    path,
    fc.constantFrom('file', 'file', 'directory', 'symlink', 'link', 'whiteout', 'opaque', 'fifo'),
    path,
  )
  .map(([prefix, at, kind, other]): TarRecord => {
    const place = `${prefix}${at}`
    const [parent, last] = [at.slice(0, at.lastIndexOf('/')), at.slice(at.lastIndexOf('/') + 1)]
    if (kind === 'file') return { name: place, content: `x = ${contents++}\n` }
    if (kind === 'directory') return { name: `${place}/`, type: 'directory' }
    if (kind === 'symlink') return { name: place, type: 'symlink', linkname: other.split('/').at(-1)! }
    if (kind === 'link') return { name: place, type: 'link', linkname: other }
    if (kind === 'whiteout') return { name: `${prefix}${parent}/.wh.${last}` }
    if (kind === 'opaque') return { name: `${place}/.wh..wh..opq` }
    return { name: place, type: 'fifo' }
  })

/**
 * A layer that an engine takes, and all engines in the same way: a hard link leads to a file of it that came before, nothing lies
 * below what it has made no directory, and nothing that it has deleted or made no directory becomes a directory. (Docker lays a
 * layer's own tree over those below, so that in the last case what was below comes back. Whoever applies one record after the other
 * deletes it, and so does the OCI image specification for a whiteout.)
 */
const layer = fc.array(record, { minLength: 1, maxLength: 8 }).map(records => {
  const made = new Map<string, TarRecord['type'] | 'nothing'>()
  const isDirectory = (at: string) => ['directory', undefined].includes(made.get(at))
  return records.flatMap((each): TarRecord[] => {
    const at = each.name.replace(/^(?:\.\/|\/)|\/$/g, '')
    const parents = [...at.matchAll(/\//g)].map(({ index }) => at.slice(0, index))
    if (!parents.every(isDirectory) || (each.type === 'directory' && !isDirectory(at))) return []
    const isLink = each.type === 'link' && made.get(each.linkname!) === 'file' && each.linkname !== at
    const kept: TarRecord = each.type === 'link' && !isLink ? { name: each.name, content: 'linked = 1\n' } : each
    const hidden = at.replace(/\.wh\.(?!\.wh\.)/, '')
    if (hidden !== at && made.has(hidden)) return []
    for (const parent of parents) made.set(parent, 'directory')
    if (hidden !== at) made.set(hidden, 'nothing')
    else if (!at.endsWith('/.wh..wh..opq')) made.set(at, kept.type ?? 'file')
    return [kept]
  })
})

/** What the engine shows below srv in a container of these layers, and what a manifest of them says; null if it refuses them. */
async function bothTrees(docker: Docker, layers: readonly LayerContent[]): Promise<readonly [object, object] | null> {
  const reference = `firstbreak-test:${randomUUID()}`
  const tar = await tarOf(await imageRecords(layers, { tags: [reference] }))
  const answer = String(await buffer(await docker.loadImage(Readable.from([tar]))))
  if (answer.includes('"error"')) return null
  try {
    const container = await docker.createContainer({ Image: reference, Cmd: ['/none'] })
    const shown = await exportedFiles(container, at => /^srv\/.*py$/.test(at)).finally(() => container.remove())
    // The tar that was loaded: an engine does not save again what stands twice in a layer.
    const { python } = await takeManifest(await imageIn(() => tar), 'sha1')
    return [Object.fromEntries(shown), Object.fromEntries([...python].map(([at, { sha256 }]) => [at, sha256]))]
  } finally {
    await docker.getImage(reference).remove({ force: true })
  }
}

testNeeding(needsEngine)('layers are laid over one another as the engine does', async () => {
  const docker = new Docker()
  const images = fc.array(layer, { minLength: 1, maxLength: 4 })
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.array(images, { minLength: 5, maxLength: 5 }), several =>
      severalAtOnce(several, async layers => {
        const trees = await bothTrees(docker, layers)
        if (trees === null) return
        compared += 1
        expect(trees[1]).toEqual(trees[0])
      }),
    ),
    { numRuns: runs(12) },
  )
  // Most of the others make one path two things.
  expect(compared).toBeGreaterThan(10)
})

const real: TarRecord = { name: 'srv/real/', type: 'directory' }
const inReal: TarRecord = { name: 'srv/real/y.py', content: 'y = 1\n' }
const below: TarRecord = { name: 'srv/link/x.py', content: 'x = 1\n' }
const linkTo = (linkname: string): TarRecord => ({ name: 'srv/link', type: 'symlink', linkname })

describe('a record below a symbolic link', () => {
  const cases: readonly (readonly [string, readonly LayerContent[], readonly string[]])[] = [
    ['of its own layer', [[real, linkTo('real'), below]], ['srv/real/x.py']],
    ['of its own layer, from the root', [[real, linkTo('/srv/real'), below]], ['srv/real/x.py']],
    ['of its own layer, to far above', [[real, linkTo('../../../srv/./real'), below]], ['srv/real/x.py']],
    ['of a layer below', [[real, inReal, linkTo('real')], [below]], ['srv/link/x.py', 'srv/real/y.py']],
    [
      'a hard link to one',
      [[real, inReal, linkTo('real'), { name: 'srv/z.py', type: 'link', linkname: 'srv/link/y.py' }]],
      ['srv/real/y.py', 'srv/z.py'],
    ],
    [
      'a whiteout below a file of a layer below',
      [[{ name: 'srv/a.py', content: '1' }], [{ name: 'srv/a.py/.wh.b.py' }]],
      [],
    ],
  ]
  for (const [name, layers, expected] of cases) {
    testNeeding(needsEngine)(name, async () => {
      const trees = await bothTrees(new Docker(), layers)
      expect(trees![1]).toEqual(trees![0])
      expect(Object.keys(trees![1]).sort()).toEqual(expected)
    })
  }
})

test('links in circles are refused', async () => {
  const layers = [[linkTo('other'), { name: 'srv/other', type: 'symlink', linkname: 'link' } as const, below]]
  const tar = await tarOf(await imageRecords(layers))
  expect(await failureOfTar(tar)).toMatch(/^layer 0, "COPY layer-0 \.": its links lead in circles/)
})
