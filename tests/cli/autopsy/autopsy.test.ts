import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tgzOf } from '../../support/archives.ts'
import { firstbreak } from '../../support/command-line.ts'
import {
  auditEntry,
  buildV1,
  describedImage,
  executionV1,
  logEntry,
  revisionV1,
  revisionV2,
  serviceV1,
  splitEntries,
  statementV1,
  statementV01,
} from '../../support/google-records.ts'
import { imageRecords, sha256, tarOf } from '../../support/images.ts'
import { commitFiles, git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { unwrapped } from '../../support/unwrapped.ts'

const multiline = (name: string) => `import json\n\n\ndef f(x):\n    return f"{json.dumps({\n        '${name}': x})}"\n`
const files = {
  Dockerfile: 'FROM python:3.11-slim\nWORKDIR /srv\nCOPY app ./app\nCMD ["python", "-m", "app.main"]\n',
  'app/__init__.py': '',
  'app/main.py': 'from app import events, fine\n',
  'app/events.py': `${multiline('a')}\n\ndef g(x):\n    return f"{json.dumps({\n        'b': x})}"\n`,
  'app/other.py': multiline('c'),
  'app/fine.py': 'x = 1\n',
}
const python = { PYTHON_VERSION: '3.11.9' }

const traceback = (line: number, path = '/srv/app/events.py') => `Traceback (most recent call last):
  File "<frozen runpy>", line 198, in _run_module_as_main
  File "/usr/local/lib/python3.11/importlib/__init__.py", line 126, in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
  File "/srv/app/main.py", line 1, in <module>
    from app import events, fine
  File "${path}", line ${line}
    return f"{json.dumps({
           ^
SyntaxError: unterminated string literal (detected at line ${line})`

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)
let digest: string
let source: Buffer
let commit: string

type Contents = Readonly<Record<string, string | Uint8Array>>

/** Writes an image that holds what the Dockerfile copies; returns its digest. */
async function image(name: string, contents: Contents = files, environment = python): Promise<string> {
  const copied = Object.entries(contents).filter(([path]) => path.startsWith('app/'))
  const records = await imageRecords(
    [
      { 'usr/local/lib/python3.11/os.py': 'x = 1\n', 'usr/local/lib/python3.11/site-packages/flask/__init__.py': '' },
      Object.fromEntries(copied.map(([path, bytes]) => [`srv/${path}`, bytes])),
    ],
    {
      layout: 'oci',
      workingDirectory: '/srv',
      environment: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      instructions: ['base', 'COPY app ./app # buildkit'],
    },
  )
  await writeFile(at(name), await tarOf(records))
  return JSON.parse(String(records.find(each => each.name === 'index.json')!.content)).manifests[0].digest
}

beforeAll(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), files)
  commit = await git(at('repository'), 'rev-parse', 'HEAD')
  digest = await image('image.tar')
  source = await tgzOf(files)
  await writeFile(at('source.tgz'), source)
})
afterAll(() => folder[Symbol.asyncDispose]())

const save = async (name: string, value: unknown) => {
  await writeFile(at(name), typeof value === 'string' ? value : JSON.stringify(value))
  return at(name)
}
// By native interpreters where there are some: they start at once.
const offline = ['--dev-python', '3.12']
const noEngine = () => ({ ...process.env, DOCKER_HOST: `unix://${at('no-engine.sock')}` })
const schemas = await Promise.all(
  ['report', 'autopsy'].map(async name =>
    JSON.parse(await readFile(new URL(`../../../src/report/${name}.schema.json`, import.meta.url), 'utf8')),
  ),
)
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
ajv.addSchema(schemas[0], 'report.schema.json')
const validate = ajv.compile(schemas[1])

