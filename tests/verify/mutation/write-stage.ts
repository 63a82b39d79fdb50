import { rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipOf } from '../../support/archives.ts'
import { saveImage, type TarRecord, tarOf } from '../../support/images.ts'
import { type Committed, type Damage, type Held, isBytes, type Medium } from './damages.ts'

export interface Writing {
  readonly at: (name: string) => string
  readonly repository: string
  readonly committed: Committed
  readonly damages: readonly Damage[]
  readonly layers: ReadonlyMap<Damage, number | null>
}

/** Brings the damage to its stage; what to pass for that. */
export async function writeStage(medium: Medium, writing: Writing): Promise<string[]> {
  const { at, repository, damages } = writing
  if (medium === 'worktree') {
    for (const { held } of damages) {
      for (const [path, content] of Object.entries(held)) await writeHeld(join(repository, path), content)
    }
    return ['--upload', 'none']
  }
  if (medium === 'image') {
    await saveImage(at('image.tar'), imageLayers(writing), { workingDirectory: '/app' })
    return ['--upload', 'none', '--image', at('image.tar')]
  }
  const records = archiveRecords(writing)
  const bytes =
    medium === '.tgz'
      ? gzipSync(await tarOf(records))
      : await zipOf(Object.fromEntries(records.map(({ name, content }) => [name, content!])))
  await writeFile(at(`source${medium}`), bytes)
  return ['--upload', at(`source${medium}`)]
}

async function writeHeld(file: string, content: Held): Promise<void> {
  await rm(file, { force: true })
  if (isBytes(content)) await writeFile(file, content)
  else if (content !== null) await symlink(content.link, file)
}

function recordOf(name: string, held: Exclude<Held, null>): TarRecord {
  return isBytes(held) ? { name, content: held } : { name, type: 'symlink', linkname: held.link }
}

function archiveRecords({ committed, damages }: Writing): TarRecord[] {
  const held = Object.assign({}, ...damages.map(({ held }) => held)) as Record<string, Held>
  const whole = [...committed.now].filter(([path]) => !(path in held)).map(([path, bytes]) => recordOf(path, bytes))
  const links = [...committed.links].filter(([path]) => !(path in held)).map(([path, link]) => recordOf(path, { link }))
  const firsts = damages.flatMap(({ held, firstBytes }) =>
    firstBytes === undefined ? [] : recordOf(Object.keys(held)[0]!, firstBytes),
  )
  return [
    ...whole,
    ...links,
    ...firsts,
    ...Object.entries(held).flatMap(([path, each]) => (each === null ? [] : recordOf(path, each))),
  ]
}

/** A base, what is copied as it is committed, and two layers that damage some of it. */
function imageLayers({ committed, damages, layers }: Writing): TarRecord[][] {
  const copied = [
    ...[...committed.now].map(([path, bytes]) => recordOf(`app/${path}`, bytes)),
    ...[...committed.links].map(([path, link]) => recordOf(`app/${path}`, { link })),
  ]
  const damaging = [2, 3].map(layer => [
    // Each holds something, also where no damage fell to it.
    recordOf(`etc/layer-${layer}`, Buffer.from('x')),
    ...damages
      .filter(damage => layers.get(damage) === layer)
      .flatMap(({ held, firstBytes }) =>
        Object.entries(held).flatMap(([path, each]) => {
          const whiteout = { name: `app/${dirname(path)}/.wh.${path.slice(dirname(path).length + 1)}`, content: '' }
          const first = firstBytes === undefined ? [] : [recordOf(`app/${path}`, firstBytes)]
          return each === null ? [whiteout] : [...first, recordOf(`app/${path}`, each)]
        }),
      ),
  ])
  return [[recordOf('etc/os-release', Buffer.from('ID=none\n'))], copied, ...damaging]
}
