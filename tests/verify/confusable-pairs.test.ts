import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { tgzOf } from '../support/archives.ts'
import { firstbreak } from '../support/command-line.ts'
import { saveImage, type TarRecord } from '../support/images.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { commitFiles, type Files, git, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)

/** What each stage holds; a stage that is left out is not looked at, but for the working tree, which is as committed. */
interface Way {
  /** Commits before the one that is looked at, the oldest first. */
  readonly before?: readonly Files[]
  readonly commit: Files
  readonly worktree?: Files
  readonly upload?: Files
  readonly image?: readonly (Files | readonly TarRecord[])[]
  readonly deploy?: string
  readonly dev?: string
  readonly options?: readonly string[]
}

interface Finding {
  readonly code: string
  readonly severity: string
  readonly path: string | null
  readonly firstBreak: { readonly stage: string } | null
  readonly evidence: {
    readonly change?: string
    readonly changeDetail?: { readonly and?: string }
    readonly after?: { readonly stage: string }
  }
}

/** Some whole files besides, so that an image can be told to hold this source. */
const beside = { 'app/__init__.py': '# whole\n', 'app/whole.py': 'whole = 1\n', 'app/sound.py': 'sound = 1\n' }
const underApp = (files: Files) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`srv/${path}`, text]))

/** Each finding as a line: `error altered-in-image a.py at image: line-endings+bom`; what breaks nothing is so marked. */
async function told({ before = [], commit, worktree = {}, upload, image, ...way }: Way): Promise<string[]> {
  const repository = at('repository')
  const [first = { ...beside, ...commit }, ...rest] = [
    ...before.map(files => ({ ...beside, ...files })),
    ...(before.length > 0 ? [commit] : []),
  ]
  await makeRepository(repository, { '.gcloudignore': '.git\n', ...first })
  for (const [i, files] of rest.entries()) await commitFiles(repository, files, `commit ${i}`)
  await writeFiles(repository, worktree)
  const args = ['--interpreters', 'native', '--deploy-python', way.deploy ?? '3.11', '--dev-python', way.dev ?? '3.12']
  if (upload === undefined) args.push('--upload', 'none')
  else {
    await writeFile(at('source.tgz'), await tgzOf({ ...beside, ...upload }))
    args.push('--upload', at('source.tgz'))
  }
  if (image !== undefined) {
    const [copied, ...layers] = image
    const base = { 'etc/os-release': 'ID=none\n' }
    const records = Array.isArray(copied) ? copied : underApp({ ...beside, ...(copied as Files) })
    await saveImage(
      at('image.tar'),
      [base, records, ...layers.map(layer => (Array.isArray(layer) ? layer : underApp(layer as Files)))],
      {
        workingDirectory: '/srv',
      },
    )
    args.push('--image', at('image.tar'))
  }
  return findings([...args, ...(way.options ?? [])])
}

/** All that is told of a run, a line each. */
async function findings(args: readonly string[]): Promise<string[]> {
  const { out, err } = await firstbreak(at('repository'), [...args, '--format', 'json'])
  if (out === '') throw new Error(err)
  return (JSON.parse(out).findings as Finding[]).map(({ severity, code, path, firstBreak, evidence }) => {
    const { change, changeDetail, after } = evidence
    const stage = firstBreak?.stage ?? after?.stage
    const what = [change, changeDetail?.and].filter(part => part !== undefined).join('+')
    return `${severity} ${code} ${path}${stage === undefined ? '' : ` at ${stage}`}${what === '' ? '' : `: ${what}`}`
  })
}

const needed = needsNative('3.11', '3.12')

/** Each row is a whole run: the true case of a cause, or a miss that looks like it, with all that is told of it. */
function cases(
  rows: readonly (readonly [name: string, way: () => Way | Promise<Way>, expected: readonly string[]])[],
): void {
  for (const [name, way, expected] of rows) {
    testNeeding(needed)(name, async () => expect(await told(await way())).toEqual(expected))
  }
}