/** Records by option, and further options; the report, checked against its schema, and how it ended. */
async function run(records: Readonly<Record<string, unknown>>, more: readonly string[] = [], cwd = at('repository')) {
  const args: string[] = []
  for (const [option, value] of Object.entries(records)) args.push(`--${option}`, await save(`${option}.json`, value))
  const { code, out, err } = await firstbreak(
    cwd,
    ['autopsy', ...args, ...more, ...offline, '--format', 'json'],
    noEngine(),
  )
  if (out === '') return { code, err, custody: {} as Record<string, string>, report: null, text: '' }
  const report = JSON.parse(out)
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  const custody = Object.fromEntries(
    report.custody.map(({ id, state }: { id: string; state: string }) => [id, state]),
  ) as Record<string, string>
  const shown = await firstbreak(cwd, ['autopsy', ...args, ...more, ...offline], noEngine())
  expect(shown.code).toBe(code)
  return { code, err, custody, report, text: shown.out }
}

const seen = () => ['--image', at('image.tar')]
const everything = () => ({
  revision: revisionV1({ digest }),
  build: buildV1({ digest }, { sha256: sha256(source) }, { substitutions: { _COMMIT: commit } }),
  log: splitEntries(traceback(5)),
})

describe('with everything', () => {
  test('from the log to the commit, and to the smallest change', async () => {
    const { code, custody, report, text } = await run(everything(), [...seen(), '--upload', at('source.tgz')])
    expect(code).toBe(1)
    expect(custody).toEqual({
      'log-deployment': 'confirmed',
      'deployment-image': 'confirmed',
      'image-seen': 'confirmed',
      'image-build': 'confirmed',
      'build-archive': 'confirmed',
      'archive-bytes': 'confirmed',
      'bytes-commit': 'confirmed',
    })
    expect(report.missing).toEqual([])
    expect(report.deployment).toMatchObject({ name: 'api-00003-sp7', failure: { reason: 'HealthCheckContainerError' } })
    expect(report.crash).toMatchObject({
      kind: 'syntax',
      subject: 'api-00003-sp7',
      place: {
        containerPath: '/srv/app/events.py',
        path: 'app/events.py',
        line: 5,
        by: 'image',
        stage: 'commit',
        commit,
        blame: { id: commit, date: '2026-01-01T00:00:00Z', author: 'Author', summary: 'first' },
      },
      reproduction: { state: 'reproduced' },
    })
    expect(report.hidden).toEqual([
      { path: 'app/events.py', lines: [10], isSameFile: true, complete: true },
      { path: 'app/other.py', lines: [5], isSameFile: false, complete: true },
    ])
    expect(report.remedy.changes).toEqual([
      {
        kind: 'base-image',
        says: 'Dockerfile:1: FROM python:3.12-slim (now python:3.11-slim)',
        places: 1,
        mends: ['app/events.py', 'app/other.py'],
      },
    ])
    expect(report.remedy.instead.map(({ kind, places }: { kind: string; places: number }) => [kind, places])).toEqual([
      ['rewrite', 2],
      ['rewrite', 1],
    ])
    expect(text).toMatch(
      /^BROKEN {2}revision api-00003-sp7 ends with SyntaxError in app\/events\.py:5 on CPython 3\.11/,
    )
    expect(text).toContain('Fixing line 5 would have failed next at 10: 1 more place in the same file')
    expect(text).toContain('app/other.py fails as soon as it is imported: line 5')
    expect(text.indexOf('app/events.py: 2 places')).toBeLessThan(text.indexOf('app/other.py: line 5'))
    expect(text).toMatch(/First break: app\/events\.py:5 at the commit, on CPython 3\.11\.\d+\.\n\nThe smallest change/)
    expect(text).toContain('(1 change; the other way: 3 changes)')
  })

  test.each<[string, () => Record<string, unknown>]>([
    ['a revision of the REST interface', () => ({ revision: revisionV2({ digest }) })],
    ['a service, which leads to its newest revision', () => ({ revision: serviceV1({ digest }) })],
    [
      'provenance instead of a build',
      () => ({
        build: undefined,
        provenance: describedImage({ digest }, [
          statementV01({ digest }, { sha256: sha256(source) }),
          statementV1({ digest }, commit),
        ]),
      }),
    ],
    [
      'no revision, but the entry of the audit log',
      () => ({ revision: undefined, log: [auditEntry({ digest }), ...splitEntries(traceback(5))] }),
    ],
  ])('%s', async (_name, changes) => {
    const given = Object.fromEntries(
      Object.entries({ ...everything(), ...changes() }).filter(([, value]) => value !== undefined),
    )
    const { code, custody } = await run(given, [...seen(), '--upload', at('source.tgz')])
    expect(code).toBe(1)
    expect(Object.values(custody)).toEqual(Array(7).fill('confirmed'))
  })

  test('an execution of a job', async () => {
    const job = { resource: { type: 'cloud_run_job', labels: { job_name: 'nightly' } } }
    const labels = {
      instanceId: 'i',
      'run.googleapis.com/execution_name': 'nightly-x7k2p',
      'run.googleapis.com/task_index': '3',
    }
    const log = splitEntries(traceback(5), { ...job, labels })
    const { code, custody, report } = await run({ revision: executionV1({ digest }), log }, seen())
    expect(code).toBe(1)
    expect(custody['log-deployment']).toBe('confirmed')
    expect(report.crash.subject).toBe('nightly-x7k2p task 3')
    expect(report.deployment).toMatchObject({ kind: 'execution', failure: { reason: 'NonZeroExitCode' } })
  })
})

