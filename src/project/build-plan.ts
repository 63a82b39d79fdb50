import { posix } from 'node:path'
import { type Arg, DockerfileParser, type Env, type From, type Instruction as Parsed } from 'dockerfile-ast'
import type { BuildPlan, Instruction } from '../model/build.ts'
import { joinPath, type Path, parsePath, relativePath, rootPath } from '../model/path.ts'
import type { BuildOptions } from './base-image.ts'
import { expandArguments } from './build-arguments.ts'
import { allRuns, type BuildStage, copiesTo, filesToCopy, openStage, stageCalled } from './build-stage.ts'
import { type BuildTree, copyInto, makeDirectory, placementsOf } from './build-tree.ts'
import { type CopyText, copyText, unquoted } from './copy-text.ts'
import type { DockerIgnore } from './docker-ignore.ts'
import type { BuildFiles } from './read-build.ts'

/** A Dockerfile and what it is built with. */
type Build = Omit<BuildFiles, 'ignore' | 'remarks'> & { readonly ignore: DockerIgnore }

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
  const sent = new Map(inContext.filter(isSent).map(path => [path, { ...unmoved, path, rest: path as string }]))
  const stages: BuildStage[] = []
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
      stages.push(stageFrom(instruction as From, { stages, globals, baseDirectory }))
    } else if (keyword === 'ARG') declare(instruction as Arg, stage?.values ?? globals, { globals, options })
    else if (stage === undefined) continue
    else if (keyword === 'ENV') assign(instruction as Env, stage.values)
    else if (keyword === 'WORKDIR') changeDirectory(instruction, stage)
    else if (keyword === 'RUN' && stage.tree.files.size > 0) stage.runs.push(by)
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
    copiesTo: imagePath => (last === undefined ? [] : copiesTo(last, imagePath)),
    written: last?.written ?? new Map(),
    runs: (last === undefined ? undefined : allRuns(last)[0]) ?? null,
    incomplete: last?.incomplete ?? true,
  }
}

/** A file in the context. */
const unmoved = { by: { from: '', text: '' }, since: 0, runs: [] }

function stageFrom(
  from: From,
  {
    stages,
    globals,
    baseDirectory,
  }: { stages: readonly BuildStage[]; globals: ReadonlyMap<string, string>; baseDirectory: Path },
): BuildStage {
  const base = stageCalled(expandArguments(unquoted(from.getImage() ?? ''), globals), stages)
  return openStage(from.getBuildStage()?.toLowerCase() ?? null, base, baseDirectory)
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

function changeDirectory(instruction: Parsed, stage: BuildStage): void {
  const directory = resolved(unquoted(instruction.getArgumentsContent() ?? ''), stage)
  if (directory === null) stage.incomplete = true
  else {
    stage.directory = directory
    makeDirectory(stage.tree, directory)
  }
}

/** Below the working directory, unless it is absolute; null when only the build knows. */
function resolved(written: string, { values, directory }: BuildStage): Path | null {
  const text = expandArguments(written, values)
  return text === null ? null : fromRoot(directory, text)
}

function fromRoot(...names: readonly string[]): Path {
  return parsePath(posix.resolve('/', ...names)) ?? rootPath
}

function copy(
  { words, from, heredocs, keepsParents, excludes }: CopyText,
  by: Instruction,
  { stage, stages, sent }: { stage: BuildStage; stages: readonly BuildStage[]; sent: BuildTree['files'] },
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
  const name = from === null ? null : expandArguments(from, stage.values)
  const origin = stageCalled(name, stages.slice(0, -1))
  const files = from === null ? sent : origin === null ? undefined : filesToCopy(origin)
  const runs = origin === null ? [] : allRuns(origin)
  for (const run of runs) stage.earlier.add(run)
  const sources = words.slice(0, -1).map(word => expandArguments(word, stage.values))
  const isUnknown = sources.some(each => each === null || isOfElsewhere(each))
  // Other images, archives that are unpacked, and what is fetched, bring files that only the build knows.
  if (files === undefined || excludes || origin?.incomplete || isUnknown) stage.incomplete = true
  const known = sources.flatMap(each => (each === null || isOfElsewhere(each) ? [] : fromRoot(each)))
  const order = { sources: known, destination, isDirectory, keepsParents, by, since: stage.runs.length }
  stage.copied.push({
    by,
    destination,
    files: files === undefined || known.length === 0 ? new Map() : copyInto(stage.tree, files, order),
    bringsMore:
      files === undefined || isUnknown || heredocs.length > 0 || runs.length > 0 || origin?.incomplete === true,
    stage: origin === null ? null : name,
    runs,
  })
}

/** Fetched, or unpacked. */
function isOfElsewhere(source: string): boolean {
  return /^(?:https?:|git@|ftp:)|\.git(?:#|$)|\.(?:tar|tgz|tbz2?|txz)(?:\.\w+)?$/.test(source)
}

function oneLine(instruction: Parsed): string {
  return instruction.getTextContent().replace(/\s*\n[\s\S]*$/, ' …')
}