const bom = '\ufeff'
const skew = 'type X = int\n'
const broken = 'x = = 1\n'
const text = 'a = 1\nb = "é"\nc = 3\n'
const crlf = (text: string) => text.replaceAll('\n', '\r\n')
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const pointerTo = (text: string, size = Buffer.from(text).length) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(text).digest('hex')}\nsize ${size}\n`
const blobId = (text: string) =>
  createHash('sha1')
    .update(`blob ${Buffer.from(text).length}\0${text}`)
    .digest('hex')

const everywhere = (files: Files): Way => ({ commit: files, upload: files, image: [files] })

describe('findings', () => {
  cases([
    [
      'version-skew: the same everywhere, and too new',
      () => everywhere({ 'a.py': skew }),
      ['error version-skew a.py at commit'],
    ],
    ['no skew: the deploy Python takes it as well', () => ({ ...everywhere({ 'a.py': skew }), deploy: '3.12' }), []],
    [
      'no skew: broken for two reasons, one of which every Python rejects',
      () => everywhere({ 'a.py': skew + broken }),
      ['error broken-source a.py at commit'],
    ],
    [
      'no skew: the construct came with the working tree',
      () => ({ commit: { 'a.py': text }, worktree: { 'a.py': skew }, upload: { 'a.py': skew } }),
      ['error uncommitted-change a.py at worktree: rewritten'],
    ],
    [
      'broken-source: rejected by every Python',
      () => everywhere({ 'a.py': broken }),
      ['error broken-source a.py at commit'],
    ],
    [
      'no broken-source: it was whole when it was committed',
      () => ({ commit: { 'a.py': text }, upload: { 'a.py': broken } }),
      ['error altered-in-upload a.py at upload: rewritten'],
    ],
    [
      'broken-source, and altered besides: the alteration breaks nothing',
      () => ({ commit: { 'a.py': broken }, upload: { 'a.py': crlf(broken) } }),
      ['error broken-source a.py at commit', 'warning altered-in-upload a.py at upload: line-endings'],
    ],
    [
      'uncommitted-change: breaks',
      () => ({ commit: { 'a.py': text }, worktree: { 'a.py': broken } }),
      ['error uncommitted-change a.py at worktree: rewritten'],
    ],
    [
      'uncommitted-change: mends',
      () => ({ commit: { 'a.py': broken }, worktree: { 'a.py': text } }),
      ['warning uncommitted-change a.py at worktree: rewritten'],
    ],
    [
      'no change: the bytes are the same and only their time is another',
      () => ({ commit: { 'a.py': text }, worktree: { 'a.py': text } }),
      [],
    ],
    [
      'no uncommitted-change: the archive was made of the commit',
      () => ({ commit: { 'a.py': text }, worktree: { 'a.py': broken }, upload: { 'a.py': text } }),
      ['warning uncommitted-change a.py at worktree: rewritten'],
    ],
    [
      'altered-in-upload: a byte order mark, which breaks nothing',
      () => ({ commit: { 'a.py': text }, upload: { 'a.py': bom + text } }),
      ['warning altered-in-upload a.py at upload: bom'],
    ],
    [
      'altered-in-upload is not altered-in-image, though the image holds it too',
      () => ({ commit: { 'a.py': text }, upload: { 'a.py': broken }, image: [{ 'a.py': broken }] }),
      ['error altered-in-upload a.py at upload: rewritten'],
    ],
    [
      'altered-in-image: by a layer',
      () => ({ commit: { 'a.py': text }, image: [{ 'a.py': text }, { 'a.py': broken }] }),
      ['error altered-in-image a.py at image: rewritten'],
    ],
    [
      'no altered-in-image: a layer altered it, and a later one mended it',
      () => ({ commit: { 'a.py': text }, image: [{ 'a.py': text }, { 'a.py': broken }, { 'a.py': text }] }),
      [],
    ],
    [
      'a byte order mark besides skew: both, and the mark breaks nothing',
      () => ({ commit: { 'a.py': skew }, upload: { 'a.py': bom + skew } }),
      ['error version-skew a.py at commit', 'warning altered-in-upload a.py at upload: bom'],
    ],
    [
      'stale-in-image: the bytes of an earlier commit',
      () => ({ before: [{ 'a.py': 'a = 0\n' }], commit: { 'a.py': text }, image: [{ 'a.py': 'a = 0\n' }] }),
      ['error stale-in-image a.py at image: rewritten'],
    ],
    [
      'stale rather than truncated: a beginning that an earlier commit had',
      () => ({ before: [{ 'a.py': 'a = 1\n' }], commit: { 'a.py': text }, image: [{ 'a.py': 'a = 1\n' }] }),
      ['error stale-in-image a.py at image: truncated'],
    ],
    [
      'truncated rather than stale: a beginning that no commit had',
      () => ({ before: [{ 'a.py': 'a = 0\n' }], commit: { 'a.py': text }, image: [{ 'a.py': 'a = 1\n' }] }),
      ['warning altered-in-image a.py at image: truncated'],
    ],
    [
      'no stale-in-image: the working tree holds the older bytes too',
      () => ({
        before: [{ 'a.py': 'a = 0\n' }],
        commit: { 'a.py': text },
        worktree: { 'a.py': 'a = 0\n' },
        image: [{ 'a.py': 'a = 0\n' }],
      }),
      ['warning uncommitted-change a.py at worktree: rewritten'],
    ],
    [
      'stale and altered: old bytes with other line ends are those of no commit',
      () => ({ before: [{ 'a.py': 'a = 0\n' }], commit: { 'a.py': text }, image: [{ 'a.py': crlf('a = 0\n') }] }),
      ['warning altered-in-image a.py at image: rewritten'],
    ],
    [
      'stale and altered: one file each',
      () => ({
        before: [{ 'a.py': 'a = 0\n', 'b.py': 'b = 0\n' }],
        commit: { 'a.py': 'a = 1\n', 'b.py': 'b = 1\n' },
        image: [{ 'a.py': 'a = 0\n', 'b.py': broken }],
      }),
      ['error stale-in-image a.py at image: rewritten', 'error altered-in-image b.py at image: rewritten'],
    ],
    [
      'stale and skewed: the earlier bytes need a newer Python',
      () => ({ before: [{ 'a.py': skew }], commit: { 'a.py': text }, image: [{ 'a.py': skew }] }),
      ['error stale-in-image a.py at image: rewritten'],
    ],
    [
      'missing-from-upload',
      () => ({ commit: { 'a.py': text }, upload: {} }),
      ['warning missing-from-upload a.py at upload: removed'],
    ],
    [
      'no missing-from-upload: it is gone from the disk already',
      () => ({ before: [{ 'a.py': text }], commit: { 'b.py': text }, upload: { 'a.py': text, 'b.py': text } }),
      [],
    ],
    [
      'missing-from-image',
      () => ({ commit: { 'a.py': text }, image: [{}] }),
      ['warning missing-from-image a.py at image: removed'],
    ],
    [
      'no missing-from-image: a layer removed it, and a later one brought it back',
      () => ({ commit: { 'a.py': text }, image: [{ 'a.py': text }, { '.wh.a.py': '' }, { 'a.py': text }] }),
      [],
    ],
    [
      'missing and broken: what is not in the image breaks nothing there',
      () => ({ commit: { 'a.py': skew }, image: [{}] }),
      ['warning missing-from-image a.py at image: removed', 'note version-skew a.py at commit'],
    ],
    [
      'unexpected-in-image',
      () => ({ commit: { 'a.py': text }, image: [{ 'a.py': text, 'app/more.py': 'more = 1\n' }] }),
      ['warning unexpected-in-image srv/app/more.py at image: added'],
    ],
    [
      'no unexpected-in-image: the image made it, and it does not compile',
      () => ({ commit: { 'a.py': text }, image: [{ 'a.py': text, 'app/more.py': broken }] }),
      ['error altered-in-image srv/app/more.py at image: added'],
    ],
    [
      'no unexpected-in-image: it is not where the source is',
      () => ({
        commit: { 'a.py': text },
        image: [{ 'a.py': text }, [{ name: 'usr/lib/python3/more.py', content: 'more = 1\n' }]],
      }),
      [],
    ],
    [
      'path-collision: names that differ in case',
      () => ({ commit: { 'app/a.py': text, 'app/A.py': 'A = 1\n' } }),
      ['warning path-collision app/A.py'],
    ],
    [
      'path-collision: names that differ in Unicode normalization',
      () => ({ commit: { 'app/é.py': text, 'app/e\u0301.py': 'A = 1\n' } }),
      ['warning path-collision app/e\u0301.py'],
    ],
    [
      'path-collision: in the image alone',
      () => ({ commit: { 'app/a.py': text }, image: [{ 'app/a.py': text, 'app/A.py': 'A = 1\n' }] }),
      ['warning path-collision app/a.py', 'warning unexpected-in-image srv/app/A.py at image: added'],
    ],
    ['no path-collision: in another directory', () => ({ commit: { 'app/a.py': text, 'lib/A.py': 'A = 1\n' } }), []],
    [
      'policy-conflict: a range that does not admit the Python of the Dockerfile',
      () => ({
        commit: {
          'a.py': text,
          Dockerfile: 'FROM python:3.11\n',
          'pyproject.toml': '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.12"\n',
        },
      }),
      ['warning policy-conflict pyproject.toml'],
    ],
    [
      'no policy-conflict: a range that admits it',
      () => ({
        commit: {
          'a.py': text,
          Dockerfile: 'FROM python:3.11\n',
          'pyproject.toml': '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.10"\n',
        },
      }),
      [],
    ],
    ['syntax-warning', () => ({ commit: { 'a.py': "x = '\\d'\n" } }), ['note syntax-warning a.py at worktree']],
    ['no syntax-warning: a raw string', () => ({ commit: { 'a.py': "x = r'\\d'\n" } }), []],
    [
      'undecided: too large to be compiled',
      () => ({ commit: { 'a.py': Buffer.alloc(64 * 1024 ** 2 + 1, '#') } }),
      ['error undecided a.py at commit'],
    ],
    [
      'undecided: a Python that nobody has',
      () => ({ commit: { 'a.py': text }, options: ['--python', '3.99'] }),
      ['error undecided null'],
    ],
    ['no undecided: large, and compiled', () => ({ commit: { 'a.py': `x = "${'-'.repeat(3e6)}"\n` } }), []],
  ])
})

/** A change of the upload, which is compared with the working tree; the second is not what it looks like. */
const pair = (
  kind: string,
  before: Files[string],
  after: Files[string],
  severity: 'error' | 'warning',
  miss: Files[string],
  called: string | null,
) =>
  [
    [
      `${kind}: as it is`,
      () => ({ commit: { 'a.py': before }, upload: { 'a.py': after } }),
      [`${severity} altered-in-upload a.py at upload: ${kind}`],
    ],
    [
      `${kind}: nearly`,
      () => ({ commit: { 'a.py': before }, upload: { 'a.py': miss } }),
      called === null ? [] : [called],
    ],
  ] as const

const error = (what: string) => `error altered-in-upload a.py at upload: ${what}`
const warning = (what: string) => `warning altered-in-upload a.py at upload: ${what}`
const conflict = 'a = 1\n<<<<<<< HEAD\nb = "é"\n=======\nb = 2\n>>>>>>> theirs\nc = 3\n'

describe('changes', () => {
  cases([
    ...pair('line-endings', text, crlf(text), 'warning', `${crlf(text)}d = 4\r\n`, warning('rewritten')),
    ...pair('bom', text, bom + text, 'warning', `${bom}${text}d = 4\n`, warning('rewritten')),
    ...pair('encoding', text, utf16(text), 'error', utf16(`${text}d = 4\n`), error('rewritten')),
    ...pair(
      'encoding',
      text,
      Buffer.from(text, 'latin1'),
      'error',
      Buffer.from(`# coding: latin-1\n${text}`, 'latin1'),
      warning('rewritten'),
    ),
    ...pair('truncated', text, 'a = 1\nb = ', 'error', 'a = 1\nb = 1', warning('rewritten')),
    ...pair('nul-bytes', text, text.replace('b =', '\0b ='), 'error', text.replace('b =', '\0d ='), error('rewritten')),
    ...pair('lfs-pointer', text, pointerTo(text), 'error', pointerTo(text, 3), error('rewritten')),
    ...pair(
      'ident',
      `# $Id$\n${text}`,
      `# $Id: ${blobId(`# $Id$\n${text}`)} $\n${text}`,
      'warning',
      `# $Id: ${blobId(text)} $\n${text}d = 4\n`,
      warning('rewritten'),
    ),
    ...pair(
      'export-subst',
      `# $Format:%H$\n${text}`,
      `# ${blobId(text)}\n${text}`,
      'warning',
      `# not a hash\n${text}`,
      warning('rewritten'),
    ),
    ...pair(
      'unicode-normalization',
      text,
      text.normalize('NFD'),
      'warning',
      text.replace('é', 'e'),
      warning('rewritten'),
    ),
    ...pair(
      'trailing-whitespace',
      text,
      text.replace('a = 1', 'a = 1  '),
      'warning',
      text.replace('a = 1', '  a = 1'),
      error('rewritten'),
    ),
    ...pair('conflict-markers', text, conflict, 'error', conflict.replace('c = 3', 'c = 4'), error('rewritten')),
    ...pair('rewritten', text, text.replace('3', '4'), 'warning', text, null),
    [
      'two changes at once: CRLF and a byte order mark',
      () => ({ commit: { 'a.py': text }, upload: { 'a.py': bom + crlf(text) } }),
      [warning('line-endings+bom')],
    ],
    [
      'three changes at once are not told apart',
      () => ({ commit: { 'a.py': text }, upload: { 'a.py': `${bom}${crlf(text.replace('a = 1', 'a = 1  '))}d` } }),
      [warning('rewritten')],
    ],
    [
      'truncated rather than trailing-whitespace: text went as well',
      () => ({ commit: { 'a.py': `${text}\n\n` }, upload: { 'a.py': 'a = 1\nb = "é"\n' } }),
      [warning('truncated')],
    ],
    [
      'trailing-whitespace rather than truncated: only the last line break went',
      () => ({ commit: { 'a.py': text }, upload: { 'a.py': text.trimEnd() } }),
      [warning('trailing-whitespace')],
    ],
    [
      'encoding rather than nul-bytes: UTF-16 is full of NULs',
      () => ({ commit: { 'a.py': 'a = 1\n' }, upload: { 'a.py': utf16('a = 1\n').subarray(2) } }),
      [error('encoding')],
    ],
  ])
})