describe('what does not belong together is contradicted', () => {
  const other = `sha256:${'8'.repeat(64)}`
  test.each<[string, string, RegExp, () => Record<string, unknown>]>([
    [
      'log-deployment',
      'a log of another revision',
      /no entry of the log is of revision api-00003-sp7: it is of api-00001-xyz/,
      () => ({
        log: splitEntries(traceback(5), {
          resource: { type: 'cloud_run_revision', labels: { revision_name: 'api-00001-xyz' } },
        }),
      }),
    ],
    [
      'image-build',
      'a build that the annotation has left from an earlier deployment',
      /pushed sha256:8+, and not sha256:\w+, though metadata.annotations.* names it: it is left from an earlier/,
      () => ({ build: buildV1({ digest: other }) }),
    ],
    [
      'image-build',
      'provenance of another image',
      /the provenance is of sha256:8+/,
      () => ({ build: undefined, provenance: statementV01({ digest: other }) }),
    ],
    [
      'build-archive',
      'another generation of the archive',
      /was made of gs:\S+#9, and metadata.annotations\S+ names gs:\S+#1782171768501007/,
      () => ({
        build: buildV1({
          digest,
          archive: {
            bucket: 'demo_cloudbuild',
            object: 'source/1782171765.77413-7244c09944624a37aecf98484e580f4c.tgz',
            generation: '9',
          },
        }),
      }),
    ],
    [
      'archive-bytes',
      'an archive of other bytes',
      /recorded SHA-256 a+, and the archive has/,
      () => ({ build: buildV1({ digest }, { sha256: 'a'.repeat(64) }) }),
    ],
    [
      'bytes-commit',
      'a build that names another commit',
      /substitutions\._COMMIT, names f+, and looked at was/,
      () => ({ build: buildV1({ digest }, {}, { substitutions: { _COMMIT: 'f'.repeat(40) } }) }),
    ],
  ])('%s: %s', async (id, _name, evidence, changes) => {
    const given = Object.fromEntries(
      Object.entries({ ...everything(), ...changes() }).filter(([, value]) => value !== undefined),
    )
    const { custody, report, text } = await run(given, [...seen(), '--upload', at('source.tgz'), '--rev', 'HEAD'])
    expect(custody[id]).toBe('contradicted')
    const link = report.custody.find((each: { id: string }) => each.id === id)
    expect(link.evidence).toMatch(evidence)
    expect(text).toMatch(/^ {2}contradicted {2}/m)
  })
})

describe('the commit', () => {
  test('is the one that the records name, and the disk says nothing of another', async () => {
    const repository = at('ahead')
    await git(at('repository'), 'clone', '--quiet', at('repository'), repository)
    await commitFiles(repository, { 'app/events.py': 'x = 1\n' }, 'second')
    const { code, report } = await run(everything(), seen(), repository)
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({ place: { commit, line: 5 }, reproduction: { state: 'reproduced' } })
    expect(report.verification.stages.map(({ name }: { name: string }) => name)).toEqual(['commit', 'image'])
    const { report: newer } = await run(everything(), [...seen(), '--rev', 'HEAD'], repository)
    expect(newer.verification.stages.map(({ name }: { name: string }) => name)).toEqual(['commit', 'worktree', 'image'])
  })

  test('is HEAD where that one is not here, which is said', async () => {
    const build = buildV1({ digest }, {}, { substitutions: { COMMIT_SHA: 'f'.repeat(40) } })
    const { report, custody } = await run({ ...everything(), build }, seen())
    expect(custody['bytes-commit']).toBe('contradicted')
    expect(report.remarks).toContainEqual(
      expect.stringMatching(/^substitutions\.COMMIT_SHA names commit f+, which is not in this repository: git fetch/),
    )
  })
})

