import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { tgzOf } from '../../support/archives.ts'
import { firstbreak } from '../../support/command-line.ts'
import { type Answers, fakeGcloud } from '../../support/fake-gcloud.ts'
import {
  buildV1,
  defaultBuild,
  describedImage,
  executionV1,
  jobV1,
  logEntry,
  repository as registry,
  revisionV1,
  serviceV1,
  splitEntries,
  statementV01,
} from '../../support/google-records.ts'
import { imageRecords, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { needsPosix } from '../../support/programs.ts'
import { makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const files = {
  Dockerfile: 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\n',
  'main.py': 'x = f"{(\n1)}"\n',
  'fine.py': 'x = 1\n',
}
const traceback = `Traceback (most recent call last):
  File "/usr/local/lib/python3.11/importlib/__init__.py", line 126, in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
  File "/app/main.py", line 1
    x = f"{(
        ^
SyntaxError: unterminated string literal (detected at line 1)`

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)
let digest: string
let hashes: { md5: string; sha256: string }

beforeAll(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), files)
  await mkdir(at('tmp'))
  const source = await tgzOf(files)
  await writeFile(at('object'), source)
  const hash = (name: string) => createHash(name).update(source).digest('hex')
  hashes = { md5: hash('md5'), sha256: hash('sha256') }
  const records = await imageRecords([{ 'app/main.py': files['main.py'], 'app/fine.py': files['fine.py'] }], {
    layout: 'oci',
    workingDirectory: '/app',
    environment: ['PYTHON_VERSION=3.11.9'],
  })
  await writeFile(at('image.tar'), await tarOf(records))
  digest = JSON.parse(String(records.find(({ name }) => name === 'index.json')!.content)).manifests[0].digest
})
afterAll(() => folder[Symbol.asyncDispose]())

/** Everything that gcloud is asked for a service, by its first words. */
const answers = () => ({
  'run services describe': serviceV1({ digest }),
  'run revisions describe': revisionV1({ digest }),
  'artifacts docker images describe': describedImage({ digest }, [statementV01({ digest }, hashes)]),
  'builds describe': buildV1({ digest }, hashes),
  'logging read': splitEntries(traceback),
  'storage cp': { copies: at('object') },
})

let run = 0
async function autopsy(table: Answers, more: readonly string[] = ['--service', 'api'], image = true) {
  run += 1
  const gcloud = await fakeGcloud(at(`bin-${run}`), table)
  const environment = {
    PATH: `${gcloud.folder}:${process.env.PATH}`,
    TMPDIR: at('tmp'),
    DOCKER_HOST: `unix://${at('no-engine.sock')}`,
    CLOUDSDK_CORE_ACCOUNT: 'me@example.com',
  }
  const images = image ? ['--image', at('image.tar')] : []
  const offline = ['--interpreters', 'embedded', '--dev-python', '3.12', '--format', 'json']
  const args = ['autopsy', '--region', 'us-central1', '--project', 'demo', ...more, ...images, ...offline]
  const { code, out, err } = await firstbreak(at('repository'), args, environment)
  expect(await readdir(at('tmp'))).toEqual([])
  const report = out === '' ? null : JSON.parse(out)
  const custody = Object.fromEntries(
    (report?.custody ?? []).map(({ id, state }: { id: string; state: string }) => [id, state]),
  )
  const why = Object.fromEntries(
    (report?.missing ?? []).map(({ what, why }: { what: string; why: string }) => [what, why]),
  )
  return { code, err, report, custody, why, calls: await gcloud.calls() }
}

const commands = (calls: readonly (readonly string[])[]) => calls.map(words => words.join(' '))
const place = '--region us-central1 --project demo --format=json --quiet'

