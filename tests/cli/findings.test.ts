import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage, tarOf } from '../support/images.ts'
import { commitFiles, type Files, git, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const commit = (files: Files) => makeRepository(at('service'), files)
const schema = JSON.parse(await readFile(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'))
const codes: string[] = schema.$defs.finding.properties.code.enum
const pages = join(import.meta.dirname, '../../docs/findings')

const shop: Files = {
  'app/a.py': 'total = 1\n',
  'app/b.py': 'price = 20\n',
  'app/test_c.py': 'done = 3\n',
  '.gcloudignore': '.git\n',
  '.python-version': '3.12\n',
  Dockerfile: 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n',
}

/** The image of a tree that was copied to /srv, with more layers over it. */
async function image(
  files: Files,
  layers: readonly (readonly [instruction: string, files: Files])[] = [],
  version = '3.12.7',
): Promise<void> {
  const copied = Object.entries(files).map(([path, text]) => [`srv/${path}`, text])
  await saveImage(at('image.tar'), [Object.fromEntries(copied), ...layers.map(([, written]) => written)], {
    workingDirectory: '/srv',
    environment: [`PYTHON_VERSION=${version}`],
    instructions: ['COPY . .', ...layers.map(([instruction]) => instruction)],
  })
}

/** What CPython 3.11 caches of `price = 1`, as it writes it for a source of 11 bytes that was last changed in 1970. */
const oldBytecode = Buffer.concat([
  Buffer.from('a70d0d0a00000000000000000b000000', 'hex'),
  Buffer.from(
    '4wAAAAAAAAAAAAAAAAEAAAAAAAAA8woAAACXAGQAWgBkAVMAKQLpAQAAAE4pAdoFcHJpY2WpAPMAAAAA+ghhcHAvYi5wefoIPG1vZHVsZT5yBwAAAAEAAABz' +
      'DgAAAPADAQEB2AgJgAWABYAFcgUAAAA=',
    'base64',
  ),
])

/** For each finding a situation that has it, and the run that finds it. */
const situations: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  async 'version-skew'() {
    const text = 'def line(row):\n    return f"{\n        row[\'id\']\n    }"\n'
    await commit({ ...shop, 'app/a.py': text, Dockerfile: 'FROM python:3.11-slim\nWORKDIR /srv\nCOPY . .\n' })
    return []
  },
  async 'broken-source'() {
    await commit({ ...shop, 'app/a.py': 'total = (1\n\n\ndef rows()\n    return total\n' })
    return []
  },
  async 'uncommitted-change'() {
    await commit(shop)
    await writeFiles(at('service'), { 'app/b.py': 'price = 20 +\n' })
    return []
  },
  async 'altered-in-upload'() {
    await commit(shop)
    await writeFile(at('source.tar'), await tarOf({ ...shop, 'app/a.py': 'total =' }))
    return ['--upload', '../source.tar']
  },
  async 'altered-in-image'() {
    await commit(shop)
    await image(shop, [['RUN sed -i "s/= /= (/" app/b.py', { 'srv/app/b.py': 'price = (20\n' }]])
    return ['--image', '../image.tar']
  },
  async 'stale-in-image'() {
    await commit({ ...shop, 'app/b.py': 'price = 19\n' })
    await commitFiles(at('service'), shop, 'Raise the price')
    await image({ ...shop, 'app/b.py': 'price = 19\n' })
    return ['--image', '../image.tar']
  },
  async 'missing-from-upload'() {
    await commit({ ...shop, '.gcloudignore': '.git\ntest_*\n' })
    return []
  },
  async 'missing-from-image'() {
    await commit(shop)
    await image(shop, [['RUN find . -name "test_*" -delete', { 'srv/app/.wh.test_c.py': '' }]])
    return ['--image', '../image.tar']
  },
  async 'unexpected-in-image'() {
    await commit(shop)
    await image(shop, [['RUN python -m make_settings', { 'srv/app/settings.py': 'debug = False\n' }]])
    return ['--image', '../image.tar']
  },
  async 'stale-bytecode'() {
    const files = {
      ...shop,
      '.python-version': '3.11\n',
      Dockerfile: 'FROM python:3.11-slim\nWORKDIR /srv\nCOPY . .\n',
    }
    await commit(files)
    await image({ ...files, 'app/__pycache__/b.cpython-311.pyc': oldBytecode }, [], '3.11.3')
    return ['--image', '../image.tar']
  },
  async 'path-collision'() {
    await commit({ ...shop, 'app/B.py': 'price = 21\n' })
    return []
  },
  async 'policy-conflict'() {
    await commit({ ...shop, '.python-version': '3.13\n' })
    return []
  },
  async 'provenance-mismatch'() {
    await commit(shop)
    await git(at('service'), 'archive', '--output=../source.tar', 'HEAD')
    await commitFiles(at('service'), { 'README.md': 'The shop.\n' }, 'Describe it')
    return ['--upload', '../source.tar']
  },
  async 'syntax-warning'() {
    await commit({ ...shop, 'app/a.py': "import re\n\ndigits = re.compile('\\d+')\n" })
    return []
  },
  async undecided() {
    await commit({ ...shop, Dockerfile: 'FROM python:3.8-slim\nCOPY . .\n' })
    return []
  },
}

/** The command, the first line, what is said of the finding, and how it ends; what is left out is marked. */
async function example(code: string): Promise<string> {
  const args = await situations[code]!()
  const { code: exit, out } = await firstbreak(at('service'), ['--interpreters', 'embedded', ...args], {})
  const [block] = new RegExp(`^(?:error|warning|note) ${code}\\b.*\\n(?:(?: .*)?\\n)*`, 'm').exec(out) ?? []
  const shown = [out.split('\n', 1)[0], '…', block?.trimEnd() ?? 'NOT FOUND', '…', `exit ${exit}`]
  return [`$ firstbreak ${['--interpreters', 'embedded', ...args].join(' ')}`, ...shown].join('\n')
}

test.each(codes)('the page of %s shows what a run prints', async code => {
  const page = await readFile(join(pages, `${code}.md`), 'utf8')
  const shown = await example(code)
  expect(shown).not.toContain('NOT FOUND')
  expect(shown).not.toContain(folder.path)
  const fresh = page.replace(/```console\n[\s\S]*?```/, () => `\`\`\`console\n${shown}\n\`\`\``)
  await expect(fresh).toMatchFileSnapshot(join(pages, `${code}.md`))
})

test('there is a page with an example for every finding, of one form, and the list has all of them', async () => {
  const names = (await readdir(pages)).filter(name => name !== 'README.md')
  expect(names.sort()).toEqual(
    Object.keys(situations)
      .map(code => `${code}.md`)
      .sort(),
  )
  expect(names).toEqual(expect.arrayContaining(codes.map(code => `${code}.md`)))
  const list = await readFile(join(pages, 'README.md'), 'utf8')
  for (const code of Object.keys(situations)) {
    const page = await readFile(join(pages, `${code}.md`), 'utf8')
    const headings = page.match(/^#+ .*$/gm)
    expect(headings).toEqual([`# ${code}`, '## What it means', '## How it was decided', '## What to do', '## Example'])
    const [, summary = ''] = page.split('\n\n')
    expect(list).toContain(`| [\`${code}\`](${code}.md) | ${summary} |\n`)
  }
})
