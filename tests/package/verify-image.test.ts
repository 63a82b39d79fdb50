import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { type Interpreter, minorVersion } from '../../src/model/interpreter.ts'
import { nativePythons } from '../support/native.ts'
import { type Need, testNeeding } from '../support/needs.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const root = join(import.meta.dirname, '../..')
const minors = ['3.9', '3.10', '3.11', '3.12', '3.13'] as const

/** Those that lie in a folder of their own with all that they need, as the official images have them. */
const pythons = new Map<string, Interpreter>()
for (const each of nativePythons) {
  const minor = minorVersion(each.version)
  if (existsSync(join(prefixOf(each), `lib/libpython${minor}.so.1.0`))) pythons.set(minor, each)
}

function prefixOf({ executable }: Interpreter): string {
  return dirname(dirname(executable!))
}

const needs: readonly Need[] = [
  { name: 'the npm registry (FIRSTBREAK_TEST_REGISTRY=1)', present: process.env.FIRSTBREAK_TEST_REGISTRY === '1' },
  { name: 'a container engine (DOCKER_HOST)', present: Boolean(process.env.DOCKER_HOST) },
  { name: 'mmdebstrap', present: (await execa('mmdebstrap', ['--version'], { reject: false })).exitCode === 0 },
  { name: `CPython ${minors.join(', ')} with a shared library`, present: minors.every(minor => pythons.has(minor)) },
]
const canBuild = needs.every(({ present }) => present)

vi.setConfig({ hookTimeout: 900_000, testTimeout: 600_000 })

const name = `firstbreak-verify-test-${process.pid}`
const tag = (image: string) => `${name}:${image}`
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (path: string) => join(folder.path, path)
const made: string[] = []

async function docker(...args: string[]) {
  return execa('docker', args, { reject: false, all: true, env: { DOCKER_BUILDKIT: '0' } })
}

/** Builds an image in a folder of its own. */
async function build(image: string, context: string, options: readonly string[] = []): Promise<string> {
  const { exitCode, all } = await docker(
    'build',
    '--force-rm',
    '--network',
    'host',
    '--tag',
    tag(image),
    ...options,
    context,
  )
  if (exitCode !== 0) throw new Error(all)
  made.push(tag(image))
  return all
}

/**
 * Images as they would come from a registry, made of what is here: Debian with git, on it this machine's Node and npm, and each
 * native CPython as the official images lay them out.
 */
async function buildBases(): Promise<void> {
  const include = '--include=ca-certificates,git,libstdc++6'
  await execa('mmdebstrap', ['--quiet', '--variant=essential', include, 'bookworm', at('debian.tar')])
  await docker('import', at('debian.tar'), tag('debian'))
  made.push(tag('debian'))

  await mkdir(at('node'))
  const npm = dirname(dirname(await realPathOf('npm')))
  const copied = [process.execPath, npm].map(path => path.slice(1))
  await execa('tar', ['-c', '-C', '/', '-f', at('node/node.tar'), '--exclude=_cacache', ...copied])
  const certificates = process.env.NODE_EXTRA_CA_CERTS
  await copyFile(certificates ?? '/etc/ssl/certs/ca-certificates.crt', at('node/certificates.crt'))
  const links = `ln -sf ${process.execPath} /usr/local/bin/node && ln -sf ${npm}/bin/npm-cli.js /usr/local/bin/npm`
  const trust = 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/firstbreak-test.crt'
  await writeFile(
    at('node/Dockerfile'),
    `FROM ${tag('debian')}\nADD node.tar /\nCOPY certificates.crt /etc/ssl/certs/firstbreak-test.crt\n${trust}\nRUN ${links}\n`,
  )
  await build('node', at('node'))
  for (const minor of minors) await buildPython(minor)
}

async function buildPython(minor: string): Promise<void> {
  const prefix = prefixOf(pythons.get(minor)!)
  await mkdir(at(minor))
  const leftOut = ['__pycache__', 'site-packages', 'test'].map(each => `--exclude=${each}`)
  const kept = [`bin/python${minor}`, `lib/python${minor}`, `lib/libpython${minor}.so.1.0`]
  await execa('tar', [
    '-c',
    '-C',
    prefix,
    '-f',
    at(`${minor}/python.tar`),
    ...leftOut,
    '--transform=s,^,usr/local/,',
    ...kept,
  ])
  await writeFile(at(`${minor}/Dockerfile`), `FROM ${tag('debian')}\nADD python.tar /\n`)
  await build(`python-${minor}`, at(minor))
}

