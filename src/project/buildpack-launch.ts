import { posix } from 'node:path'
import type { ImageFacts } from '../model/source.ts'

type Launch = Pick<ImageFacts, 'entrypoint' | 'command' | 'environment' | 'labels'>

/** What buildpacks leave in an image's labels: https://github.com/buildpacks/spec/blob/main/platform.md#labels */
const [ofBuild, ofLifecycle] = ['io.buildpacks.build.metadata', 'io.buildpacks.lifecycle.metadata']

/** The program that buildpacks have an image start, and links to it that are called like a process. */
const [launcher, processes] = ['/cnb/lifecycle/launcher', '/cnb/process']

/**
 * What the launcher of an image that buildpacks made starts, with the PATH that it sets: the process of its labels, and the `bin`
 * folders of their layers, the last one's first. As it was for an image that starts no launcher.
 */
export function buildpackLaunch<Image extends Launch>(image: Image): Image {
  const { entrypoint, labels = new Map<string, string>() } = image
  const [program = ''] = entrypoint
  if (program !== launcher && posix.dirname(program) !== processes) return image
  const folders = layerFolders(parsed(labels.get(ofLifecycle)))
  const path = [...folders.reverse(), image.environment.get('PATH') ?? ''].filter(each => each !== '').join(':')
  const environment = new Map([...image.environment, ['PATH', path]])
  return { ...image, entrypoint: processWords(image), command: [], environment }
}

/** The words of the process that is meant, or those that a user put in its place. */
function processWords({ entrypoint: [program = '', ...args], command, environment, labels }: Launch): string[] {
  const given = [...args, ...command]
  const isLauncher = program === launcher
  const type = isLauncher ? (given[0] ?? environment.get('CNB_PROCESS_TYPE') ?? 'web') : posix.basename(program)
  const known = listOf(fieldsOf(parsed(labels?.get(ofBuild))).processes).map(fieldsOf)
  const found = known.find(each => each.type === type)
  if (found === undefined) return isLauncher ? given : []
  const words = [...textsOf(found.command), ...textsOf(found.args)]
  const rest = isLauncher ? given.slice(1) : given
  return found.direct === false ? ['/bin/sh', '-c', [...words, ...rest].join(' ')] : [...words, ...rest]
}

/** `/layers/heroku_python/venv/bin`, in the order of the buildpacks. */
function layerFolders(metadata: unknown): string[] {
  return listOf(fieldsOf(metadata).buildpacks).flatMap(buildpack => {
    const { key, layers } = fieldsOf(buildpack)
    if (typeof key !== 'string') return []
    return Object.keys(fieldsOf(layers)).map(layer => posix.join('/layers', key.replaceAll('/', '_'), layer, 'bin'))
  })
}

/** Null where it is no JSON: an image may say whatever its maker likes. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Older lifecycles write a command as one text. */
function textsOf(value: unknown): string[] {
  return (typeof value === 'string' ? [value] : listOf(value)).filter(each => typeof each === 'string')
}
