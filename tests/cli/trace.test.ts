import { access, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
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
const top = () => at('repository')

async function trace(args: readonly string[], cwd = top()) {
  return firstbreak(cwd, ['trace', '--interpreters', 'embedded', ...args], {})
}

/** A whole run, as it would be read; the digits of layers and commits, which hold the time, stay as they are made with a set one. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await trace(args.map(arg => arg.replace('@', `${folder.path}/`)))
  return `$ firstbreak trace ${args.join(' ')}\n${err.replaceAll(folder.path, '@')}${out}exit ${code}\n`
}

/** The document of `--format json`. */
async function json(...args: string[]) {
  const { out, err } = await trace([...args.map(arg => arg.replace('@', `${folder.path}/`)), '--format', 'json'])
  expect(err).toBe('')
  return JSON.parse(out)
}

const expectRun = async (text: Promise<string>, name: string) =>
  expect(await text).toMatchFileSnapshot(`runs/trace-${name}.txt`)

const dockerfile = 'FROM python:3.11-slim\nWORKDIR /srv\nCOPY . .\n'
const multiline =
  'import json\n\n\ndef line(event):\n    return f"data: {json.dumps({\n        "id": event,\n    })}"\n\n\ndef other(a):\n    return f"{\n        a\n    }"\n'
const base: Files = {
  'app/a.py': multiline,
  'app/b.py': 'x = 1\ny = 2\nz = 3\n',
  'app/c.py': 'c = 1\n',
  Dockerfile: dockerfile,
}
const below = (directory: string, files: Files) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]))

/** The image of a tree that was copied to /srv, with more layers over it. */
async function image(files: Files, layers: readonly Files[] = [], instructions: readonly string[] = []): Promise<void> {
  await saveImage(at('image.tar'), [{ 'etc/os-release': '' }, below('srv', files), ...layers], {
    workingDirectory: '/srv',
    environment: ['PYTHON_VERSION=3.11.9'],
    instructions: ['ADD rootfs.tar /', 'COPY . . # buildkit', ...instructions],
  })
}
const dev = ['--dev-python', '3.12']

test('the same bytes everywhere, two places, and who wrote them when', async () => {
  await makeRepository(top(), { ...base, 'app/a.py': 'def line(event):\n    return ""\n' })
  await commitFiles(top(), { 'app/a.py': multiline }, 'Stream events as JSON')
  await commitFiles(top(), { 'app/a.py': multiline.replace('"id"', '"key"') }, 'Call it key')
  await image({ ...base, 'app/a.py': multiline.replace('"id"', '"key"') })
  await expectRun(run('app/a.py', '--image', '@image.tar', ...dev), 'skew')
})

test('CRLF in the upload, and a layer that breaks what it writes', async () => {
  await makeRepository(top(), base)
  const sent = { ...base, 'app/b.py': 'x = 1\r\ny = 2\r\nz = 3\r\n' }
  await writeFile(at('source.tar'), await tarOf(sent))
  const sed = "RUN /bin/sh -c sed -i 's/y = /y = (/' app/b.py"
  await image(sent, [{ 'srv/app/b.py': 'x = 1\r\ny = (2\r\nz = 3\r\n' }], [sed])
  const args = ['app/b.py', '--upload', '@source.tar', '--image', '@image.tar', ...dev]
  await expectRun(run(...args), 'altered')
  const document = await json(...args)
  expect(document.stages.map((stage: { change: { kind: string } | null }) => stage.change?.kind ?? null)).toEqual([
    null,
    null,
    'line-endings',
    'rewritten',
  ])
  expect(document.stages[3].layers).toMatchObject({
    path: '/srv/app/b.py',
    writes: [
      { index: 1, verdict: 'compiles', asBefore: true },
      { index: 2, verdict: 'breaks', asBefore: false, createdBy: sed },
    ],
  })
})

test('a layer that still holds the bytes of an earlier commit', async () => {
  await makeRepository(top(), { ...base, 'app/b.py': 'x = (\n' })
  await commitFiles(top(), base, 'Mend it')
  await image({ ...base, 'app/b.py': 'x = (\n' })
  await expectRun(run('app/b.py', '--image', '@image.tar', ...dev), 'stale')
})

test('a file that an ignore rule keeps out, and one that a layer deletes', async () => {
  await makeRepository(top(), { ...base, '.gcloudignore': '.git\napp/c.py\n' })
  await image(base, [{ 'srv/app/.wh.b.py': '' }], ['RUN rm app/b.py'])
  await expectRun(run('app/c.py', ...dev), 'ignored')
  await expectRun(run('app/b.py', '--image', '@image.tar', ...dev), 'deleted')
})