async function realPathOf(program: string): Promise<string> {
  const { stdout } = await execa('sh', ['-c', `readlink -f "$(command -v ${program})"`])
  return stdout
}

const argument = (minor: string, image: string) => `PYTHON_${minor.replace('.', '_')}_IMAGE=${image}`

let before: readonly string[] = []

async function unnamedImages(): Promise<readonly string[]> {
  const { stdout } = await docker('images', '--quiet', '--no-trunc', '--filter', 'dangling=true')
  return stdout.split('\n').filter(id => id !== '')
}

beforeAll(async () => {
  before = canBuild ? await unnamedImages() : []
  folder = await temporaryFolder()
  await makeRepository(at('repository'), {
    'app/a.py': 'x = f"{a["b"]}"\n',
    Dockerfile: 'FROM python:3.9\nCOPY . /app\n',
    '.python-version': '3.13\n',
  })
  if (canBuild) await buildBases()
})
afterAll(async () => {
  // The builder leaves the stages that nothing names.
  const stages = (await unnamedImages()).filter(id => !before.includes(id))
  if (made.length > 0) await docker('rmi', '--force', tag('verify'), ...made.reverse(), ...stages)
  if (made.length > 0) await docker('volume', 'rm', '--force', name)
  await folder[Symbol.asyncDispose]()
})

/** Runs the image on the repository, with no network, as a user that nothing here belongs to. */
function run(...args: string[]) {
  const mount = `${at('repository')}:/repository:ro`
  const options = ['--rm', '--network', 'none', '--user', '4242:4242', '--volume', mount]
  return docker('run', ...options, ...args)
}

testNeeding(...needs)('it builds from local images, and judges with native CPythons', async () => {
  const images = [...minors.map(minor => argument(minor, tag(`python-${minor}`))), argument('3.14', 'none')]
  const options = [`NODE_IMAGE=${tag('node')}`, ...images].flatMap(each => ['--build-arg', each])
  const said = await build('verify', root, ['--file', join(root, 'Dockerfile.verify'), ...options])
  for (const minor of minors) expect(said).toContain(`\nCPython ${pythons.get(minor)!.version}\n`)
  expect(said).toContain('CPython 3.14 is left out')

  const doctor = await run(tag('verify'), 'doctor', '--format', 'json')
  expect(doctor.exitCode).toBe(0)
  const { interpreters } = JSON.parse(doctor.stdout)
  expect(interpreters.map(({ id }: { id: string }) => id).filter((id: string) => id.startsWith('native'))).toEqual(
    minors.map(minor => `native-${pythons.get(minor)!.version}`),
  )

  const broken = await run(tag('verify'), '--format', 'json')
  expect(broken.exitCode).toBe(1)
  const report = JSON.parse(broken.stdout)
  expect(report.findings[0]).toMatchObject({
    code: 'version-skew',
    path: 'app/a.py',
    firstBreak: { stage: 'commit', interpreter: `native-${pythons.get('3.9')!.version}` },
  })

  expect((await run(tag('verify'), 'verify', '--deploy-python', '3.13')).exitCode).toBe(0)
  expect((await run('--read-only', tag('verify'), '--deploy-python', '3.14', '--quiet')).exitCode).toBe(0)
  const volume = ['--volume', `${name}:/cache`, tag('verify')]
  expect(await run(...volume, '--deploy-python', '3.13')).toMatchObject({ exitCode: 0, stderr: '' })
  const { stdout: kept } = await run(...volume, 'cache')
  expect(kept).toMatch(/^place +\/cache\/firstbreak\/.*^entries +[1-9]/ms)

  // However a runner starts it.
  const version = { exitCode: 0, stdout: JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version }
  expect(await run(tag('verify'), 'firstbreak', '--version')).toMatchObject(version)
  expect(await run(tag('verify'), 'sh', '-c', 'firstbreak --version')).toMatchObject(version)
  const nowhere = await docker('run', '--rm', '--network', 'none', tag('verify'))
  expect(nowhere).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('"/repository" is not in a git repository'),
  })
})

testNeeding(...needs)('an image without the Python that is asked of it fails the build, and is named', async () => {
  const options = [`NODE_IMAGE=${tag('node')}`, ...[...minors, '3.14'].map(minor => argument(minor, tag('python-3.9')))]
  const { exitCode, all } = await docker(
    'build',
    '--force-rm',
    '--file',
    join(root, 'Dockerfile.verify'),
    ...options.flatMap(each => ['--build-arg', each]),
    root,
  )
  expect(exitCode).not.toBe(0)
  expect(all).toContain('the image PYTHON_3_10_IMAGE has no /usr/local/bin/python3.10: name another, or none')
})