describe('provenance-mismatch', () => {
  for (const [name, revision, expected] of [
    ['an archive of another commit, with the same Python files', 'HEAD~1', ['error provenance-mismatch null']],
    ['an archive of this commit', 'HEAD', []],
  ] as const) {
    testNeeding(needed)(name, async () => {
      await makeRepository(at('repository'), { '.gcloudignore': '.git\n', ...beside })
      await commitFiles(at('repository'), { README: 'second' }, 'second')
      await git(at('repository'), 'archive', '--format=tgz', `--output=${at('source.tgz')}`, revision)
      const versions = ['--interpreters', 'native', '--deploy-python', '3.11', '--dev-python', '3.12']
      expect(await findings([...versions, '--upload', at('source.tgz')])).toEqual(expected)
    })
  }
})

describe('stale bytecode', () => {
  const seconds = 1_700_000_000
  const record = (name: string, content: string | Uint8Array): TarRecord => ({
    name,
    content,
    mtime: new Date(seconds * 1000),
  })

  /** What the deploy Python makes of a source that it finds with this time. */
  async function compiled(source: string): Promise<Buffer> {
    const script = `
import os, py_compile, sys
open('m.py', 'w').write(sys.argv[1]); os.utime('m.py', (${seconds}, ${seconds}))
sys.stdout.buffer.write(open(py_compile.compile('m.py', doraise=True), 'rb').read())`
    const options = { cwd: folder.path, encoding: 'buffer' } as const
    const { stdout } = await execa(nativePython('3.11')!.executable!, ['-I', '-c', script, source], options)
    return Buffer.from(stdout)
  }
  const image = async (source: string) => {
    const files = Object.entries({ ...beside, 'app/m.py': 'm = 1\n' }).map(([path, content]) =>
      record(`srv/${path}`, content),
    )
    return [[...files, record('srv/app/__pycache__/m.cpython-311.pyc', await compiled(source))]]
  }
  cases([
    [
      'made of another source of the same size',
      async () => ({ commit: { 'app/m.py': 'm = 1\n' }, image: await image('m = 2\n') }),
      ['error stale-bytecode app/m.py at image'],
    ],
    [
      'made of another source, which Python sees by its size',
      async () => ({ commit: { 'app/m.py': 'm = 1\n' }, image: await image('m = 200\n') }),
      [],
    ],
    ['made of this source', async () => ({ commit: { 'app/m.py': 'm = 1\n' }, image: await image('m = 1\n') }), []],
  ])
})