describe('with less', () => {
  test('a log alone: the place by the ending of its path, the Python by the library it leads through', async () => {
    const { code, report, text } = await run({ log: traceback(5, '/somewhere/else/app/events.py') })
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({
      subject: null,
      place: { path: 'app/events.py', by: 'ending', line: 5, commit },
      reproduction: { state: 'reproduced' },
    })
    expect(report.verification.roles.deploy).toEqual([{ version: '3.11', from: 'the log' }])
    expect(report.missing.map(({ what }: { what: string }) => what)).toEqual(['revision', 'build', 'archive', 'image'])
    expect(text).toContain(
      'pass --revision FILE: gcloud run revisions describe REVISION --region REGION --format=json > FILE',
    )
    expect(unwrapped(text)).toContain('skopeo copy docker://IMAGE@DIGEST oci-archive:image.tar, or docker pull')
  })

  test('nothing but the last line of the exception: the one file of which Python says the same', async () => {
    const log = [logEntry('SyntaxError: unterminated string literal (detected at line 10)')]
    const repository = at('one-broken')
    await makeRepository(repository, { 'a.py': `${'\n'.repeat(9)}x = f"{(\n1)}"\n`, 'b.py': 'x = 1\n' })
    const { code, report, text } = await run({ log }, ['--deploy-python', '3.11'], repository)
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({
      place: { containerPath: null, path: 'a.py', line: 10, by: 'message' },
      reproduction: { state: 'reproduced' },
    })
    expect(text).toContain('a.py:10 is the one file of which an interpreter says so')
  })

  test('an image and a log, without a repository', async () => {
    const { code, report, text } = await run({ log: splitEntries(traceback(5)) }, seen(), folder.path)
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({
      place: { path: 'srv/app/events.py', by: 'image', stage: 'image', commit: null },
      reproduction: { state: 'reproduced' },
    })
    expect(report.hidden).toMatchObject([
      { path: 'srv/app/events.py', lines: [10] },
      { path: 'srv/app/other.py', lines: [5] },
    ])
    expect(report.missing).toContainEqual({
      what: 'repository',
      why: expect.stringContaining('is not in a git repository'),
      pass: '--repo DIR, a clone of the repository that it was built of',
    })
    expect(text).toContain('Of the bytes that were looked at, CPython 3.12')
    expect(text).not.toMatch(/never changed|no byte changed|as committed/)
    const told = report.verification.hypotheses.filter(({ state }: { state: string }) => state !== 'not-examined')
    expect(told.map(({ id }: { id: string }) => id)).toEqual([
      'interpreter-differs',
      'stale-bytecode',
      'platform-differs',
    ])
    expect(report.remedy.changes[0].says).toMatch(
      /^run it on Python 3\.12, which PYTHON_VERSION in the image decides now/,
    )
  })

  test('an archive and a log, without a repository', async () => {
    const { code, report, text } = await run({ log: traceback(5) }, ['--upload', at('source.tgz')], folder.path)
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({
      place: { path: 'app/events.py', by: 'ending', stage: 'upload', commit: null },
      reproduction: { state: 'reproduced' },
    })
    expect(text).not.toContain('never changed')
  })

  test('a log alone, without a repository', async () => {
    const { code, report, text } = await run({ log: splitEntries(traceback(5)) }, [], folder.path)
    expect(code).toBe(1)
    expect(report).toMatchObject({
      verification: null,
      hidden: [],
      remedy: { changes: [] },
      crash: { reproduction: { state: 'not-examined' } },
    })
    expect(text).toMatch(
      /^BROKEN {2}the program ends with SyntaxError in \/srv\/app\/events\.py:5, as the log says; that was not reproduced/,
    )
  })

  test('nothing at all', async () => {
    const { code, report, text } = await run({}, [], folder.path)
    expect(code).toBe(2)
    expect(report.outcome).toBe('undecided')
    expect(text).toContain('could not tell what stops the program')
    expect(report.missing.map(({ what }: { what: string }) => what)).toEqual([
      'revision',
      'build',
      'log',
      'archive',
      'image',
      'repository',
    ])
  })
})

