import type { DeclaredVersion } from '../model/interpreter.ts'
import { pythonOfReference } from './image-reference.ts'
import { type ProjectFile, quotedText, type Reading } from './project-file.ts'
import { notUsed, versionOf, type Word } from './python-version.ts'
import { entriesOf, isShortenedNumber, itemsOf, parseYaml, under, wordOf, type YamlValue } from './yaml-file.ts'

/** What a workflow sets up. */
export interface WorkflowPythons {
  /** In the order of the file; those of a matrix each. */
  readonly versions: readonly DeclaredVersion[]
  /** False when it sets up more than can be told from its file. */
  readonly complete: boolean
}

/** What is told of one place that names versions. */
type Found = { readonly version: DeclaredVersion } | { readonly unknown: string | null }

/**
 * The Pythons that the jobs of a GitHub workflow run on: `python-version` of a step (actions/setup-python and others), with the
 * values of a matrix or of `env` put in, and the image of a container. Other implementations than CPython do not count.
 *
 * @throws VerifierError when the file is no YAML.
 * @see https://github.com/actions/setup-python/blob/main/docs/advanced-usage.md
 */
export function workflowPythons(file: ProjectFile): Reading<WorkflowPythons> {
  const workflow = parseYaml(file)
  const found = entriesOf(under(workflow, 'jobs')).flatMap(([, job]) => [
    ...containerPython(job),
    ...(under(job, 'uses') === null ? [] : [{ unknown: null }]),
    ...stepPythons(job, workflow),
  ])
  const unknown = found.flatMap(each => ('unknown' in each ? [each.unknown] : []))
  const versions = found.flatMap(each => ('version' in each ? [each.version] : []))
  const remarks = [...new Set(unknown.filter(remark => remark !== null))]
  return { value: { versions, complete: unknown.length === 0 }, remarks }
}

function containerPython(job: YamlValue): Found[] {
  const image = wordOf(under(job, 'container')) ?? wordOf(under(job, 'container', 'image'))
  const version = image === null ? null : pythonOfReference(image.text)
  return version === null ? [] : [{ version: { version, from: image!.from } }]
}

/** Each value once, however many steps are given it. */
function stepPythons(job: YamlValue, workflow: YamlValue | null): Found[] {
  const given = new Map<string, YamlValue>()
  let untold = false
  for (const step of itemsOf(under(job, 'steps'))) {
    const written = under(step, 'with', 'python-version')
    const text = wordOf(written)?.text ?? ''
    // An action that is not told takes a version from a file or from the runner.
    const action = wordOf(under(step, 'uses'))?.text ?? ''
    if (written === null) untold ||= /\/setup-(?:python|uv|miniconda|pdm)@/.test(action)
    else if (!given.has(text)) given.set(text, written)
  }
  const values = [...given.values()].flatMap(written => valuesOf(written, job, workflow))
  return [...(untold ? [{ unknown: null }] : []), ...values.flatMap(readValue)]
}

/** A value, or what the expression that it consists of stands for. */
function valuesOf(written: YamlValue, job: YamlValue, workflow: YamlValue | null): readonly YamlValue[] {
  const [, context, name = ''] =
    /^\$\{\{\s*(matrix|env)\.([\w-]+)\s*\}\}$/.exec(wordOf(written)?.text.trim() ?? '') ?? []
  if (context === undefined) return [written]
  if (context === 'env') return [under(job, 'env', name) ?? under(workflow, 'env', name) ?? written]
  const matrix = under(job, 'strategy', 'matrix')
  const listed = under(matrix, name)
  const included = itemsOf(under(matrix, 'include')).flatMap(each => under(each, name) ?? [])
  const all = [...(itemsOf(listed).length > 0 ? itemsOf(listed) : listed === null ? [] : [listed]), ...included]
  return all.length > 0 ? all : [written]
}

/** A value may hold a version on each of several lines. */
function readValue(value: YamlValue): Found[] {
  const word = wordOf(value)
  if (word === null) return [{ unknown: `${value.placeOf(value.node)}: python-version is no string and is not used` }]
  if (isShortenedNumber(value)) {
    return [{ unknown: `${word.from}: a version without quotes is read as the number ${word.text}; put it in quotes` }]
  }
  const lines = word.text.split('\n').map(line => line.trim())
  return lines.filter(line => line !== '').flatMap(text => readVersion({ text, from: word.from }))
}

function readVersion(word: Word & { readonly text: string }): Found[] {
  if (/^(?:pypy|graalpy)/.test(word.text)) return []
  if (word.text.includes('${{'))
    return [{ unknown: `${word.from}: what ${quotedText(word.text)} stands for is decided by the run` }]
  const version = versionOf(word.text)
  return version === null ? [{ unknown: notUsed(word) }] : [{ version: { version, from: word.from } }]
}
