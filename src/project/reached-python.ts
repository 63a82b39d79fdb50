import { posix } from 'node:path'
import type { LookUp } from '../model/held-image.ts'
import type { ImageFacts } from '../model/source.ts'
import { buildpackLaunch } from './buildpack-launch.ts'
import { nameOf, projectCommand, wrappedCommand } from './command-wrappers.ts'
import { behindShim, isShim, type PyenvSetting } from './pyenv-shim.ts'
import { shellCommands } from './shell-commands.ts'

/** The Python of an image, and what leads to it. */
export interface ReachedPython {
  /** As it would be started: a virtual environment's own, wherever it links to. */
  readonly path: string
  /** `start`: what a container of the image starts; `PATH`: the first there, where that is no Python. */
  readonly by: 'start' | 'PATH'
}

export type Launch = Pick<ImageFacts, 'entrypoint' | 'command' | 'environment' | 'workingDirectory' | 'labels'>

/** Of engines, where an image sets none. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Programs that start one another, and files looked at: an image may be made to lead nowhere. */
const [deepest, mostLookUps] = [12, 400]

/**
 * The Python that a container of the image would run: ENTRYPOINT and CMD are followed through the launcher of buildpacks, wrappers,
 * shells, scripts and `#!` lines, relative to its working directory and PATH. Null where there is none.
 */
export async function reachedPython(started: Launch, lookUp: LookUp): Promise<ReachedPython | null> {
  const launch = buildpackLaunch(started)
  let lookUps = 0
  const image = { launch, lookUp: async (path: string) => (++lookUps > mostLookUps ? null : lookUp(path)) }
  const reached = await follow([...launch.entrypoint, ...launch.command], image, deepest)
  if (reached !== null) return { path: reached, by: 'start' }
  lookUps = 0
  for (const name of ['python3', 'python']) {
    const path = await programAt(name, image)
    if (path !== null) return { path, by: 'PATH' }
  }
  return null
}

interface Image {
  readonly launch: Launch
  readonly lookUp: LookUp
}

/** The Python that these words start; null where they start none. */
async function follow(words: readonly string[], image: Image, depth: number): Promise<string | null> {
  const [program = '', ...args] = words
  if (program === '' || depth === 0) return null
  const inProject = projectCommand(words)
  if (inProject !== null) return followInProject(inProject, image, depth - 1)
  const wrapped = wrappedCommand(words)
  if (wrapped !== null) return follow(wrapped, image, depth - 1)
  if (/^(?:ba|da|a|z)?sh$/.test(nameOf(program))) return followShell(args, image, depth - 1)
  const path = await programAt(program, image)
  if (path === null) return null
  if (/^(?:python|pypy|graalpy)[\d.]*[a-z]?$/.test(nameOf(path))) return path
  return followScript(path, args, image, depth - 1)
}

/** `poetry run` and its like look into the project's environment first. */
async function followInProject(words: readonly string[], image: Image, depth: number): Promise<string | null> {
  const { environment, workingDirectory } = image.launch
  const own = environment.get('UV_PROJECT_ENVIRONMENT') ?? environment.get('VIRTUAL_ENV') ?? '.venv'
  const folder = posix.resolve('/', workingDirectory, own, 'bin')
  const path = `${folder}:${pathOf(image.launch)}`
  const launch = { ...image.launch, environment: new Map([...environment, ['PATH', path]]) }
  return follow(words, { ...image, launch }, depth)
}

/** `sh -c script`, and `sh file`. */
async function followShell(args: readonly string[], image: Image, depth: number): Promise<string | null> {
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (/^-\w*c$/.test(word)) {
      // `-o pipefail` may stand between.
      const rest = args.slice(at + 1)
      const script = rest.findIndex((each, index) => !/^[-+]/.test(each) && !/^[-+]\w*o$/.test(rest[index - 1] ?? ''))
      return script === -1 ? null : followCommands(rest[script]!, rest.slice(script + 2), image, depth)
    }
    if (/^[-+]\w*o$/.test(word)) at++
    else if (!/^[-+]/.test(word)) {
      const path = absolute(word, image)
      const text = await textAt(path, image)
      return text === null ? null : followCommands(text, args.slice(at + 1), image, depth)
    }
  }
  return null
}

/** The last command that leads to a Python: what stands before it prepares. */
async function followCommands(
  script: string,
  args: readonly string[],
  image: Image,
  depth: number,
): Promise<string | null> {
  for (const words of shellCommands(script, image.launch.environment, args).toReversed()) {
    const found = await follow(words, image, depth)
    if (found !== null) return found
  }
  return null
}

/** By its `#!` line; pip writes a shell's where its own would be too long. */
async function followScript(
  path: string,
  args: readonly string[],
  image: Image,
  depth: number,
): Promise<string | null> {
  const text = await textAt(path, image)
  const [, shebang = ''] = /^#![ \t]*(.*)/.exec(text ?? '') ?? []
  const [interpreter = '', ...options] = shebang.trim().split(/[ \t]+/)
  if (text === null || interpreter === '') return null
  if (!/^(?:ba|da|a|z)?sh$/.test(nameOf(interpreter))) {
    const words = nameOf(interpreter) === 'env' ? options.filter(word => word !== '-S') : options
    return follow([interpreter, ...words, path, ...args], image, depth)
  }
  const [, python] = /^#!.*\n'''exec' "?([^"\n]+?)"? "\$0" "\$@"/.exec(text) ?? []
  return python === undefined ? followCommands(text, args, image, depth) : follow([python], image, depth)
}

/** Null for what is no script. */
async function textAt(path: string, image: Image): Promise<string | null> {
  const found = await fileAt(path, image)
  if (found === null) return null
  const text = Buffer.from(await found.beginning()).toString('latin1')
  return text.startsWith('\x7fELF') ? null : text
}

/** Where a command's program is: by its path, or the first of that name on PATH; behind a shim, where that leads. */
async function programAt(program: string, image: Image): Promise<string | null> {
  const folders = program.includes('/') ? [''] : pathOf(image.launch).split(':')
  for (const folder of folders) {
    const path = absolute(posix.join(folder, program), image)
    if (!(await fileAt(path, image))?.isExecutable) continue
    const meant = isShim(path) ? await behindShim(path, pyenvSetting(image)) : path
    return meant !== null && (await fileAt(meant, image))?.isExecutable ? meant : null
  }
  return null
}

function pyenvSetting(image: Image): PyenvSetting {
  const { environment } = image.launch
  return { environment, workingDirectory: absolute('.', image), textAt: path => textAt(path, image) }
}

/** The file that a path leads to, through links, which end in the image. */
async function fileAt(path: string, { lookUp }: Image) {
  let at = path
  for (let links = 0; links < 40; links++) {
    const found = await lookUp(at)
    if (found?.kind === 'file') return found
    if (found?.kind !== 'symlink') return null
    at = posix.resolve('/', posix.dirname(at), found.target)
  }
  return null
}

function absolute(path: string, { launch }: Image): string {
  return posix.resolve('/', launch.workingDirectory, path)
}

function pathOf({ environment }: Launch): string {
  return environment.get('PATH') || defaultPath
}
