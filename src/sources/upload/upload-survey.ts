import { realpath } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { baseName, comparePaths, type Path, parentPath, rootPath } from '../../model/path.ts'
import type { FolderKind, UploadFolder, UploadObstacle, UploadSurvey } from '../../model/upload.ts'
import { systemName } from '../disk.ts'
import type { Member } from './upload-members.ts'
import { obstacleOf } from './upload-obstacle.ts'
import { placeIn, type Upload } from './upload-walk.ts'

/** Sums an upload up, member by member in the order of the walk. */
export interface Surveyor {
  readonly add: (member: Member) => Promise<void>
  readonly survey: () => UploadSurvey
}

/** Keeps what it needs of each folder, and of no file but the odd ones. */
export function surveyor(upload: Upload): Surveyor {
  const folders = folderTotals()
  const secrets: Path[] = []
  const outside: Path[] = []
  const obstacles: UploadObstacle[] = []
  return {
    async add(member) {
      const { path, stats, stays, record } = member
      if (stays !== null) return
      const reason = await obstacleOf(upload, member)
      if (reason !== null) obstacles.push({ path, reason })
      if (record.kind === 'directory') return folders.open(path)
      folders.count(path, record.kind === 'file' ? record.size : 0)
      if (baseName(path) === '.env') secrets.push(path)
      if (record.kind === 'file' && stats.isSymbolicLink() && (await leadsOut(upload, path))) outside.push(path)
    },
    survey: () => ({ command: upload.command, ...folders.total(), secrets, outside, obstacles }),
  }
}

async function leadsOut(upload: Upload, path: Path): Promise<boolean> {
  const top = await realpath(systemName(placeIn(upload, rootPath))!)
  const end = await realpath(systemName(placeIn(upload, path))!)
  return relative(top, end).split(sep)[0] === '..'
}

interface Total {
  files: number
  bytes: number
}

/** Known by what they are called; a virtual environment by the file that makes it one. */
const knownNames: Readonly<Record<string, FolderKind>> = {
  '.git': 'repository',
  node_modules: 'node-modules',
  __pycache__: 'cache',
  '.mypy_cache': 'cache',
  '.pytest_cache': 'cache',
  '.ruff_cache': 'cache',
  '.tox': 'cache',
  '.nox': 'cache',
}

function folderTotals() {
  const totals = new Map<Path, Total>([[rootPath, { files: 0, bytes: 0 }]])
  const kinds = new Map<Path, FolderKind>()
  /** The folder of a known kind that holds `path` or is it; else the folder itself, as the walk comes from above. */
  const countedAs = (folder: Path): Path => {
    for (let at = folder; at !== ''; at = parentPath(at)) if (kinds.has(at)) return at
    return folder
  }
  return {
    open(path: Path) {
      const kind = knownNames[baseName(path)]
      const isWithin = countedAs(path) !== path
      if (kind !== undefined && !isWithin) kinds.set(path, kind)
      if (!isWithin) totals.set(path, { files: 0, bytes: 0 })
    },
    count(path: Path, bytes: number) {
      const folder = parentPath(path)
      if (baseName(path) === 'pyvenv.cfg' && folder !== '' && countedAs(folder) === folder) {
        kinds.set(folder, 'virtual-environment')
      }
      const total = totals.get(countedAs(folder))!
      total.files += 1
      total.bytes += bytes
    },
    total() {
      addUp(totals, kinds)
      return { ...totals.get(rootPath)!, folders: heaviest(totals, kinds) }
    },
  }
}

/**
 * Adds to each folder what is below it, the deepest first, as the walk has come by them from above. What is in a folder of a
 * known kind counts for that and for the whole, and for no folder between.
 */
function addUp(totals: ReadonlyMap<Path, Total>, kinds: ReadonlyMap<Path, FolderKind>): void {
  for (const [path, { files, bytes }] of [...totals].reverse()) {
    if (path === '') continue
    const above = totals.get(kinds.has(path) ? rootPath : parentPath(path))!
    above.files += files
    above.bytes += bytes
  }
}

/** How many folders of no known kind are named. */
const mostNamed = 5
/** Of the bytes in a folder: where one folder in it has so many of them, that is the one to name. */
const mostOfIt = 0.8

function heaviest(totals: ReadonlyMap<Path, Total>, kinds: ReadonlyMap<Path, FolderKind>): UploadFolder[] {
  const others = new Map<Path, Path[]>()
  for (const path of totals.keys()) {
    if (path !== '' && !kinds.has(path)) append(others, parentPath(path), path)
  }
  const weight = (path: Path) => totals.get(path)!.bytes
  const telling = (path: Path): Path => {
    const most = others.get(path)?.find(child => weight(child) >= mostOfIt * weight(path))
    return most === undefined ? path : telling(most)
  }
  const byWeight = (a: Path, b: Path) => weight(b) - weight(a) || comparePaths(a, b)
  const top = (others.get(rootPath) ?? []).filter(path => weight(path) > 0).sort(byWeight)
  const named = [...kinds.keys(), ...top.slice(0, mostNamed).map(telling)].sort(byWeight)
  return named.map(path => ({ path, kind: kinds.get(path) ?? null, ...totals.get(path)! }))
}

function append(lists: Map<Path, Path[]>, key: Path, item: Path): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