test('files that are only in the image, beside the source and apart from it', async () => {
  await makeRepository(top(), base)
  const library = 'usr/local/lib/python3.11/site-packages/newer.py'
  await image(base, [{ 'srv/app/extra.py': 'e = 1\n', [library]: 'type X = int\n' }], ['RUN pip install newer'])
  await expectRun(run('/srv/app/extra.py', '--image', '@image.tar', ...dev), 'beside')
  await expectRun(run(`image:/${library}`, '--image', '@image.tar', ...dev), 'apart')
})

test('files of a directory that only the image has', async () => {
  await makeRepository(top(), base)
  const made = { 'srv/app/gen/bad.py': 'x = = 1\n', 'srv/app/gen/good.py': 'y = 1\n', 'srv/app/gen/gone.py': 'z = 1\n' }
  await image(base, [made, { 'srv/app/gen/.wh.gone.py': '' }], ['RUN protoc app/gen', 'RUN rm app/gen/gone.py'])
  const told = ['--image', '@image.tar', ...dev]
  await expectRun(run('/srv/app/gen/bad.py', ...told), 'new-directory')
  for (const path of ['srv/app/gen/bad.py', 'app/gen/bad.py']) {
    const { code, out } = await trace([path, '--image', at('image.tar'), ...dev, '--format', 'json'])
    expect([path, code, JSON.parse(out).path]).toEqual([path, 1, 'srv/app/gen/bad.py'])
  }
  const good = await run('app/gen/good.py', ...told)
  expect(good).toContain('CLEAN  srv/app/gen/good.py\nOnly the image has it; it compiles on CPython 3.11')
  expect(good).toContain('\nwarning unexpected-in-image\n')
  expect(good).toMatch(/exit 0\n$/)
  const near = 'near it are "/srv/app/gen/bad.py", "/srv/app/gen/good.py"'
  expect(await run('/srv/app/gen', ...told)).toContain(`no image holds a Python file "/srv/app/gen": ${near}\n`)
  expect(await run('app/gen/gone.py', ...told)).toContain('; layer 3 of image deleted "/srv/app/gen/gone.py"\n')
})

test('two images, of which one has it otherwise; what a link led to', async () => {
  await makeRepository(top(), base)
  await symlink('b.py', at('repository/app/link.py'))
  await git(top(), 'add', '--all')
  await git(top(), 'commit', '--quiet', '--message=link')
  const crlf = { ...base, 'app/b.py': 'x = 1\r\ny = 2\r\nz = 3\r\n', 'app/link.py': base['app/b.py']! }
  await image(crlf)
  await rename(at('image.tar'), at('other.tar'))
  await image(base)
  const images = ['--image', '@image.tar', '--image', 'other=@other.tar']
  await expectRun(run('app/b.py', ...images, ...dev), 'two-images')
  await expectRun(run('app/link.py', ...images, ...dev), 'link')
})

test('what cannot be seen is shown: BOM, NUL, blanks, tabs, other forms of one character', async () => {
  const source = 'name = "caf\u00e9"\nif name:\n    x = 1\ny = "a b"\nz = 3\n'
  await makeRepository(top(), { ...base, 'app/b.py': source })
  const changed = '\ufeffname = "cafe\u0301"\nif name:\n\tx = 1  \ny = "a\u00a0b"\nz = 3\u0000'
  await image({ ...base, 'app/b.py': changed })
  const { out } = await trace(['app/b.py', '--image', at('image.tar'), ...dev])
  for (const line of ['\\ufeffname = "cafe\\u0301"', '\\tx = 1··', 'y = "a\\u00a0b"', 'z = 3\\x00 (no line break)']) {
    expect(out).toContain(`+ ${line}\n`)
  }
})

test('names, authors and messages that would write to the terminal', async () => {
  const red = '\u001b[31m'
  const name = `app/${red}red\u202e.py`
  await makeRepository(top(), base)
  await writeFiles(top(), { [name]: 'x = ( # ##vso[task.complete]\n' })
  await git(top(), 'add', '--all')
  await git(top(), 'commit', '--quiet', `--author=A${red}\u202eda <a@example.com>`, `--message=${red}add\u0007`)
  const shown = 'app/\\x1b[31mred\\u202e.py'
  const runs = [await trace([shown, ...dev]), await trace([name, ...dev]), await trace([`${name}x`, ...dev])]
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 2])
  expect(runs[1]).toEqual(runs[0])
  expect(runs[0]!.out).toContain('A\\x1b[31m\\u202eda: \\x1b[31madd\\x07')
  expect(
    runs
      .map(({ out, err }) => out + err)
      .join('')
      .replaceAll('\n', ''),
  ).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}|##vso/u)
})

