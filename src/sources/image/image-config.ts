import { comparePaths, type Path, parsePath } from '../../model/path.ts'
import type { ImageFacts, Platform } from '../../model/source.ts'
import type { Fail } from '../failure.ts'
import { fieldsOf, type JsonObject, listOf, objectOf, sha256Of, textOf } from './image-documents.ts'
import { layerInstructions } from './layer-instructions.ts'

const maximumLayers = 1000

/** Of an image that has a digest for each of its layers. */
export interface SavedFacts extends ImageFacts {
  readonly layers: readonly (ImageFacts['layers'][number] & { readonly diffId: string })[]
}

/**
 * What an image's configuration says of it: https://github.com/opencontainers/image-spec/blob/main/config.md
 *
 * @throws what `fail` makes, when it is not the configuration of an image.
 */
export function imageFacts(configuration: unknown, fail: Fail): SavedFacts {
  const { rootfs, history, config } = fieldsOf(configuration)
  const diffIds = listOf(fieldsOf(rootfs).diff_ids, sha256Of)
  if (diffIds === null) throw fail('its configuration lists no diff_ids under rootfs; save it again')
  if (diffIds.length > maximumLayers) throw fail(`it has over ${maximumLayers} layers, which is the most that is read`)
  const instructions = instructionsOf(history, diffIds.length, fail)
  return {
    layers: diffIds.map((diffId, index) => ({ diffId, createdBy: instructions[index] ?? null })),
    workingDirectory: workingDirectory(fieldsOf(config), fail),
    environment: environment(fieldsOf(config), fail),
    entrypoint: wordsOf(fieldsOf(config).Entrypoint, 'Entrypoint', fail),
    command: wordsOf(fieldsOf(config).Cmd, 'Cmd', fail),
    labels: labels(fieldsOf(config)),
    user: textOf(fieldsOf(config).User) ?? '',
    volumes: volumes(fieldsOf(config), fail),
    platform: platformOf(configuration),
  }
}

/** What a configuration, or a descriptor's `platform`, names; null where it names none. */
export function platformOf(fields: unknown): Platform | null {
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map(
    name => textOf(fieldsOf(fields)[name]) || null,
  )
  return os == null || architecture == null ? null : { os, architecture, variant: variant ?? null }
}

/** Of each layer, lowest first; none where the image tells no history, which is optional. */
function instructionsOf(history: unknown, layers: number, fail: Fail): readonly (string | null)[] {
  const allSteps = listOf(history ?? [], objectOf)
  if (allSteps === null) throw fail('the history of its configuration is no list of steps; save it again')
  if (allSteps.length === 0) return []
  const instructions = layerInstructions(
    allSteps.map(step => ({ text: textOf(step.created_by) ?? '', isEmpty: step.empty_layer === true })),
  )
  if (instructions.length !== layers) {
    throw fail(`its history tells of ${instructions.length} layers and it has ${layers}; build it again`)
  }
  return instructions
}

function workingDirectory({ WorkingDir: directory }: JsonObject, fail: Fail): Path {
  const path = parsePath(textOf(directory) ?? '')
  if (path === null) throw fail('the WorkingDir of its configuration is no path; build it again')
  return path
}

function volumes({ Volumes: mounted }: JsonObject, fail: Fail): readonly Path[] {
  const paths = Object.keys(fieldsOf(mounted)).map(parsePath)
  if (paths.includes(null)) throw fail('the Volumes of its configuration are no paths; build it again')
  return paths.flatMap(path => path ?? []).sort(comparePaths)
}

function environment({ Env: variables }: JsonObject, fail: Fail): ReadonlyMap<string, string> {
  const settings = listOf(variables ?? [], textOf)
  if (settings === null) throw fail('the Env of its configuration is no list of texts; build it again')
  return new Map(settings.map(setting => splitAt(setting, setting.indexOf('='))))
}

/** Of what it labels with a text. */
function labels({ Labels: named }: JsonObject): ReadonlyMap<string, string> {
  const pairs = Object.entries(fieldsOf(named)).map(([name, value]) => [name, textOf(value)] as const)
  return new Map(pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

/** Null stands for no words. */
function wordsOf(value: unknown, field: string, fail: Fail): readonly string[] {
  const words = listOf(value ?? [], textOf)
  if (words === null) throw fail(`the ${field} of its configuration is no list of texts; build it again`)
  return words
}

/** A name without `=` has no value. */
function splitAt(setting: string, equals: number): [string, string] {
  return equals < 0 ? [setting, ''] : [setting.slice(0, equals), setting.slice(equals + 1)]
}
