import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reporters } from '../../src/report/reporters.ts'
import { firstbreak, type Run } from '../support/command-line.ts'
import { type Element, junitRoot, sarifRun } from '../support/formats.ts'
import { type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { commandsIn } from '../support/workflow-commands.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const read = (name: string) => readFile(at(name), 'utf8')
const commit = (files: Files) => makeRepository(at('repository'), files)
const run = (args: readonly string[], environment = {}): Promise<Run> => {
  const pythons = ['--interpreters', 'embedded', '--deploy-python', '3.11', '--dev-python', '3.12']
  return firstbreak(at('repository'), [...pythons, '--upload', 'none', ...args], environment)
}

const multiline = 'def line(event):\n    return f"data: {dict(\n        id=event,\n    )}"\n'
const sound: Files = { 'app/a.py': 'x = 1\n' }
const broken: Files = { ...sound, 'app/b.py': multiline }

test('several formats go to several files in one run, and to standard output', async () => {
  await commit(broken)
  const files = ['json=../r.json', 'sarif=../r.sarif', 'junit=../r.xml', 'gitlab=../cq.json', 'text=../r.txt']
  const { code, out, err } = await run([...files, 'github'].flatMap(format => ['--format', format]))
  expect({ code, err }).toEqual({ code: 1, err: '' })
  expect(commandsIn(out)).toMatchObject([{ name: 'error', properties: { file: 'app/b.py', line: '2' } }])
  expect(JSON.parse(await read('r.json')).outcome).toBe('broken')
  expect(await read('r.txt')).toMatch(/^BROKEN/)

  const sarif = sarifRun(await read('r.sarif'))
  expect(sarif.invocations[0]).toMatchObject({ executionSuccessful: true, exitCode: 1 })
  expect(sarif.results).toMatchObject([
    { ruleId: 'version-skew', locations: [{ physicalLocation: { artifactLocation: { uri: 'app/b.py' } } }] },
  ])
  expect(sarif.results[0]!.fixes).toHaveLength(1)

  const junit = junitRoot(await read('r.xml'))
  expect(junit.attributes).toEqual({ name: 'firstbreak', tests: '3', failures: '1', errors: '0' })
  expect(tests(junit)).toEqual(['app/a.py', 'app/b.py', 'all that was asked for was looked at'])

  expect(JSON.parse(await read('cq.json'))).toMatchObject([
    { check_name: 'version-skew', severity: 'critical', location: { path: 'app/b.py', lines: { begin: 2 } } },
  ])
})

const tests = (root: Element) =>
  root.children.flatMap(({ children }) =>
    children.flatMap(each => (each.name === 'testcase' ? [each.attributes.name] : [])),
  )

describe('the exit code does not depend on the format', () => {
  test.each<[string, Files, readonly string[], number]>([
    ['clean', sound, [], 0],
    ['broken', broken, [], 1],
    ['undecided', sound, ['--python', '3.8'], 2],
    ['warned of, where that counts', { ...sound, 'app/B.py': '', 'app/b.py': '' }, ['--fail-on', 'warning'], 1],
  ])('%s', async (_name, files, args, expected) => {
    await commit(files)
    const everyFormat = Object.keys(reporters).flatMap(name => ['--format', name])
    expect((await run(args)).code).toBe(expected)
    expect((await run([...args, ...everyFormat])).code).toBe(expected)
  })
})

/** One run in every format, and what it wrote in each. */
async function inAllFormats(): Promise<Readonly<Record<keyof typeof reporters, string>>> {
  const names = Object.keys(reporters)
  await run(names.flatMap(name => ['--format', `${name}=../out.${name}`]))
  return Object.fromEntries(await Promise.all(names.map(async name => [name, await read(`out.${name}`)])))
}

test('the same run gives the same bytes in every format, and names no place on this machine', async () => {
  await commit(broken)
  const first = await inAllFormats()
  expect(await inAllFormats()).toEqual(first)
  expect(Object.values(first).join('')).not.toContain(folder.path)
})

test('a project can say its formats in pyproject.toml, and the command line others', async () => {
  await commit({ ...broken, 'pyproject.toml': '[tool.firstbreak]\nformat = "gitlab"\n' })
  const { out } = await run([])
  expect(JSON.parse(out)).toHaveLength(1)
  expect((await run(['--format', 'text'])).out).toMatch(/^BROKEN/)
})

test('a project cannot say over which file a report is written', async () => {
  await commit({ ...broken, 'pyproject.toml': '[tool.firstbreak]\nformat = ["gitlab", "junit=../r.xml"]\n' })
  const { code, err } = await run([])
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('names a file to write, junit=../r.xml') })
  await expect(read('r.xml')).rejects.toThrow('ENOENT')
})

