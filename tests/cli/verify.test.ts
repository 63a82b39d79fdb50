import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage, tarOf } from '../support/images.ts'
import { type Files, git, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)

/** A whole run, as it would be read: the command, what it prints, how it ends. The folder's own name is left out. */
async function run(...args: string[]): Promise<string> {
  const whole = ['--interpreters', 'embedded', ...args]
  const { code, out, err } = await firstbreak(
    at('repository'),
    whole.map(arg => arg.replace('@', `${folder.path}/`)),
    {},
  )
  return `$ firstbreak ${whole.join(' ')}\n${err.replaceAll(folder.path, '@')}${out}exit ${code}\n`
}

const commit = (files: Files) => makeRepository(at('repository'), files)
const change = (files: Files) => writeFiles(at('repository'), files)
const expectRun = async (text: Promise<string>, name: string) =>
  expect(await text).toMatchFileSnapshot(`runs/${name}.txt`)

const multiline =
  'import json\n\n\ndef line(event):\n    return f"data: {json.dumps({\n        "id": event,\n    })}"\n'
const dockerfile = 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\n'

test('a clean tree', async () => {
  await commit({
    'app/a.py': 'x = 1\n',
    'app/__init__.py': '',
    Dockerfile: 'FROM python:3.12\n',
    '.python-version': '3.12.7\n',
  })
  await expectRun(run(), 'clean')
})

test('skew, a dirty file, one that does not travel, and one that a layer alters', async () => {
  const files = { 'app/a.py': multiline, 'app/b.py': 'x = 1\n', 'app/c.py': 'y = 2\n', 'app/d.py': 'z = 3\n' }
  await commit({
    ...files,
    'app/e.py': 'e = 5\n',
    'secret/s.py': 's = 4\n',
    Dockerfile: dockerfile,
    '.gitignore': 'secret/\n',
  })
  const changed = { 'app/b.py': 'x = (1\n' }
  await change(changed)
  const sent = { ...files, ...changed, 'app/e.py': 'e = 5\n' }
  await writeFile(at('source.tar'), await tarOf(sent))
  const copied = Object.fromEntries(Object.entries(sent).map(([path, text]) => [`srv/${path}`, text]))
  await saveImage(at('image.tar'), [{ 'etc/x': '' }, copied, { 'srv/app/c.py': 'y = = 2\n', 'srv/app/.wh.e.py': '' }], {
    workingDirectory: '/srv',
    environment: ['PYTHON_VERSION=3.11.9'],
    instructions: ['ADD rootfs.tar /', 'COPY . . # buildkit', 'RUN /bin/sh -c sed -i s/=/==/ app/c.py'],
  })
  await expectRun(run('--upload', '@source.tar', '--image', '@image.tar', '--dev-python', '3.12'), 'everything')
  await expectRun(
    run('--upload', '@source.tar', '--image', '@image.tar', '--dev-python', '3.12', '--format', 'json'),
    'everything-json',
  )
})

test('names, sources and messages that would write to the terminal', async () => {
  const red = '\u001b[31m'
  await commit({ [`app/${red}red\u202e.py`]: `x = "${red}\n`, Dockerfile: `FROM python:3.12 AS ${red}\n` })
  await writeFile(Buffer.from(`${at('repository')}/app/\xff.py`, 'latin1'), 'y =\n')
  const text = await run('--deploy-python', '3.12', '--dev-python', '3.12')
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u)
  expect(text).toContain('app/\\x1b[31mred\\u202e.py')
  expect(text).toContain('app/\\xff.py')
})

test('an interpreter that is not to be had is said, and the run does not end well', async () => {
  await commit({ 'a.py': 'x = 1\n', Dockerfile: 'FROM python:3.8\n' })
  await expectRun(run('--dev-python', '3.12'), 'no-interpreter')
})

test('an image in which nothing of the source is found', async () => {
  await commit({ 'a.py': 'x = 1\n' })
  await saveImage(at('image.tar'), [{ 'usr/lib/python3.12/os.py': 'import sys\n' }])
  await expectRun(run('--image', '@image.tar', '--dev-python', '3.12'), 'other-image')
})

test('a file of 30 MB is judged, and one that is too large for that is said to be', async () => {
  await commit({ 'a.py': 'x = 1\n' })
  await change({
    'big.py': `x = "${'-'.repeat(30e6)}"\n`,
    'empty.py': '',
    'larger.py': Buffer.alloc(64 * 1024 ** 2 + 1, '#'),
  })
  await expectRun(run('--upload', 'none', '--deploy-python', '3.12', '--dev-python', '3.12', '--quiet'), 'large-files')
})