describe('a log that the files do not bear out is called that', () => {
  test('the file compiles', async () => {
    const fixed = { ...files, 'app/events.py': 'x = 1\n', 'app/other.py': 'y = 2\n' }
    const repository = at('fixed')
    await makeRepository(repository, fixed)
    await image('fixed.tar', fixed)
    const { code, report, text } = await run({ log: traceback(5) }, ['--image', at('fixed.tar')], repository)
    expect(code).toBe(2)
    expect(report.crash.reproduction).toMatchObject({
      state: 'contradicted',
      evidence: expect.stringMatching(/takes the bytes in image: the log is of other bytes or another revision$/),
    })
    expect(text).toMatch(
      /^UNDECIDED {2}the log says SyntaxError in app\/events\.py:5, and what was looked at does not fail so/,
    )
  })

  test('it stops at another line', async () => {
    const { report } = await run({ log: traceback(7) }, seen())
    expect(report.crash.reproduction.evidence).toMatch(
      /stops at line 5 in the bytes of image .*and the log at line 7: the log is of other/,
    )
  })

  test('another Python', async () => {
    const log = traceback(5).replaceAll('python3.11', 'python3.9')
    const { report } = await run({ log }, seen())
    expect(report.crash.reproduction).toMatchObject({
      state: 'contradicted',
      evidence: expect.stringMatching(/library of Python 3\.9, and what was looked at runs on 3\.11/),
    })
  })

  test('a path that is relative to where the program was started', async () => {
    const { report } = await run({ log: traceback(5, 'app/events.py') }, seen())
    expect(report.crash).toMatchObject({
      place: { path: 'app/events.py', by: 'image' },
      reproduction: { state: 'reproduced' },
    })
  })

  test('another file', async () => {
    const { report, text } = await run({ log: traceback(5, '/srv/app/gone.py') }, seen())
    expect(report.crash).toMatchObject({ place: { path: null }, reproduction: { state: 'not-examined' } })
    expect(text).toContain('/srv/app/gone.py:5 is none of the files that were looked at')
  })
})

describe('an import', () => {
  const importing = (message: string, exception = 'ModuleNotFoundError') => `Traceback (most recent call last):
  File "/srv/app/main.py", line 1, in <module>
    from app import events, fine
${exception}: ${message}`
  const whole = { ...files, 'app/events.py': 'x = 1\n', 'app/other.py': 'y = 2\n' }

  test('of a file that was left out names what left it out', async () => {
    const repository = at('left-out')
    const kept = { ...whole, '.dockerignore': 'app/fine.py\n' }
    await makeRepository(repository, kept)
    const { 'app/fine.py': _, ...copied } = whole
    await image('left-out.tar', copied)
    const { code, report, text } = await run(
      { log: importing("No module named 'app.fine'") },
      ['--image', at('left-out.tar')],
      repository,
    )
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({
      kind: 'import',
      place: { path: 'app/fine.py', by: 'module', commit: expect.any(String) },
      reproduction: { state: 'reproduced', evidence: 'app/fine.py is not in image' },
    })
    expect(report.remedy.changes).toEqual([
      {
        kind: 'carry',
        says: 'let app/fine.py travel: change .dockerignore:1, app/fine.py',
        places: 1,
        mends: ['app/fine.py'],
      },
    ])
    expect(text).toContain('app/fine.py is the module that it does not find')
    expect(text).toContain('missing-from-image')
  })

  test('of a package that is not installed', async () => {
    const { code, report } = await run({ log: importing("No module named 'xgboost'") }, seen())
    expect(code).toBe(1)
    expect(report.crash.reproduction).toMatchObject({
      state: 'reproduced',
      evidence: expect.stringContaining('a package that is not installed there'),
    })
    expect(report.crash.place).toMatchObject({ path: 'app/main.py', line: 1 })
  })

  test.each(["No module named 'flask'", "No module named 'app.fine'"])('%s, though it is there', async message => {
    const { report } = await run({ log: importing(message) }, seen())
    expect(report.crash.reproduction).toMatchObject({
      state: 'contradicted',
      evidence: expect.stringMatching(/^image holds /),
    })
  })

  test('of a name leads to the file that lacks it', async () => {
    const log = importing("cannot import name 'gone' from 'app.fine' (/srv/app/fine.py)", 'ImportError')
    const { report } = await run({ log }, seen())
    expect(report.crash).toMatchObject({
      place: { path: 'app/fine.py', line: null },
      reproduction: { state: 'not-examined' },
    })
  })
})

