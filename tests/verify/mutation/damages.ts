import { dirname, join } from 'node:path'
import { execaSync } from 'execa'
import { nativePython } from '../../support/native.ts'
import type { Random } from './random.ts'
import { ways } from './ways.ts'

export const media = ['worktree', '.tgz', '.zip', 'image'] as const
export type Medium = (typeof media)[number]

/** What a finding must say; `null` for what it must not have. */
export interface Told {
  readonly code: string
  readonly severity: string
  readonly path: string
  readonly stage: string | null
  readonly change: string | null
  readonly and: string | null
  readonly layer: number | null
}

/** What a stage holds under a path after the damage: bytes, a link, or nothing. */
export type Held = Buffer | { readonly link: string } | null

/** One damaged file: what was done, what the stage holds then, and what must be told of it. */
export interface Damage {
  readonly way: string
  readonly held: Readonly<Record<string, Held>>
  /** Written twice into an archive: the first time with these bytes. */
  readonly firstBytes?: Buffer
  readonly told: (breaks: (bytes: Buffer) => boolean, layer: number | null) => readonly Told[]
}

const codes = {
  worktree: 'uncommitted-change',
  '.tgz': 'altered-in-upload',
  '.zip': 'altered-in-upload',
  image: 'altered-in-image',
} as const
const lost = {
  worktree: 'uncommitted-change',
  '.tgz': 'missing-from-upload',
  '.zip': 'missing-from-upload',
  image: 'missing-from-image',
} as const
const added = {
  worktree: 'uncommitted-change',
  '.tgz': 'uncommitted-change',
  '.zip': 'uncommitted-change',
  image: 'unexpected-in-image',
} as const
const stageOf = { worktree: 'worktree', '.tgz': 'upload', '.zip': 'upload', image: 'image' } as const

/** What stands in the commit, and in the one before it. */
export interface Committed {
  readonly now: Map<string, Buffer>
  readonly before: Map<string, Buffer>
  readonly links: Map<string, string>
}

export const isBytes = (held: Held | undefined): held is Buffer => Buffer.isBuffer(held)