describe('refused before anything is looked at', () => {
  test.each<[string, readonly string[], string]>([
    [
      'a format that there is not',
      ['xml'],
      '--format xml: write text, json, sarif, junit, github or gitlab, or with a file, as json=FILE',
    ],
    ['one that every object has', ['toString'], '--format toString: write text'],
    ['a file without a name', ['sarif='], '--format sarif=: write text'],
    ['one file for two', ['sarif=r', 'json=./r'], '--format: two reports would go to'],
  ])('%s', async (_name, formats, message) => {
    await commit(sound)
    const { code, out, err } = await run(formats.flatMap(format => ['--format', format]))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`firstbreak: ${message}`)
  })
})

describe('in GitHub Actions', () => {
  test('the summary is added to what the step has', async () => {
    await commit(broken)
    await writeFile(at('summary.md'), 'before\n')
    await run(['--format', 'github'], { GITHUB_STEP_SUMMARY: at('summary.md') })
    expect(await read('summary.md')).toMatch(/^before\n\n## firstbreak: broken\n/)
  })

  test('there is none without the format', async () => {
    await commit(broken)
    await run(['--format', 'text'], { GITHUB_STEP_SUMMARY: at('summary.md') })
    await expect(stat(at('summary.md'))).rejects.toThrow('ENOENT')
  })

  test('a summary for which there is no room, or that cannot be written, changes no exit code and is said', async () => {
    await commit(broken)
    await writeFile(at('full.md'), 'x'.repeat(1024 ** 2 - 50))
    const full = await run(['--format', 'github'], { GITHUB_STEP_SUMMARY: at('full.md') })
    expect(full).toMatchObject({ code: 1, err: expect.stringContaining("the step's summary has no room left") })
    expect((await stat(at('full.md'))).size).toBe(1024 ** 2 - 50)
    const nowhere = await run(['--format', 'github'], { GITHUB_STEP_SUMMARY: at('no/summary.md') })
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('cannot write the summary to') })
  })
})

test.each<[string, Record<string, string>, string | undefined]>([
  ['GitHub', { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r' }, 'https://github.com/o/r'],
  ['GitLab, without credentials', { CI_PROJECT_URL: 'https://user:token@gitlab.com/g/r' }, 'https://gitlab.com/g/r'],
  ['nobody', {}, undefined],
  ['what is no address', { CI_PROJECT_URL: 'javascript:alert(1)' }, undefined],
])('SARIF names the repository and the commit as %s says', async (_name, environment, uri) => {
  await commit(sound)
  const { versionControlProvenance } = sarifRun((await run(['--format', 'sarif'], environment)).out)
  const named = { repositoryUri: uri, revisionId: expect.stringMatching(/^[0-9a-f]{40}$/) }
  if (uri === undefined) expect(versionControlProvenance).toBeUndefined()
  else expect(versionControlProvenance).toMatchObject([named])
})

test('names and sources that are meant to break a format break none', async () => {
  const names = [
    '::error::a',
    'b\n::stop-commands::c',
    'd%0A::error::e',
    '\u001b[31mf',
    ']]>g',
    '<h>"\'&',
    '##[add-mask]i',
    '\u202ej',
    'k,line=9',
  ]
  const source = 'x = "]]> ::error:: ##[set-output name=a]b <y> \u001b[31m\n'
  await commit(Object.fromEntries(names.map(name => [`${name}.py`, source])))
  await writeFile(Buffer.from(`${at('repository')}/\xff.py`, 'latin1'), source)
  const shown = await inAllFormats()
  const files = names.length + 1
  expect(sarifRun(shown.sarif).results.filter(({ level }) => level === 'error')).toHaveLength(files)
  expect(junitRoot(shown.junit).attributes).toMatchObject({ tests: `${files + 1}`, failures: `${files}` })
  expect(JSON.parse(shown.gitlab).filter(({ severity }: { severity: string }) => severity === 'critical')).toHaveLength(
    files,
  )
  expect(new Set(commandsIn(shown.github).map(({ name }) => name))).toEqual(new Set(['error']))
  const { github: _, ...others } = shown
  for (const out of Object.values(others)) expect(commandsIn(out)).toEqual([])
  for (const out of Object.values(shown)) expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u)
})

test('the commands of docs/formats.md do what it says', async () => {
  await commit(broken)
  const page = await readFile(join(import.meta.dirname, '../../docs/formats.md'), 'utf8')
  const commands = [...page.matchAll(/^npx firstbreak (.*)$/gm)].map(([, args]) => args!.split(' '))
  expect(commands).toHaveLength(2)
  for (const args of commands) {
    expect(await run(args)).toMatchObject({ code: 1, err: '' })
    const files = args.flatMap(arg => (arg.includes('=') ? [arg.split('=')[1]!] : []))
    for (const file of files) expect((await stat(at(join('repository', file)))).size).toBeGreaterThan(0)
  }
})
