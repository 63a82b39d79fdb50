import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Evidence } from '../../src/model/finding.ts'
import { needsDebian } from '../support/base-image.ts'
import { firstbreak } from '../support/command-line.ts'
import {
  type Builder,
  type ImageWorkshop,
  imageWorkshop,
  layersOf,
  needsBuildKit,
  needsEngine,
} from '../support/engine.ts'
import { needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { commitFiles, type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const needs = [needsEngine, needsBuildKit, needsDebian, needsNative('3.11')]
const test = testNeeding(...needs)
const builders = ['legacy', 'buildkit'] as const

let workshop: ImageWorkshop
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let base: string

beforeAll(async () => {
  if (!needs.every(({ present }) => present)) return
  workshop = imageWorkshop()
  folder = await temporaryFolder()
  base = await workshop.debian()
})
afterAll(async () => {
  await workshop?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

const source: Files = {
  'app/a.py': 'a = 1\n',
  'app/b.py': 'b = 1\n',
  'app/c.py': 'c = 1\n',
  'app/deep/d.py': 'd = 1\n',
}

interface Told {
  readonly code: string
  readonly severity: string
  readonly path: string
  readonly evidence: Evidence
}

const repository = () => join(folder.path, 'repository')

/** A new repository of these files, and the Dockerfile that builds from them. */
async function project(dockerfile: string, files: Files = source): Promise<Files> {
  await rm(repository(), { recursive: true, force: true })
  const all = { ...files, Dockerfile: dockerfile.replaceAll('BASE', base) }
  await makeRepository(repository(), all)
  return all
}

/** The same files, built by either builder. */
async function builtByBoth(files: Files): Promise<Readonly<Record<Builder, string>>> {
  const { Dockerfile: dockerfile, ...context } = files
  const build = (builder: Builder) => workshop.build(String(dockerfile), context, { builder })
  return { legacy: await build('legacy'), buildkit: await build('buildkit') }
}

/** Looks at the images of both builders in one run: the report, and the findings of each image. */
async function look(images: Readonly<Record<Builder, string>>, ...more: readonly string[]) {
  const args = builders.flatMap(builder => ['--image', `${builder}=${images[builder]}`])
  const versions = ['--interpreters', 'native', '--dev-python', '3.11', '--upload', 'none']
  const outputs = ['--format', 'text', '--format', 'json=../report.json']
  const { code, out, err } = await firstbreak(repository(), [...args, ...versions, ...outputs, ...more])
  expect(err).toBe('')
  const report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8'))
  const findings = (builder: Builder) =>
    (report.findings as Told[]).filter(({ evidence }) => evidence.after?.stage === builder)
  return { code, report, text: out.replaceAll(/\s+/g, ' '), findings }
}

const notRun = ['--run-image', 'never'] as const

/** The layer of an image whose instruction, in the engine's own words, holds this text. */
async function layerOf(image: string, text: string) {
  const found = (await layersOf(workshop.docker, image)).filter(({ createdBy }) => createdBy?.includes(text))
  expect(found).toHaveLength(1)
  return found[0]!
}

describe('what a build did is found in the image of either builder', () => {
  test('RUN sed, and what the image is', async () => {
    const files = await project(
      "FROM BASE\nCOPY app /srv/app\nRUN sed -i 's/= 1/= = 1/' /srv/app/a.py\nENV LANG=C.UTF-8\n",
    )
    const images = await builtByBoth(files)
    const { code, report, text, findings } = await look(images)
    expect(code).toBe(1)
    for (const builder of builders) {
      const layer = await layerOf(images[builder], 'sed -i')
      expect(layer.index).toBe(2)
      expect(findings(builder)).toMatchObject([
        { code: 'altered-in-image', severity: 'error', path: 'app/a.py', evidence: { layer, change: 'rewritten' } },
      ])
      expect(text).toContain(
        `Layer 2 (${layer.diffId.slice(7, 15)}), ${layer.createdBy?.replaceAll(/\s+/g, ' ')}, wrote them.`,
      )
      const stage = report.stages.find(({ name }: { name: string }) => name === builder)
      expect(stage.layers.map(({ createdBy }: { createdBy: string }) => createdBy)).toEqual(
        (await layersOf(workshop.docker, images[builder])).map(({ createdBy }) => createdBy),
      )
      expect(stage.platform).toMatchObject({ distribution: 'Debian 12', libc: 'glibc', settings: { LANG: 'C.UTF-8' } })
      expect(stage.platform.pythonArchitecture).toBe(stage.platform.architecture)
      expect(stage.pythons).toMatchObject([{ prefix: '/usr', path: '/usr/bin/python3', reachedBy: 'start' }])
      expect(text).toContain(`${builder} runs CPython 3.11.2, /usr/bin/python3 (which it starts); Debian 12, glibc,`)
    }
    expect(report.comparisons[0]).toMatchObject({ images: builders, same: 4, differing: [], differences: [] })
    expect(report.hypotheses.find(({ id }: { id: string }) => id === 'platform-differs')).toMatchObject({
      id: 'platform-differs',
      state: 'refuted',
    })
  })

  test('the exact version is read from the files as well, where nothing is run', async () => {
    const files = await project('FROM BASE\nCOPY app /srv/app\nENV PYTHON_VERSION=3.11.99\n')
    const { code, report } = await look(await builtByBoth(files), ...notRun)
    expect(code).toBe(0)
    const { stdout } = await execa('docker', [
      'run',
      '--rm',
      base,
      'python3',
      '-c',
      'import platform as p; print(p.python_version())',
    ])
    for (const builder of builders) {
      const stage = report.stages.find(({ name }: { name: string }) => name === builder)
      expect(stage.pythons).toEqual([
        {
          version: stdout,
          from: `usr/bin/python3.11 in ${builder}`,
          prefix: '/usr',
          path: '/usr/bin/python3',
          reachedBy: 'start',
        },
      ])
      expect(report.remarks).toContain(
        `usr/bin/python3.11 in ${builder} is CPython ${stdout}, and that counts, though PYTHON_VERSION in ${builder} says 3.11.99`,
      )
    }
  })

  test('RUN dos2unix, its contrary, and what makes a directory', async () => {
    const text = { ...source, 'app/a.py': 'a = 1\r\nb = 2\r\n' }
    const files = await project(
      'FROM BASE\nCOPY app /srv/app\nRUN dos2unix /srv/app/a.py\nRUN unix2dos /srv/app/b.py\nRUN cd /srv/app; mkdir new; echo n = 1 | tee new/x.py new/y.py\n',
      text,
    )
    const images = await builtByBoth(files)
    const { code, findings, text: said } = await look(images, ...notRun)
    expect(code).toBe(0)
    for (const builder of builders) {
      const made = await layerOf(images[builder], 'mkdir new')
      expect(said).toContain(
        `The image ${builder} holds 2 Python files below /srv/app/new, which the working tree does not`,
      )
      const altered = { code: 'altered-in-image', severity: 'warning' }
      expect(findings(builder)).toMatchObject([
        {
          code: 'unexpected-in-image',
          severity: 'warning',
          path: null,
          evidence: { layer: made, imagePath: '/srv/app/new', paths: ['srv/app/new/x.py', 'srv/app/new/y.py'] },
        },
        {
          ...altered,
          path: 'app/a.py',
          evidence: { change: 'line-endings', layer: await layerOf(images[builder], 'dos2unix') },
        },
        {
          ...altered,
          path: 'app/b.py',
          evidence: { change: 'line-endings', layer: await layerOf(images[builder], 'unix2dos') },
        },
      ])
    }
  })

  test('a layer of an earlier build', async () => {
    const first = await project('FROM BASE\nCOPY app /srv/app\n')
    const old = await builtByBoth(first)
    const { stdout: commit } = await execa('git', ['rev-parse', 'HEAD'], { cwd: repository() })
    const changed = { 'app/a.py': 'a = 2\n', 'app/b.py': 'b = 2\n' }
    await commitFiles(repository(), changed, 'second')
    const build = (builder: Builder) =>
      workshop.build(`FROM ${old[builder]}\nCOPY app/b.py /srv/app/b.py\n`, { ...source, ...changed }, { builder })
    const images = { legacy: await build('legacy'), buildkit: await build('buildkit') }
    const { code, findings } = await look(images, ...notRun)
    expect(code).toBe(1)
    for (const builder of builders) {
      const layer = { index: 1, ...(await layersOf(workshop.docker, images[builder]))[1] }
      expect(findings(builder)).toMatchObject([
        {
          code: 'stale-in-image',
          severity: 'error',
          path: 'app/a.py',
          evidence: { layer, past: { commit, behind: 1 } },
        },
      ])
    }
  })

  test('a rule of .dockerignore that drops a package', async () => {
    const files = await project('FROM BASE\nCOPY . /srv/\n', { ...source, '.dockerignore': '.git\n**/deep\n' })
    const { code, findings } = await look(await builtByBoth(files), ...notRun)
    expect(code).toBe(0)
    for (const builder of builders) {
      const rule = { file: '.dockerignore', line: 2, text: '**/deep' }
      expect(findings(builder)).toMatchObject([
        { code: 'missing-from-image', severity: 'note', path: 'app/deep/d.py', evidence: { rule } },
      ])
    }
  })

  test('a stage that changed what the last one copies', async () => {
    const files = await project(
      "FROM BASE AS build\nRUN true\nCOPY app /build/app\nRUN sed -i 's/= 1/= = 1/' /build/app/c.py\nRUN echo > /log\nFROM BASE\nCOPY --from=build --chown=1000 /build/app /srv/app\n",
    )
    const images = await builtByBoth(files)
    const { code, report, findings, text } = await look(images, ...notRun)
    expect(code).toBe(1)
    const by = { from: 'Dockerfile:7', text: 'COPY --from=build --chown=1000 /build/app /srv/app' }
    const runs = [
      { from: 'Dockerfile:4', text: "RUN sed -i 's/= 1/= = 1/' /build/app/c.py" },
      { from: 'Dockerfile:5', text: 'RUN echo > /log' },
    ]
    for (const builder of builders) {
      const layers = await layersOf(workshop.docker, images[builder])
      expect(layers).toHaveLength(2)
      const evidence = { layer: layers[1], copiedBy: by, fromStage: { name: 'build', runs } }
      expect(findings(builder)).toMatchObject([
        { code: 'altered-in-image', severity: 'error', path: 'app/c.py', evidence },
      ])
    }
    const named = runs.map(({ from, text }) => `${text} (${from})`).join(' and ')
    expect(text).toContain(
      `copied them (Dockerfile:7) as the stage build had left them. The layers of that stage are not in the image, so it is not proved what changed them there; what can have done so: ${named}.`,
    )
    expect(text).toContain(
      'look at what the stage build of the build does to app/c.py, at Dockerfile:4 and Dockerfile:5',
    )
    expect(text).toContain('1 is broken by the build')
    const mapping = { imageDirectory: '/srv', sourceDirectory: '', from: 'content', saidBy: 'Dockerfile:7' }
    expect(report.mappings).toMatchObject([mapping, mapping])
  })

  test('pip install, and what was done to the package then', async () => {
    const pyproject = `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "thing"
version = "1"
[tool.setuptools.packages.find]
where = ["src"]
`
    const packages = { 'src/thing/__init__.py': '# thing\n', 'src/thing/a.py': 'a = 1\n', 'src/thing/b.py': 'b = 1\n' }
    const options = '--no-build-isolation --no-index --no-deps --no-compile --break-system-packages'
    const library = '/usr/local/lib/python3.11/dist-packages'
    const files = await project(
      `FROM BASE\nCOPY . /build/\nRUN cd /build && pip install ${options} . && rm -r /build\nRUN sed -i 's/1/2/' ${library}/thing/b.py\n`,
      { ...packages, 'pyproject.toml': pyproject },
    )
    const images = await builtByBoth(files)
    const { code, report, findings } = await look(images, ...notRun)
    expect(code).toBe(0)
    const mapping = { imageDirectory: library, sourceDirectory: 'src', equal: 2, compared: 3 }
    expect(report.mappings).toMatchObject([mapping, mapping])
    for (const builder of builders) {
      const layer = await layerOf(images[builder], 'sed -i')
      const imagePath = `${library}/thing/b.py`
      expect(findings(builder)).toMatchObject([
        { code: 'altered-in-image', severity: 'warning', path: 'src/thing/b.py', evidence: { layer, imagePath } },
      ])
    }
  })

  test('an entrypoint that edits a file', async () => {
    const start = "#!/bin/sh\nsed -i 's/= 1/= = 1/' /srv/app/a.py\n"
    const files = await project('FROM BASE\nCOPY app /srv/app\nCOPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\n', {
      ...source,
      'start.sh': start,
    })
    const images = await builtByBoth(files)
    expect((await look(images, ...notRun)).code).toBe(0)
    const containers = await Promise.all(
      builders.map(builder => workshop.docker.createContainer({ Image: images[builder] })),
    )
    try {
      for (const container of containers) {
        await container.start()
        await container.wait()
      }
      const [legacy = '', buildkit = ''] = containers.map(({ id }) => `container:${id}`)
      const { code, findings } = await look({ legacy, buildkit })
      expect(code).toBe(1)
      for (const builder of builders) {
        const { length: index } = await layersOf(workshop.docker, images[builder])
        const layer = { index, diffId: null, createdBy: "the container's own changes" }
        expect(findings(builder)).toMatchObject([
          { code: 'altered-in-image', severity: 'error', path: 'app/a.py', evidence: { layer } },
        ])
      }
    } finally {
      for (const container of containers) await container.remove({ force: true })
    }
  })
})