test('what happened while it ran is no matter of files, and is said to be that', async () => {
  const log = `Traceback (most recent call last):
  File "/srv/app/fine.py", line 1, in <module>
    x = os.environ["DATABASE_URL"]
  File "/usr/local/lib/python3.11/os.py", line 679, in __getitem__
    raise KeyError(key) from None
KeyError: 'DATABASE_URL'`
  const { code, report, text } = await run({ log }, seen())
  expect(code).toBe(1)
  expect(report.crash).toMatchObject({
    kind: 'runtime',
    place: { path: 'app/fine.py', line: 1 },
    reproduction: { state: 'not-examined' },
  })
  expect(text).toContain('it happened while the program ran, and nothing is run here')
})

describe('a log that is cut off inside a traceback', () => {
  test('tells how far it goes, and is undecided where the files are sound', async () => {
    const repository = at('cut')
    await makeRepository(repository, { 'app/main.py': 'import os\nfrom app import fine\n', 'app/fine.py': 'x = 1\n' })
    const commitCut = await git(repository, 'rev-parse', 'HEAD')
    const log = `${traceback(5).split('\n').slice(0, 5).join('\n')}\n`
    const { code, report, text } = await run({ log }, [], repository)
    expect(code).toBe(2)
    expect(report.crash).toMatchObject({
      kind: 'cut',
      exception: null,
      place: { path: 'app/main.py', line: 1, commit: commitCut },
      reproduction: { state: 'not-examined', evidence: expect.stringContaining('is not in the log') },
    })
    expect(unwrapped(text)).toContain(
      'UNDECIDED the log is cut off inside a traceback in app/main.py:1: what was raised is not in it',
    )
    expect(unwrapped(text)).toContain('A traceback that is cut off behind /srv/app/main.py:1, in <module>')
  })

  test('the place of a syntax error that is there is reproduced', async () => {
    const log = `${traceback(5).split('\n').slice(0, 8).join('\n')}\n`
    const { code, report, text } = await run({ log })
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({
      kind: 'syntax',
      exception: null,
      place: { path: 'app/events.py', line: 5 },
      reproduction: { state: 'reproduced' },
    })
    expect(text).toContain('ends with a syntax error in app/events.py:5')
  })

  test('is told by one that goes as it does and is whole, and not by another', async () => {
    const failing = (line: number, end: string) =>
      `Traceback (most recent call last):\n  File "/srv/app/fine.py", line ${line}, in f\n    f()\n${end}`
    for (const [line, exception] of [
      [3, 'KeyError'],
      [4, null],
    ] as const) {
      const { report } = await run({ log: `${failing(3, 'KeyError: 1\n')}${failing(line, '')}` })
      expect(report.crash).toMatchObject({ exception, place: { line } })
    }
  })
})

test('a file of an unknown encoding has no line', async () => {
  const log = '  File "/srv/app/fine.py", line 0\nSyntaxError: unknown encoding: nonsense\n'
  const { report } = await run({ log })
  expect(report.crash.place).toMatchObject({ path: 'app/fine.py', line: null })
})

test('of a start that failed again and again, the syntax error counts and not what was raised because of it', async () => {
  const halt =
    'Traceback (most recent call last):\n  File "/usr/local/lib/python3.11/x.py", line 1, in f\n    f()\ngunicorn.errors.HaltServer: <HaltServer \'Worker failed to boot.\' 3>'
  const log = [traceback(5), halt, traceback(5), halt].join('\n')
  const { report, text } = await run({ log }, seen())
  expect(report.crash).toMatchObject({ exception: 'SyntaxError', times: 2 })
  expect(text).toContain('SyntaxError: unterminated')
})