test('bytes that are no text at all', async () => {
  await makeRepository(top(), base)
  const junk = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * i * 31 + (i >> 3)) % 256))
  await image({ ...base, 'app/b.py': junk })
  const { code, out } = await trace(['app/b.py', '--image', at('image.tar'), ...dev])
  expect(code).toBe(1)
  expect(out).toContain('upload to image  rewritten: ')
  expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u)
  expect(out.split('\n').length).toBeLessThan(100)
})

test('a bare repository has its lines told as well', async () => {
  await makeRepository(top(), { ...base, 'app/b.py': 'x = (\n' })
  await git(folder.path, 'clone', '--quiet', '--bare', top(), at('bare'))
  const { code, out } = await trace(['app/b.py', ...dev], at('bare'))
  expect(code).toBe(1)
  expect(out).toContain('Author: first')
})

test('a name that is no UTF-8 is found as it is shown; git cannot be asked about it', async () => {
  await makeRepository(top(), base)
  await writeFile(Buffer.from(`${at('repository')}/app/\xff.py`, 'latin1'), 'y =\n')
  await git(top(), 'add', '--all')
  await git(top(), 'commit', '--quiet', '--message=odd')
  const { code, out, err } = await trace(['app/\\xff.py', ...dev])
  expect(code).toBe(1)
  expect(out).toMatch(/^BROKEN {2}app\/\\xff\.py$/m)
  expect(out).toContain('git could not tell who wrote the lines: stderr says why')
  expect(err).toContain('who wrote the lines cannot be told: "app/\\udcff.py" is not UTF-8')
})

test('a change that is in no commit, and an untracked file', async () => {
  await makeRepository(top(), base)
  await writeFiles(top(), { 'app/b.py': 'x = 1\ny = (2\nz = 3\n', 'app/new.py': 'n = (\n' })
  await expectRun(run('app/b.py', '--upload', 'none', ...dev), 'uncommitted')
  const { code, out } = await trace(['app/new.py', '--upload', 'none', ...dev])
  expect(code).toBe(1)
  expect(out).toMatch(/commit +not there\n/)
  expect(out).toContain('untracked by git')
  expect(out).toContain('the commit has no such file: nobody committed these lines')
})

test('a file that was renamed, in a clone that is cut off', async () => {
  await makeRepository(top(), { ...base, 'old.py': 'a = 1\nb = (\nc = 3\nd = 4\n' })
  await git(top(), 'mv', 'old.py', 'app/moved.py')
  await git(top(), 'commit', '--quiet', '--message=Move it')
  const whole = await trace(['app/moved.py', ...dev])
  expect(whole.out).toContain('the file was renamed: lines of it stood in old.py')
  expect(whole.out).not.toContain('shallow')
  await git(folder.path, 'clone', '--quiet', '--depth=1', `file://${top()}`, at('shallow'))
  const shallow = await trace(['app/moved.py', ...dev], at('shallow'))
  expect(shallow.out).toContain('the clone is shallow')
  expect(shallow.out).toContain('Author: Move it')
})

test('no program that the repository names is started', async () => {
  await makeRepository(top(), { ...base, '.gitattributes': '*.py diff=bad filter=bad\n', 'app/b.py': 'x = (\n' })
  const bad = `touch ${at('started')}; cat`
  const named = ['diff.external', 'diff.bad.textconv', 'diff.bad.command', 'filter.bad.clean', 'filter.bad.smudge']
  for (const key of [...named, 'core.pager', 'pager.log', 'pager.blame', 'gpg.program', 'core.fsmonitor']) {
    await git(top(), 'config', key, bad)
  }
  for (const key of ['log.showSignature', 'filter.bad.required']) await git(top(), 'config', key, 'true')
  const told = await trace(['app/b.py', ...dev])
  expect(told.code).toBe(1)
  expect(told.out).toContain('Author: first')
  await git(top(), 'config', 'blame.ignoreRevsFile', 'missing')
  const untold = await trace(['app/b.py', ...dev])
  expect(untold.code).toBe(1)
  expect(untold.err).toContain('could not open object name list: missing')
  await expect(access(at('started'))).rejects.toThrow('ENOENT')
})

test('where the path may be from: here, the top, the source, the disk, an image', async () => {
  await makeRepository(top(), below('svc', base))
  await image(base)
  const ways: readonly [string, string][] = [
    ['svc/app/b.py', top()],
    ['app/b.py', top()],
    ['b.py', at('repository/svc/app')],
    ['../app/b.py', at('repository/svc/app')],
    ['svc/app/b.py', at('repository/svc/app')],
    [at('repository/svc/app/b.py'), folder.path],
    ['/srv/app/b.py', top()],
    ['image:/srv/app/b.py', top()],
    ['built:/srv/app/b.py', top()],
  ]
  const name = (path: string) => (path.startsWith('built:') ? 'built=' : '')
  for (const [path, cwd] of ways) {
    const options = ['--repo', top(), '--source', 'svc', '--image', name(path) + at('image.tar')]
    const { code, out } = await trace([path, ...options, ...dev, '--format', 'json'], cwd)
    expect([path, code, JSON.parse(out).path]).toEqual([path, 0, 'svc/app/b.py'])
  }
})

