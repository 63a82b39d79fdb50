import type { Instruction, Placement } from '../model/build.ts'
import { baseName, joinPath, type Path, parentPath, relativePath } from '../model/path.ts'

/** Where a file of the context is in a stage of the build, as far as instructions have copied it. */
interface Origin {
  /** In the context. */
  readonly path: Path
  /** What of the path all copies left as it is; '' once the file got another name. */
  readonly rest: string
  readonly by: Instruction
  /** How many RUNs of the stage were before it came. */
  readonly since: number
  /** RUNs of other stages that found it there, on its way. */
  readonly runs: readonly Instruction[]
}

/** The files of a stage that come from the context, by their path in it, and the directories that are known. */
export interface BuildTree {
  readonly files: Map<Path, Origin>
  readonly directories: Set<Path>
}

export interface CopyOrder {
  /** Patterns, without a leading `/`. */
  readonly sources: readonly Path[]
  readonly destination: Path
  /** Written with a `/` at its end. */
  readonly isDirectory: boolean
  /** `--parents`. */
  readonly keepsParents: boolean
  readonly by: Instruction
  readonly since: number
}

export function copyOfTree({ files, directories }: BuildTree): BuildTree {
  return { files: new Map(files), directories: new Set(directories) }
}

/** Makes a directory, and those above it. */
export function makeDirectory(tree: BuildTree, directory: Path): void {
  for (let at = directory; at !== ''; at = parentPath(at)) tree.directories.add(at)
}

/**
 * Copies as COPY does: of a directory what is in it, a file under its name where the destination is a directory, and else
 * under that of the destination. Gives what it has copied.
 */
export function copyInto(tree: BuildTree, from: BuildTree['files'], order: CopyOrder): BuildTree['files'] {
  const { sources, destination, isDirectory, keepsParents, by, since } = order
  const matchers = sources.map(matcherOf)
  const isInto =
    isDirectory || sources.length > 1 || tree.directories.has(destination) || destination === '' || keepsParents
  const placed: [Path, Origin][] = []
  for (const [path, origin] of from) {
    const matched = ancestorsAndSelf(path).find(at => matchers.some(matches => matches(at)))
    if (matched === undefined) continue
    const inDirectory = relativePath(matched, path)!
    const kept = keepsParents ? path : matched === path ? (isInto ? baseName(path) : '') : inDirectory
    const rest = shorter(origin.rest, kept)
    if (matched !== path || isInto) makeDirectory(tree, destination)
    placed.push([joinPath(destination, kept), { ...origin, rest, by, since }])
  }
  for (const [path, origin] of placed) {
    makeDirectory(tree, parentPath(path))
    tree.files.set(path, origin)
  }
  return new Map(placed)
}

/** What a tree says of the context in `directory` of the repository. */
export function placementsOf({ files }: BuildTree, context: Path): Placement[] {
  return [...files].map(([imagePath, { path, rest, by }]) => {
    const full = joinPath(context, path)
    return {
      path: full,
      imagePath,
      imageDirectory: without(imagePath, rest),
      sourceDirectory: without(full, rest),
      by,
    }
  })
}

function without(path: Path, ending: string): Path {
  return ending === '' ? path : (path.slice(0, Math.max(0, path.length - ending.length - 1)) as Path)
}

/** Both are endings of one path, unless one of the copies gave another name. */
function shorter(a: string, b: string): string {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short === long || long.endsWith(`/${short}`) ? short : ''
}

/** The root first. */
function ancestorsAndSelf(path: Path): Path[] {
  const names = path.split('/')
  return names.map((_, count) => names.slice(0, count).join('/') as Path).concat(path)
}

/** Go's filepath.Match: `*`, `?` and `[…]` within a name, `\` before what is meant as it is. */
function matcherOf(pattern: Path): (path: Path) => boolean {
  if (!/[*?[\\]/.test(pattern)) return path => path === pattern
  let expression = ''
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    const close = character === '[' ? pattern.indexOf(']', at + 2) : -1
    if (character === '*') expression += '[^/]*'
    else if (character === '?') expression += '[^/]'
    else if (character === '\\') expression += escaped(pattern[++at] ?? '')
    else if (close > 0) {
      expression += `(?!/)${pattern.slice(at, close + 1)}`
      at = close
    } else expression += escaped(character)
  }
  try {
    const compiled = new RegExp(`^${expression}$`)
    return path => compiled.test(path)
  } catch {
    return () => false // the build fails on it
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
}