describe('the smallest change', () => {
  const whole = { ...files, 'app/events.py': 'x = 1\n', 'app/other.py': 'y = 2\n' }

  test('is to undo what is in no commit', async () => {
    const repository = at('dirty')
    await makeRepository(repository, whole)
    const dirty = { ...whole, 'app/fine.py': multiline('d') }
    await writeFile(join(repository, 'app/fine.py'), dirty['app/fine.py'])
    await image('dirty.tar', dirty)
    const log = traceback(5, '/srv/app/fine.py')
    const { code, report, text } = await run({ log }, ['--image', at('dirty.tar')], repository)
    const head = await git(repository, 'rev-parse', 'HEAD')
    expect(code).toBe(1)
    expect(report.crash.place).toMatchObject({ path: 'app/fine.py', stage: 'worktree', commit: null, blame: null })
    expect(report.remedy.changes).toMatchObject([
      {
        kind: 'revert',
        says: `undo the change that is in no commit: git checkout ${head.slice(0, 12)} -- app/fine.py`,
      },
    ])
    expect(report.remedy.instead).toMatchObject([{ kind: 'base-image' }])
    expect(unwrapped(text)).toContain('the line is in no commit that was looked at')
  })

  test('is to rewrite one place, rather than to change the Python', async () => {
    const repository = at('one-place')
    const one = { ...whole, 'app/fine.py': multiline('d') }
    await makeRepository(repository, one)
    await image('one-place.tar', one)
    const { report } = await run(
      { log: traceback(5, '/srv/app/fine.py') },
      ['--image', at('one-place.tar')],
      repository,
    )
    expect(report.remedy.changes).toMatchObject([
      { kind: 'rewrite', places: 1, says: expect.stringMatching(/^rewrite app\/fine\.py:5: /) },
    ])
  })

  test('is to commit what is mended on the disk by now', async () => {
    const repository = at('mended')
    const one = { ...whole, 'app/fine.py': multiline('d') }
    await makeRepository(repository, one)
    await writeFile(join(repository, 'app/fine.py'), 'x = 1\n')
    await image('mended.tar', one)
    const log = traceback(5, '/srv/app/fine.py')
    const { code, report } = await run({ log }, ['--image', at('mended.tar')], repository)
    expect(code).toBe(1)
    expect(report.crash).toMatchObject({ place: { stage: 'commit' }, reproduction: { state: 'reproduced' } })
    expect(report.remedy.changes).toMatchObject([
      { kind: 'upload-again', says: 'commit app/fine.py as it is on disk, where it compiles, and upload again' },
    ])
  })

  test('is to build again, where the Dockerfile has the newer Python by now', async () => {
    const repository = at('raised')
    await makeRepository(repository, { ...files, Dockerfile: files.Dockerfile.replace('3.11', '3.12') })
    const { report } = await run({ log: traceback(5) }, seen(), repository)
    expect(report.remedy.changes).toMatchObject([
      { kind: 'build-again', says: 'build the image again: Dockerfile:1 names Python 3.12 or later by now', places: 1 },
    ])
  })
})

test('of several containers, the image that the build pushed is the one that is told of', async () => {
  const proxy = `docker.io/nginx@sha256:${'1'.repeat(64)}`
  const own = revisionV1({ digest }) as { spec: { containers: object[] }; status: { containerStatuses: object[] } }
  const revision = {
    ...own,
    spec: { containers: [{ name: 'proxy', image: proxy }, ...own.spec.containers] },
    status: {
      ...own.status,
      imageDigest: proxy,
      containerStatuses: [{ name: 'proxy', imageDigest: proxy }, ...own.status.containerStatuses],
    },
  }
  const { report, text } = await run({ ...everything(), revision })
  expect(report.custody[1].evidence).toContain(`@${digest}, in status.containerStatuses[1].imageDigest`)
  expect(text).not.toContain('nginx')
})