test('what is installed in an image is judged where it is asked for, and warned of', async () => {
  await commit({ 'app/a.py': 'x = 1\n', 'app/b.py': 'y = 2\n', Dockerfile: dockerfile })
  const library = 'usr/local/lib/python3.11'
  await saveImage(at('image.tar'), [
    { [`${library}/os.py`]: '', [`${library}/lib2to3/tests/data/py2.py`]: 'print 1\n' },
    { [`${library}/site-packages/newer/__init__.py`]: 'type X = int\n', [`${library}/site-packages/ok.py`]: 'z = 1\n' },
    { 'app/app/a.py': 'x = 1\n', 'app/app/b.py': 'y = 2\n' },
  ])
  const args = ['--image', '@image.tar', '--python', '3.12']
  await expectRun(run(...args, '--dependencies'), 'dependencies')
  expect(await run(...args)).not.toContain('Installed')
})

test('an image whose links lead round in circles', async () => {
  await commit({ 'a.py': 'x = 1\n' })
  const loop = (name: string, linkname: string) => ({ name, linkname, type: 'symlink' }) as const
  const layer = [
    { name: 'srv/a.py', content: 'x = 1\n' },
    loop('srv/b.py', 'c.py'),
    loop('srv/c.py', 'b.py'),
    loop('srv/d', '.'),
  ]
  await saveImage(at('image.tar'), [layer], { environment: ['PYTHON_VERSION=3.12.7'] })
  const { code, out } = await firstbreak(
    at('repository'),
    ['--interpreters', 'embedded', '--image', at('image.tar'), '--dev-python', '3.12'],
    {},
  )
  expect({ code, start: out.slice(0, 5) }).toEqual({ code: 0, start: 'CLEAN' })

  await saveImage(at('image.tar'), [
    [
      { name: 'srv/a.py', linkname: 'srv/b.py', type: 'link' },
      { name: 'srv/b.py', linkname: 'srv/a.py', type: 'link' },
    ],
  ])
  const refused = await firstbreak(at('repository'), ['--interpreters', 'embedded', '--image', at('image.tar')], {})
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringContaining('"srv/a.py" is a hard link to "srv/b.py", which is not there'),
  })
})

test('declarations that disagree are warned of, and break nothing', async () => {
  await commit({
    'a.py': 'x = 1\n',
    Dockerfile: dockerfile,
    '.python-version': '3.12.4\n',
    'pyproject.toml': '[project]\nrequires-python = ">=3.12"\n',
    '.github/workflows/test.yml':
      'jobs:\n  test:\n    steps:\n    - uses: actions/setup-python@v5\n      with: {python-version: "3.12"}\n',
    'mise.toml': '[tools]\npython = "latest"\n',
    'environment.yml': 'dependencies: [\n',
  })
  await expectRun(run('--format', 'text', '--format', 'json=@report.json'), 'policy-conflict')
  await expectRun(readFile(at('report.json'), 'utf8'), 'policy-conflict-json')
})

test('a Python file that is a symlink, a directory called x.py, and a script', async () => {
  await commit({
    'real.py': 'x = 1\n',
    'x.py/inner.txt': 'text',
    run: '#!/usr/bin/env python3\nif:\n',
    sh: '#!/bin/sh\n',
  })
  await rm(at('repository/x.py'), { recursive: true })
  await mkdir(at('repository/x.py'))
  await symlink('real.py', at('repository/link.py'))
  await git(at('repository'), 'add', '--all')
  await git(at('repository'), 'commit', '--quiet', '--message=links')
  await expectRun(run('--deploy-python', '3.12', '--dev-python', '3.12', '--quiet'), 'odd-files')
})

test('the same inputs give the same bytes, wherever they stand', async () => {
  const json = async () => {
    await commit({ 'a.py': 'x = \n', 'b.py': 'y = 2\n' })
    const { out } = await firstbreak(
      at('repository'),
      ['--format', 'json', '--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12'],
      {},
    )
    return out
  }
  const first = await json()
  await folder[Symbol.asyncDispose]()
  folder = await temporaryFolder()
  expect(await json()).toBe(first)
  expect(first).not.toContain(folder.path)
})