testNeeding(needsPosix)('asks for everything, and prints each command as a shell would take it', async () => {
  const { code, err, report, custody, calls } = await autopsy(answers())
  expect(code).toBe(1)
  expect(Object.values(custody)).toEqual([
    'confirmed',
    'confirmed',
    'confirmed',
    'confirmed',
    'confirmed',
    'confirmed',
    'confirmed',
  ])
  expect(report.missing).toEqual([])
  expect(report.deployment).toMatchObject({ kind: 'revision', name: 'api-00003-sp7', ready: 'api-00002-abc' })
  expect(report.crash).toMatchObject({ place: { path: 'main.py', line: 1 }, reproduction: { state: 'reproduced' } })
  const asked = commands(calls)
  expect(asked.slice(0, 4)).toEqual([
    `run services describe api ${place}`,
    `run revisions describe api-00003-sp7 ${place}`,
    `artifacts docker images describe ${registry}@${digest} --show-provenance --project demo --format=json --quiet`,
    `builds describe ${defaultBuild} ${place}`,
  ])
  expect(asked[4]).toMatch(
    /^logging read resource\.type="cloud_run_revision" AND resource\.labels\.revision_name="api-00003-sp7" AND \(logName:"run/,
  )
  expect(asked[5]).toMatch(
    /^storage cp --do-not-decompress --quiet gs:\/\/demo_cloudbuild\/source\/\S+#1782171768501007 \S+\/upload$/,
  )
  expect(asked).toHaveLength(6)
  const printed = err.split('\n').filter(line => line.startsWith('firstbreak: $ gcloud '))
  expect(printed).toHaveLength(6)
  expect(printed[0]).toBe(`firstbreak: $ gcloud run services describe api ${place}`)
  expect(printed[4]).toContain(`logging read 'resource.type="cloud_run_revision" AND `)
  expect(printed[5]).toMatch(/'gs:\/\/demo_cloudbuild\/source\/\S+#1782171768501007'/)
})

testNeeding(needsPosix)('a job by its newest execution', async () => {
  const labels = {
    instanceId: 'i',
    'run.googleapis.com/execution_name': 'nightly-x7k2p',
    'run.googleapis.com/task_index': '0',
  }
  const job = { resource: { type: 'cloud_run_job', labels: { job_name: 'nightly' } }, labels }
  const table = {
    ...answers(),
    'run jobs describe': jobV1({ digest }),
    'run jobs executions describe': executionV1({ digest }),
    'logging read': splitEntries(traceback, job),
  }
  const { code, report, custody, calls } = await autopsy(table, ['--job', 'nightly'])
  expect(code).toBe(1)
  expect(report.deployment).toMatchObject({ kind: 'execution', name: 'nightly-x7k2p' })
  expect(custody).toMatchObject({
    'log-deployment': 'confirmed',
    'image-build': 'confirmed',
    'archive-bytes': 'confirmed',
  })
  const asked = commands(calls)
  expect(asked.slice(0, 2)).toEqual([
    `run jobs describe nightly ${place}`,
    `run jobs executions describe nightly-x7k2p ${place}`,
  ])
  // A job names no build: provenance does.
  expect(asked).toContain(`builds describe ${defaultBuild} ${place}`)
  expect(asked.find(each => each.startsWith('logging'))).toContain(
    'labels."run.googleapis.com/execution_name"="nightly-x7k2p"',
  )
})

describe('a step that fails stops none of the others', () => {
  const denied = { fails: 'PERMISSION_DENIED: no access' }
  const steps: readonly (readonly [string, string, readonly string[]])[] = [
    ['run services describe', 'revision', ['revision', 'build', 'provenance', 'log', 'archive']],
    ['run revisions describe', 'revision', ['revision']],
    ['artifacts docker images describe', 'provenance', ['provenance']],
    ['builds describe', 'build', ['build']],
    ['logging read', 'log', ['log']],
    ['storage cp', 'archive', ['archive']],
  ]
  for (const [step, what, missing] of steps) {
    testNeeding(needsPosix)(step, async () => {
      const { code, report, why } = await autopsy({ ...answers(), [step]: denied })
      expect(code).toBe(1) // the image is broken, whatever the records say
      expect(report.missing.map((each: { what: string }) => each.what)).toEqual(missing)
      expect(why[what]).toMatch(new RegExp(`gcloud cannot (?:${step}|fetch).*PERMISSION_DENIED: no access`))
      expect(report.hidden).toMatchObject(
        step === 'logging read' || step === 'run services describe' ? [{ path: 'main.py', lines: [1] }] : [],
      )
      expect(report.remedy.changes).not.toEqual([])
    })
    testNeeding(needsPosix)(`${step}, with what is no record`, async () => {
      const useless = step === 'storage cp' ? { copies: '/dev/null' } : { nothing: 'of use' }
      const { code, report } = await autopsy({ ...answers(), [step]: useless })
      expect(code).toBe(1)
      expect(report.missing.map((each: { what: string }) => each.what)).toContain(what)
    })
  }

  testNeeding(needsPosix)('all of them', async () => {
    const { code, report } = await autopsy({}, ['--service', 'api'], false)
    expect(code).toBe(1)
    expect(report.verification.findings[0]).toMatchObject({ path: 'main.py' })
    expect(report.missing.map(({ pass }: { pass: string }) => pass.split(':')[0])).toContain('--revision FILE')
  })
})

testNeeding(needsPosix)('a build that is not in the region is asked for where no region is named', async () => {
  const table = { ...answers(), [`builds describe ${defaultBuild} --region`]: { fails: 'NOT_FOUND' } }
  const { 'builds describe': found, ...others } = table
  const { calls, custody } = await autopsy({ ...others, 'builds describe': found })
  expect(commands(calls)).toContain(`builds describe ${defaultBuild} --project demo --format=json --quiet`)
  expect(custody['image-build']).toBe('confirmed')
})

testNeeding(needsPosix)(
  'without provenance, the build that the annotation names, held against the digest',
  async () => {
    const other = buildV1({ digest: `sha256:${'8'.repeat(64)}` }, hashes)
    const { custody } = await autopsy({
      ...answers(),
      'artifacts docker': { fails: 'no provenance' },
      'builds describe': other,
    })
    expect(custody['image-build']).toBe('contradicted')
  },
)

testNeeding(needsPosix)('what files give is not asked for', async () => {
  await writeFile(at('revision.json'), JSON.stringify(revisionV1({ digest })))
  await writeFile(at('build.json'), JSON.stringify(buildV1({ digest }, hashes)))
  await writeFile(at('log.json'), JSON.stringify([logEntry(traceback)]))
  const given = [
    '--revision',
    at('revision.json'),
    '--build',
    at('build.json'),
    '--log',
    at('log.json'),
    '--upload',
    'none',
  ]
  const { code, calls } = await autopsy(answers(), ['--service', 'api', ...given])
  expect(code).toBe(1)
  expect(commands(calls).map(each => each.split(' ')[0])).toEqual(['artifacts'])
})

testNeeding(needsPosix)(
  'an image that no engine holds is said with what fetches it, and nothing is pulled',
  async () => {
    const { code, report, calls } = await autopsy(answers(), ['--service', 'api'], false)
    expect(code).toBe(1)
    expect(report.missing).toEqual([
      {
        what: 'image',
        why: null,
        pass: `--image image.tar: skopeo copy docker://${registry}@${digest} oci-archive:image.tar, or docker pull ${registry}@${digest} and pass that name`,
      },
    ])
    expect(commands(calls).some(each => /pull|docker save/.test(each))).toBe(false)
  },
)

for (const [name, options] of [
  ['a service', ['--service', '--flags-file=x']],
  ['a region', ['--service', 'api', '--region', '-x']],
  ['a name with blanks', ['--service', 'a b']],
] as const) {
  testNeeding(needsPosix)(`${name} that gcloud would take for an option is not passed on`, async () => {
    const { calls, why } = await autopsy(answers(), options)
    expect(calls).toEqual([])
    expect(why.revision).toContain('not a name; write it as Google does')
  })
}

testNeeding(needsPosix)('nor is what a record says', async () => {
  const revision = serviceV1({ digest, revision: '--impersonate-service-account=x' })
  const { calls, why, err } = await autopsy({ ...answers(), 'run services describe': revision })
  expect(commands(calls).join('\n')).not.toContain('impersonate')
  expect(why.revision).toContain('the newest revision "--impersonate-service-account=x": not a name')
  expect(err).not.toContain('bug in firstbreak')
})

testNeeding(needsPosix)('a gcloud that lies in the repository is not run', async () => {
  const gcloud = await fakeGcloud(at('repository/bin'), answers())
  const environment = { PATH: `${gcloud.folder}:${process.env.PATH}`, TMPDIR: at('tmp') }
  const args = ['autopsy', '--service', 'api', '--region', 'r', '--interpreters', 'embedded', '--format', 'json']
  const { out } = await firstbreak(at('repository'), args, environment)
  expect(await gcloud.calls()).toEqual([])
  expect(JSON.parse(out).missing).toContainEqual(
    expect.objectContaining({ what: 'revision', why: 'no gcloud to ask (the one on PATH lies in the repository)' }),
  )
})
