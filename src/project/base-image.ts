import { type Arg, DockerfileParser, type From, Keyword } from 'dockerfile-ast'
import { VerifierError } from '../model/errors.ts'
import { expandArguments } from './build-arguments.ts'
import { unquoted } from './copy-text.ts'
import { type ProjectFile, quotedText } from './project-file.ts'

/** One that is no FROM. */
export interface Instruction {
  /** As written. */
  readonly text: string
  /** 1-based. */
  readonly line: number
}

/** The image that what a Dockerfile makes is built on. */
export interface BaseImage {
  /** As written, with the values of build arguments put in; null when only the build knows. */
  readonly reference: string | null
  /** As written. */
  readonly written: string
  /** Of its `FROM`; 1-based. */
  readonly line: number
  /** What is put on it, of all stages between. */
  readonly instructions: readonly Instruction[]
}

/** How a build of a Dockerfile is told to differ. */
export interface BuildOptions {
  /** `--build-arg`, over the defaults of the file; null where nobody knows the value. */
  readonly arguments: ReadonlyMap<string, string | null>
  /** The stage to make; null for the last one. */
  readonly target: string | null
}

interface BuildStage extends BaseImage {
  readonly name: string | null
  readonly instructions: Instruction[]
}

/** A build that is told nothing. */
export const plainBuild: BuildOptions = { arguments: new Map(), target: null }

/**
 * The base of the target stage; where that is an earlier stage, the base of that one, and so on. Null when there is no
 * stage that is called like the target.
 *
 * @throws VerifierError when Docker would find no stage to build, naming file and line.
 */
export function baseImage({ path, bytes }: ProjectFile, options: BuildOptions): BaseImage | null {
  const values = new Map<string, string>()
  const stages: BuildStage[] = []
  for (const instruction of DockerfileParser.parse(new TextDecoder().decode(bytes)).getInstructions()) {
    const line = instruction.getRange().start.line + 1
    const keyword = instruction.getKeyword()
    if (keyword === Keyword.FROM) {
      stages.push(buildStage(instruction as From, values, `${path}:${line}`))
    } else if (stages.length === 0) {
      if (keyword !== Keyword.ARG)
        throw unreadable(`${path}:${line}`, `${quotedText(keyword)} stands before the first FROM`)
      defineArguments(instruction as Arg, values, options.arguments)
    } else stages.at(-1)!.instructions.push({ text: instruction.getTextContent(), line })
  }
  if (stages.length === 0) throw unreadable(path, 'it has no FROM')
  const target = options.target === null ? stages.length - 1 : indexOfStage(stages, options.target)
  return target === -1 ? null : followStages(stages, target)
}

function buildStage(from: From, values: ReadonlyMap<string, string>, place: string): BuildStage {
  const written = from.getImage()
  if (written === null) throw unreadable(place, 'FROM names no image')
  return {
    name: from.getBuildStage()?.toLowerCase() ?? null,
    reference: expandArguments(unquoted(written), values),
    written,
    line: from.getRange().start.line + 1,
    instructions: [],
  }
}

/** Arguments of the part before the first `FROM`, the only ones a `FROM` may use; a default may use those before it. */
function defineArguments(instruction: Arg, values: Map<string, string>, given: BuildOptions['arguments']): void {
  for (const property of instruction.getProperties()) {
    const name = property.getName()
    const written = property.getValue()
    const byDefault = written === null ? null : expandArguments(written, values)
    const value = given.has(name) ? given.get(name)! : byDefault
    if (value === null) values.delete(name)
    else values.set(name, value)
  }
}

/** Through the stages that stages are built on; a stage's name stands for those before it only. */
function followStages(stages: readonly BuildStage[], target: number): BaseImage {
  const instructions: Instruction[] = []
  for (let index = target; ; ) {
    const stage = stages[index]!
    instructions.unshift(...stage.instructions)
    const earlier = indexOfStage(stages.slice(0, index), stage.reference)
    if (earlier === -1) return { ...stage, instructions }
    index = earlier
  }
}

/** The last one of that name; -1 when there is none. */
function indexOfStage(stages: readonly BuildStage[], name: string | null): number {
  return stages.findLastIndex(stage => stage.name !== null && stage.name === name?.toLowerCase())
}

function unreadable(place: string, reason: string): VerifierError {
  return new VerifierError('file-unreadable', `${place} is no Dockerfile that can be built: ${reason}`)
}