/** Every way of damage at a stage, each on a file of its own, which it commits first. */
export function damagesAt(
  medium: Medium,
  files: Iterator<[string, Buffer]>,
  committed: Committed,
  random: Random,
): Damage[] {
  const next = () => {
    const { value } = files.next()
    return value as [string, Buffer]
  }
  const commit = (path: string, bytes: Buffer) => committed.now.set(path, bytes)
  const stage = stageOf[medium]
  const altered = (path: string, after: Buffer, change: string, and: string | null = null): Damage['told'] => {
    return (breaks, layer) => [
      { code: codes[medium], severity: breaks(after) ? 'error' : 'warning', path, stage, change, and, layer },
    ]
  }
  const gone = (path: string): Told => {
    return { code: lost[medium], severity: 'warning', path, stage, change: 'removed', and: null, layer: null }
  }
  const shown = (path: string) => (medium === 'image' ? `app/${path}` : path)
  const isNew = (path: string, layer: number | null): Told => {
    return { code: added[medium], severity: 'warning', path: shown(path), stage, change: 'added', and: null, layer }
  }
  const sibling = (path: string, suffix: string) => path.replace(/\.py$/, `${suffix}.py`)

  const damages: Damage[] = Object.entries(ways).map(
    ([way, { change, and = null, prepare = (bytes: Buffer) => bytes, damage }]) => {
      const [path, bytes] = next()
      const before = prepare(bytes)
      commit(path, before)
      const after = damage(before, random)
      return { way, held: { [path]: after }, told: altered(path, after, change, and) }
    },
  )

  const [deleted, deletedBytes] = next()
  commit(deleted, deletedBytes)
  damages.push({ way: 'deleted', held: { [deleted]: null }, told: () => [gone(deleted)] })

  // Beside a file of the source: what an image holds elsewhere may be anybody's.
  const [kept, keptBytes] = next()
  commit(kept, keptBytes)
  const [other, otherBytes] = [sibling(kept, '_added'), next()[1]]
  damages.push({
    way: 'added',
    held: { [other]: otherBytes },
    told: (_, layer) => [isNew(other, layer)],
  })

  const [renamed, renamedBytes] = next()
  commit(renamed, renamedBytes)
  const to = sibling(renamed, '_renamed')
  damages.push({
    way: 'renamed',
    held: { [renamed]: null, [to]: renamedBytes },
    // In an image a file is followed to where its bytes are, as a COPY may give it another name.
    told: (_, layer) => (medium === 'image' ? [] : [gone(renamed), isNew(to, layer)]),
  })

  const [older, olderBytes] = next()
  const [, ...rest] = olderBytes.toString('latin1').split('\n')
  const now = Buffer.from(['# it begins otherwise now', ...rest].join('\n'), 'latin1')
  commit(older, now)
  committed.before.set(older, olderBytes)
  damages.push({
    way: 'the bytes of an older commit',
    held: { [older]: olderBytes },
    told: (breaks, layer) => [
      {
        ...altered(older, olderBytes, 'rewritten')(breaks, layer)[0]!,
        ...(medium === 'image' ? { code: 'stale-in-image', severity: 'error' } : {}),
      },
    ],
  })

  const [collided, collidedBytes] = next()
  commit(collided, collidedBytes)
  const twin = join(
    dirname(collided),
    collided
      .slice(dirname(collided).length + 1)
      .toUpperCase()
      .replace('.PY', '.py'),
  )
  const twinBytes = Buffer.concat([collidedBytes, Buffer.from('# another\n')])
  damages.push({
    way: 'another file whose name differs in case',
    held: { [twin]: twinBytes },
    told: (_, layer) => [
      isNew(twin, layer),
      {
        code: 'path-collision',
        severity: 'warning',
        path: shown(twin),
        stage: null,
        change: null,
        and: null,
        layer: null,
      },
    ],
  })

  if (medium !== '.zip') {
    const [target, targetBytes] = next()
    commit(target, targetBytes)
    const link = sibling(target, '_link')
    committed.links.set(link, target.slice(dirname(target).length + 1))
    damages.push({
      way: 'a file in place of a link to the same bytes',
      held: { [link]: targetBytes },
      told: altered(link, targetBytes, 'symlink-dereferenced'),
    })

    const [linked, linkedBytes] = next()
    commit(linked, linkedBytes)
    damages.push({
      way: 'a link in place of the file',
      held: { [linked]: { link: 'nowhere.py' } },
      told: (_, layer) => [
        { code: codes[medium], severity: 'warning', path: linked, stage, change: 'rewritten', and: null, layer },
      ],
    })
  }
  if (medium === '.tgz' || medium === 'image') {
    const [twice, twiceBytes] = next()
    commit(twice, twiceBytes)
    const last = Buffer.concat([twiceBytes, Buffer.from('# the last\n')])
    damages.push({
      way: 'written twice, the last time with other bytes',
      held: { [twice]: last },
      firstBytes: twiceBytes,
      told: altered(twice, last, 'rewritten'),
    })
  }
  if (medium === 'image') {
    const [source, sourceBytes] = next()
    commit(source, sourceBytes)
    const name = source.slice(dirname(source).length + 1).replace(/\.py$/, '')
    const cached = `${dirname(source)}/__pycache__/${name}.cpython-311.pyc`
    damages.push({
      way: 'bytecode of another source',
      held: { [cached]: uncheckedBytecode(Buffer.concat([sourceBytes, Buffer.from('another = 1\n')])) },
      told: (_, layer) => [
        { code: 'stale-bytecode', severity: 'error', path: source, stage, change: null, and: null, layer },
      ],
    })
  }
  return damages
}

/** What CPython makes of a source for itself, to be run without a look into the source beside it. */
function uncheckedBytecode(source: Buffer): Buffer {
  const program = `
import importlib.util, marshal, sys
source = sys.stdin.buffer.read()
code = compile(source, 'm.py', 'exec', dont_inherit=True)
sys.stdout.buffer.write(
    importlib.util.MAGIC_NUMBER + (1).to_bytes(4, 'little') + importlib.util.source_hash(source) + marshal.dumps(code))`
  const { executable } = nativePython('3.11')!
  const { stdout } = execaSync(executable!, ['-I', '-W', 'ignore', '-c', program], {
    input: source,
    encoding: 'buffer',
  })
  return Buffer.from(stdout)
}