test('nothing failed, and nothing is broken', async () => {
  const whole = { ...files, 'app/events.py': 'x = 1\n', 'app/other.py': 'y = 2\n' }
  const repository = at('clean')
  await makeRepository(repository, whole)
  const own = await image('clean.tar', whole)
  const revision = {
    kind: 'Revision',
    metadata: { name: 'api-1' },
    status: { imageDigest: `r/api@${own}`, conditions: [{ type: 'Ready', status: 'True' }] },
  }
  const { code, text } = await run({ revision }, ['--image', at('clean.tar')], repository)
  expect(code).toBe(0)
  expect(text).toMatch(/^CLEAN {2}nothing that was looked at keeps revision api-1 from starting/)
  const failed = {
    ...revision,
    status: { ...revision.status, conditions: [{ type: 'Ready', status: 'False', reason: 'X' }] },
  }
  expect((await run({ revision: failed }, ['--image', at('clean.tar')], repository)).code).toBe(2)
})

describe('what is refused, by name', () => {
  beforeAll(() => save('log-of-nothing.json', { id: 'a-build', status: 'SUCCESS' }))

  test.each<[string, readonly string[], string]>([
    ['a service without a region', ['--service', 'api'], 'say where it runs with --region'],
    ['a job without a region', ['--job', 'nightly'], '--job: say where it runs with --region'],
    ['both', ['--service', 'a', '--job', 'b', '--region', 'r'], 'not both'],
    ['a file that is not there', ['--log', 'nowhere.json'], 'cannot read a log from "nowhere.json": ENOENT'],
    ['a log that is none', ['--log', '../log-of-nothing.json'], 'it has no entry; is it a log'],
    ['a folder', ['--revision', '.'], 'cannot read a revision from ".": it is no file'],
    ['another format', ['--format', 'sarif'], '--format sarif: write text or json'],
    ['a repository that is none', ['--repo', '/'], 'is not in a git repository'],
    ['a stray word', ['revision.json'], 'too many arguments'],
  ])('%s', async (_name, args, message) => {
    const { code, out, err } = await firstbreak(at('repository'), ['autopsy', ...args], noEngine())
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).not.toContain('a bug in firstbreak')
  })

  test('a record of another kind', async () => {
    const file = await save('other.json', { id: 'b' })
    const { code, err } = await firstbreak(at('repository'), ['autopsy', '--revision', file], noEngine())
    expect(code).toBe(2)
    expect(err).toMatch(
      /cannot read a revision from .*its "metadata\.name" and its "name" are missing; make it with gcloud run revisions describe/,
    )
  })
})

describe('nothing from outside steers what is printed', () => {
  const nasty = '\u001b[31mred\u001b[0m\n::error file=x::y\r%0A]]>\u202e'

  test('of log, records and names', async () => {
    const revision = revisionV1({ digest }) as {
      metadata: { annotations: Record<string, string> }
      status: { conditions: object[] }
    }
    revision.status.conditions.unshift({ type: 'Ready', status: 'False', reason: `R${nasty}`, message: nasty })
    const log = [
      logEntry(
        `Traceback (most recent call last):\n  File "/srv/${nasty.replaceAll('\n', ' ')}.py", line 5\n    x\nSyntaxError: ${nasty}`,
      ),
      logEntry(`Container called exit(1). ${nasty}`, {
        logName: 'projects/demo/logs/run.googleapis.com%2Fvarlog%2Fsystem',
      }),
    ]
    const build = buildV1({ digest }, {}, { substitutions: { _COMMIT: nasty } })
    const { text, report } = await run({ revision, log, build }, seen())
    for (const character of ['\u001b', '\r', '\u202e']) expect(text).not.toContain(character)
    expect(text).not.toMatch(/^::/m)
    expect(text).toContain('\\u202e')
    expect(report.deployment.failure.message).toContain('::error')
  })

  test('of an image', async () => {
    const path = 'app/\u001b[31m.py'
    const own = { ...files, [path]: multiline('e') }
    await image('nasty.tar', own)
    const { text } = await run({ log: traceback(5) }, ['--image', at('nasty.tar')], folder.path)
    expect(text).not.toContain('\u001b')
    expect(text).toContain('srv/app/\\x1b[31m.py')
  })
})
