import { type Arg, DockerfileParser, type From, Keyword } from 'dockerfile-ast'
import { VerifierError } from '../model/errors.ts'
import { expandArguments } from './build-arguments.ts'
import { type ProjectFile, quoted } from './project-file.ts'

/** The image a Dockerfile's last stage is built on. */
export interface BaseImage {
  /** As written, with the default values of build arguments put in; null when only the build knows. */
  readonly reference: string | null
  /** As written. */
  readonly written: string
  /** Of its `FROM`; 1-based. */
  readonly line: number
}

interface BuildStage extends BaseImage {
  readonly name: string | null
}

/**
 * The base of the last stage; where that is an earlier stage, the base of that one, and so on.
 *
 * @throws VerifierError when Docker would find no stage to build, naming file and line.
 */
export function baseImage({ path, bytes }: ProjectFile): BaseImage {
  const values = new Map<string, string>()
  const stages: BuildStage[] = []
  for (const instruction of DockerfileParser.parse(new TextDecoder().decode(bytes)).getInstructions()) {
    const line = instruction.getRange().start.line + 1
    const keyword = instruction.getKeyword()
    if (keyword === Keyword.FROM) {
      stages.push(buildStage(instruction as From, values, `${path}:${line}`))
    } else if (stages.length === 0) {
      if (keyword !== Keyword.ARG)
        throw unreadable(`${path}:${line}`, `${quoted(keyword)} stands before the first FROM`)
      defineArguments(instruction as Arg, values)
    }
  }
  if (stages.length === 0) throw unreadable(path, 'it has no FROM')
  return followStages(stages)
}

function buildStage(from: From, values: ReadonlyMap<string, string>, place: string): BuildStage {
  const written = from.getImage()
  if (written === null) throw unreadable(place, 'FROM names no image')
  return {
    name: from.getBuildStage()?.toLowerCase() ?? null,
    reference: expandArguments(unquoted(written), values),
    written,
    line: from.getRange().start.line + 1,
  }
}

/** Arguments of the part before the first `FROM`, the only ones a `FROM` may use; a default may use those before it. */
function defineArguments(instruction: Arg, values: Map<string, string>): void {
  for (const property of instruction.getProperties()) {
    const written = property.getValue()
    const value = written === null ? null : expandArguments(written, values)
    if (value !== null) values.set(property.getName(), value)
  }
}

function followStages(stages: readonly BuildStage[]): BaseImage {
  let index = stages.length - 1
  while (true) {
    const { reference } = stages[index]!
    const earlier = stages
      .slice(0, index)
      .findLastIndex(({ name }) => name !== null && name === reference?.toLowerCase())
    if (earlier === -1) return stages[index]!
    index = earlier
  }
}

function unquoted(word: string): string {
  return /^(["'])(.*)\1$/.exec(word)?.[2] ?? word
}

function unreadable(place: string, reason: string): VerifierError {
  return new VerifierError('file-unreadable', `${place} is no Dockerfile that can be built: ${reason}`)
}
