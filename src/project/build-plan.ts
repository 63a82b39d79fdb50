import { posix } from 'node:path'
import { type Arg, DockerfileParser, type Env, type From, type Instruction as Parsed } from 'dockerfile-ast'
import type { BuildPlan, Instruction } from '../model/build.ts'
import { joinPath, type Path, parsePath, relativePath, rootPath } from '../model/path.ts'
import type { BuildOptions } from './base-image.ts'
import { expandArguments } from './build-arguments.ts'
import { type BuildTree, copyInto, copyOfTree, makeDirectory, placementsOf } from './build-tree.ts'
import { type CopyText, copyText, unquoted } from './copy-text.ts'
import type { DockerIgnore } from './docker-ignore.ts'
import type { BuildFiles } from './read-build.ts'

/** A Dockerfile and what it is built with. */
type Build = Omit<BuildFiles, 'ignore' | 'remarks'> & { readonly ignore: DockerIgnore }

interface Stage {
  readonly name: string | null
  readonly tree: BuildTree
  readonly values: Map<string, string>
  readonly written: Map<Path, Instruction>
  directory: Path
  runs: Instruction | null
  incomplete: boolean
}

/**
 * Where the instructions of a Dockerfile put these files of the repository, followed through its stages. What RUN does is
 * not followed.
 *
 * @param baseDirectory the working directory of an image that is based on another one, where the Dockerfile sets none.
 */
export function buildPlan(build: Build, paths: Iterable<Path>, baseDirectory: Path): BuildPlan {
  const { dockerfile, context, ignore, options } = build
  const inContext = [...paths].flatMap(path => relativePath(context, path) ?? [])
  const isSent = (path: Path) => ignore(path) === null
  const sent = new Map(inContext.filter(isSent).map(path => [path, { path, rest: path as string, by: nobody }]))
  const stages: Stage[] = []
  const globals = new Map<string, string>()
  const copies: Instruction[] = []
  const parsed = DockerfileParser.parse(new TextDecoder().decode(dockerfile.bytes)).getInstructions()
  for (const instruction of parsed) {
    const keyword = instruction.getKeyword()
    const by = { from: `${dockerfile.path}:${instruction.getRange().start.line + 1}`, text: oneLine(instruction) }
    const stage = stages.at(-1)
    if (keyword === 'FROM') {
      // A stage that comes after the target is not built.
      if (stage !== undefined && options.target !== null && stage.name === options.target.toLowerCase()) break
      stages.push(openStage(instruction as From, { stages, globals, baseDirectory }))
    } else if (keyword === 'ARG') declare(instruction as Arg, stage?.values ?? globals, { globals, options })
    else if (stage === undefined) continue
    else if (keyword === 'ENV') assign(instruction as Env, stage.values)
    else if (keyword === 'WORKDIR') changeDirectory(instruction, stage)
    else if (keyword === 'RUN' && stage.tree.files.size > 0) stage.runs ??= by
    else if (keyword === 'COPY' || keyword === 'ADD') {
      const text = copyText(instruction)
      if (text.from === null) copies.push(by)
      copy(text, by, { stage, stages, sent })
    }
  }
  const last = stages.at(-1)
  const ignoreRule = (path: Path) => {
    const inside = relativePath(context, path)
    return inside === null ? null : ignore(inside)
  }
  return {
    placements: last === undefined ? [] : placementsOf(last.tree, context),
    ignoreRule,
    copies,
    written: last?.written ?? new Map(),
    runs: last?.runs ?? null,
    incomplete: last?.incomplete ?? true,
  }
}

const nobody: Instruction = { from: '', text: '' }

function openStage(
  from: From,
  {
    stages,
    globals,
    baseDirectory,
  }: { stages: readonly Stage[]; globals: ReadonlyMap<string, string>; baseDirectory: Path },
): Stage {
  const base = stageCalled(expandArguments(unquoted(from.getImage() ?? ''), globals), stages)
  return {
    name: from.getBuildStage()?.toLowerCase() ?? null,
    tree: base === null ? { files: new Map(), directories: new Set() } : copyOfTree(base.tree),
    values: new Map(base?.values),
    written: new Map(base?.written),
    directory: base?.directory ?? baseDirectory,
    runs: base?.runs ?? null,
    incomplete: base?.incomplete ?? false,
  }
}

