import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { parse } from 'yaml'
import { needsEngine } from '../support/engine.ts'
import { testNeeding } from '../support/needs.ts'
import { programOnPath, writeScript } from '../support/program.ts'
import { needsPosix } from '../support/programs.ts'
import { makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { testCache } from '../support/test-cache.ts'

const examples = join(import.meta.dirname, '../../examples')
const skew = "x = f'{\n1}'\n"
const image = 'firstbreak-test-example'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof testCache>>
let environment: NodeJS.ProcessEnv
let repositories = 0
let top = ''

beforeAll(async () => {
  folder = await temporaryFolder()
  cache = await testCache()
  const bin = await programOnPath(folder.path)
  await writeScript(join(bin, 'gcloud'), `printf '%s\\n' "$*" >> ${join(folder.path, 'calls')}`)
  const PATH = `${bin}:${process.env.PATH}`
  environment = { ...process.env, PATH, FIRSTBREAK_CACHE_DIR: cache.path, GITHUB_STEP_SUMMARY: '' }
})
afterAll(async () => {
  await cache[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

beforeEach(async () => {
  repositories += 1
  top = join(folder.path, `repository-${repositories}`)
  await makeRepository(top, {
    'app/main.py': 'x = 1\n',
    Dockerfile: 'FROM scratch\nENV PYTHON_VERSION=3.12.4\nCOPY app /srv/app\n',
    '.python-version': '3.12\n',
  })
})

const example = async (name: string) => parse(await readFile(join(examples, name), 'utf8'))
const run = (command: string, args: readonly string[], cwd = top) =>
  execa(command, args, { cwd, env: environment, extendEnv: false, reject: false })

/** Seals, and gives a build what goes up. */
async function submitted(): Promise<string> {
  expect(await run('firstbreak', ['seal', '--deploy-python', '3.12'])).toMatchObject({ exitCode: 0 })
  expect(await run('firstbreak', ['upload', '--write', '../source.tgz', '--force'])).toMatchObject({ exitCode: 0 })
  const workspace = join(folder.path, `workspace-${repositories}`)
  await mkdir(workspace)
  await run('tar', ['xzf', join(folder.path, 'source.tgz'), '-C', workspace])
  return workspace
}

/** The steps of cloudbuild.yaml, one after the other, until one fails; the ids of those that went well. */
async function build(workspace: string): Promise<string[]> {
  const { steps } = await example('cloudbuild.yaml')
  const done: string[] = []
  for (const { id, name, entrypoint, args } of steps) {
    const words = args.map((word: string) => word.replaceAll('$_IMAGE', image))
    const { exitCode } = await run(entrypoint ?? name.replace(/^.*\//, ''), words, workspace)
    if (exitCode !== 0) return done
    done.push(id)
  }
  return done
}

testNeeding(needsPosix, needsEngine)('cloudbuild.yaml: what was sealed is what is built', async () => {
  try {
    expect(await build(await submitted())).toEqual(['source', 'build', 'image'])
  } finally {
    await run('docker', ['rmi', '--force', image])
  }
})

testNeeding(needsPosix)(
  'cloudbuild.yaml: a file that came otherwise, or that nobody sealed, stops the build',
  async () => {
    const workspace = await submitted()
    await writeFiles(workspace, { 'app/late.py': '' })
    expect(await build(workspace)).toEqual([])
    await run('rm', ['app/late.py'], workspace)
    await writeFiles(workspace, { 'app/main.py': 'x = 1\r\n' })
    expect(await build(workspace)).toEqual([])
  },
)

testNeeding(needsPosix, needsEngine)('cloudbuild.yaml: a build that writes other bytes is not pushed', async () => {
  const workspace = await submitted()
  await writeFiles(workspace, {
    'other/main.py': 'x = 2\n',
    'late/more.txt': '',
    Dockerfile: 'FROM scratch\nENV PYTHON_VERSION=3.12.4\nCOPY app /srv/app\nCOPY late/main.txt /srv/app/main.py\n',
    'late/main.txt': 'x = 2\n',
  })
  await run('rm', ['-r', 'other'], workspace)
  try {
    expect(await build(workspace)).toEqual(['source', 'build'])
  } finally {
    await run('docker', ['rmi', '--force', image])
  }
})

testNeeding(needsPosix)('github-workflow.yml: verifies, and deploys what is verified', async () => {
  const { jobs } = await example('github-workflow.yml')
  const scripts = (job: string): string[] => jobs[job].steps.flatMap(({ run }: { run?: string }) => run ?? [])
  const runAll = async () => {
    const codes: (number | undefined)[] = []
    for (const script of [...scripts('verify'), ...scripts('deploy')]) {
      const { exitCode } = await run('sh', ['-ec', script])
      codes.push(exitCode)
    }
    return codes
  }
  await writeFiles(top, { Dockerfile: 'FROM python:3.12\nCOPY . .\n' })
  expect(await runAll()).toEqual([0, 0])
  const calls = join(folder.path, 'calls')
  expect(await readFile(calls, 'utf8')).toBe('run deploy api --source . --region europe-west1 --quiet\n')
  const sarif = JSON.parse(await readFile(join(top, 'firstbreak.sarif'), 'utf8'))
  expect(sarif.runs[0].results.filter(({ level }: { level: string }) => level === 'error')).toEqual([])
  await writeFiles(top, { Dockerfile: 'FROM python:3.11\nCOPY . .\n', 'app/main.py': skew })
  expect(await runAll()).toEqual([1, 1])
  expect((await readFile(calls, 'utf8')).split('\n')).toHaveLength(2)
})

testNeeding(needsPosix)('gitlab-ci.yml: leaves the reports that it names', async () => {
  const { firstbreak } = await example('gitlab-ci.yml')
  await writeFiles(top, { 'app/main.py': 'x = (\n' })
  for (const script of firstbreak.script) expect(await run('sh', ['-ec', script])).toMatchObject({ exitCode: 1 })
  const { codequality, junit } = firstbreak.artifacts.reports
  expect(JSON.parse(await readFile(join(top, codequality), 'utf8'))).toMatchObject([
    { location: { path: 'app/main.py' } },
  ])
  expect(await readFile(join(top, junit), 'utf8')).toContain('<failure')
})