test('a path that no stage holds is answered with what is near', async () => {
  await makeRepository(top(), { ...base, 'lib/b.py': '', 'readme.txt': '' })
  await image(base)
  const err = async (...args: string[]) => {
    const run = await trace([...args, ...dev])
    expect([run.code, run.out]).toEqual([2, ''])
    return run.err
  }
  expect(await err('src/b.py')).toBe(
    'firstbreak: no stage holds a Python file "src/b.py": near it are "app/b.py", "lib/b.py", "app/a.py", "app/c.py"\n',
  )
  expect(await err('/app/b.py')).toContain('there is no image, so none holds a Python file "/app/b.py"')
  expect(await err('/etc/b.py', '--image', at('image.tar'))).toContain('near it are "/srv/app/b.py"')
  expect(await err('readme.txt')).toContain(
    'no stage holds a Python file "readme.txt": nothing there is called nearly so',
  )
})

test('verify leaves out what is excluded; trace says so and looks', async () => {
  await makeRepository(top(), {
    ...base,
    'app/b.py': 'x = (\n',
    'pyproject.toml': '[tool.firstbreak]\nexclude = ["b.py"]\n',
  })
  const { code, out } = await trace(['app/b.py', ...dev])
  expect(code).toBe(1)
  expect(out).toContain('verify does not judge this file: --exclude keeps it out')
})

test('what breaks nothing at the end of the way exits 0; what cannot be told exits 2; --fail-on as for verify', async () => {
  await makeRepository(top(), { ...base, '.gcloudignore': '.git\napp/c.py\n', 'app/b.py': 'x = (\n' })
  await writeFiles(top(), { 'app/b.py': 'x = 1\n' })
  const exits = async (...args: string[]) => (await trace([...args, ...dev])).code
  expect(await exits('app/b.py')).toBe(0)
  expect(await exits('app/b.py', '--fail-on', 'warning')).toBe(1)
  await saveImage(at('image.tar'), [{ 'usr/x.py': '' }])
  expect(await exits('app/b.py', '--image', at('image.tar'))).toBe(2)
  expect(await exits('app/b.py', '--python', '2.1')).toBe(2)
})

test('the same inputs give the same bytes, in the form of the schema; a file and the screen at once', async () => {
  await makeRepository(top(), base)
  await image(base, [{ 'srv/app/b.py': 'x = (\n' }])
  await mkdir(at('repository/links'))
  await symlink('../app/c.py', at('repository/links/c.py'))
  const args = ['--image', at('image.tar'), ...dev]
  const first = await trace(['app/b.py', ...args, '--format', 'json', '--format', `json=${at('out.json')}`])
  expect((await trace(['app/b.py', ...args, '--format', 'json'])).out).toBe(first.out)
  expect(first.out).not.toContain(folder.path)
  expect(await readFile(at('out.json'), 'utf8')).toBe(first.out)
  const load = async (name: string) =>
    JSON.parse(await readFile(new URL(`../../src/report/${name}.schema.json`, import.meta.url), 'utf8'))
  const schemas = new Ajv2020({ strict: true, allowUnionTypes: true })
  const validate = schemas.addSchema(await load('report'), 'report.schema.json').compile(await load('trace'))
  for (const path of ['app/a.py', 'app/b.py', 'app/c.py', 'links/c.py']) {
    const document = JSON.parse((await trace([path, ...args, '--format', 'json'])).out)
    expect(validate(document), `${path} ${JSON.stringify(validate.errors)}`).toBe(true)
    expect(validate({ ...document, more: 1 })).toBe(false)
  }
})

test('--quiet keeps to what is wrong and what to do; --help has the options of verify', async () => {
  await makeRepository(top(), { ...base, 'app/b.py': 'x = (\n' })
  await expectRun(run('app/b.py', '--quiet', ...dev), 'quiet')
  const { code, out } = await firstbreak(top(), ['trace', '--help'], {})
  expect(code).toBe(0)
  expect(out).toContain('firstbreak trace [options] <path>')
  // Of --format it has other values.
  const optionsOf = (help: string) => help.match(/^ {2}-(?!-format).*$/gm)
  expect(optionsOf(out)).toEqual(optionsOf((await firstbreak(top(), ['verify', '--help'], {})).out))
})