/** By its name or its number. */
function stageCalled(name: string | null, stages: readonly Stage[]): Stage | null {
  if (name === null) return null
  const called = stages.findLast(stage => stage.name === name.toLowerCase())
  return called ?? (/^\d+$/.test(name) ? (stages[Number(name)] ?? null) : null)
}

function declare(
  instruction: Arg,
  values: Map<string, string>,
  { globals, options }: { globals: ReadonlyMap<string, string>; options: BuildOptions },
): void {
  for (const property of instruction.getProperties()) {
    const name = property.getName()
    const written = property.getValue()
    const byDefault = written === null ? (globals.get(name) ?? null) : expandArguments(written, values)
    set(values, name, options.arguments.has(name) ? options.arguments.get(name)! : byDefault)
  }
}

/** All of one instruction see the values from before it. */
function assign(instruction: Env, values: Map<string, string>): void {
  const before = new Map(values)
  for (const property of instruction.getProperties()) {
    set(values, property.getName(), expandArguments(property.getValue() ?? '', before))
  }
}

function set(values: Map<string, string>, name: string, value: string | null): void {
  if (value === null) values.delete(name)
  else values.set(name, value)
}

function changeDirectory(instruction: Parsed, stage: Stage): void {
  const directory = resolved(unquoted(instruction.getArgumentsContent() ?? ''), stage)
  if (directory === null) stage.incomplete = true
  else {
    stage.directory = directory
    makeDirectory(stage.tree, directory)
  }
}

/** Below the working directory, unless it is absolute; null when only the build knows. */
function resolved(written: string, { values, directory }: Stage): Path | null {
  const text = expandArguments(written, values)
  return text === null ? null : fromRoot(directory, text)
}

function fromRoot(...names: readonly string[]): Path {
  return parsePath(posix.resolve('/', ...names)) ?? rootPath
}

function copy(
  { words, from, heredocs, keepsParents, excludes }: CopyText,
  by: Instruction,
  { stage, stages, sent }: { stage: Stage; stages: readonly Stage[]; sent: BuildTree['files'] },
): void {
  const written = words.at(-1) ?? ''
  const destination = resolved(written, stage)
  const isDirectory = /(?:^|\/)\.?$/.test(written)
  if (destination === null) {
    stage.incomplete = true
    return
  }
  for (const name of heredocs) {
    const isInto = isDirectory || stage.tree.directories.has(destination)
    stage.written.set(isInto ? joinPath(destination, name) : destination, by)
  }
  const origin = from === null ? null : stageCalled(expandArguments(from, stage.values), stages.slice(0, -1))
  const files = from === null ? sent : origin?.tree.files
  stage.runs ??= origin?.runs ?? null
  // Other images, archives that are unpacked, and what is fetched, bring files that only the build knows.
  if (files === undefined || excludes || origin?.incomplete) stage.incomplete = true
  const sources = words.slice(0, -1).map(word => expandArguments(word, stage.values))
  if (sources.some(each => each === null || isOfElsewhere(each))) stage.incomplete = true
  const known = sources.flatMap(each => (each === null || isOfElsewhere(each) ? [] : fromRoot(each)))
  if (files !== undefined && known.length > 0) {
    copyInto(stage.tree, files, { sources: known, destination, isDirectory, keepsParents, by })
  }
}

/** Fetched, or unpacked. */
function isOfElsewhere(source: string): boolean {
  return /^(?:https?:|git@|ftp:)|\.git(?:#|$)|\.(?:tar|tgz|tbz2?|txz)(?:\.\w+)?$/.test(source)
}

function oneLine(instruction: Parsed): string {
  return instruction.getTextContent().replace(/\s*\n[\s\S]*$/, ' …')
}
