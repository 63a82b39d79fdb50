import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { pythonRoot } from '../support/base-image.ts'
import { firstbreak } from '../support/command-line.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { needsPodman, type Podman, startPodman } from '../support/podman.ts'
import { makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const needs = [needsPodman, needsNative('3.11')]
const test = testNeeding(...needs)

let podman: Podman
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const [base, built] = ['localhost/firstbreak-base:1', 'localhost/firstbreak-built:1']
const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  if (!needs.every(({ present }) => present)) return
  folder = await temporaryFolder()
  podman = await startPodman()
  await podman.run(['import', '-', base], await pythonRoot('3.11'))
  const source = { 'app/a.py': 'a = 1\n', 'app/b.py': 'b = 1\n' }
  const dockerfile = `FROM ${base}\nCOPY app /srv/app\nRUN echo 'a = = 1' > /srv/app/a.py\nCMD ["python3", "/srv/app/b.py"]\n`
  await makeRepository(at('repository'), source)
  await writeFiles(at('context'), { ...source, Dockerfile: dockerfile })
  await podman.run(['build', '--quiet', '--network', 'none', '--tag', built, at('context')])
})
afterAll(async () => {
  await podman?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

async function run(image: string) {
  const args = ['--interpreters', 'native', '--dev-python', '3.11', '--upload', 'none', '--format', 'json']
  const environment = {
    ...process.env,
    DOCKER_HOST: undefined,
    DOCKER_CONTEXT: undefined,
    CONTAINER_HOST: podman.address,
  }
  const { code, out, err } = await firstbreak(at('repository'), [...args, '--image', image], environment)
  expect(err).toBe('')
  const report = JSON.parse(out)
  const findings = (report.findings as Finding[]).map(({ code, path, evidence: { layer } }) => ({ code, path, layer }))
  return { code, findings, stage: report.stages.at(-1), remarks: report.remarks }
}

/** What the engine itself tells of the layer that wrote the file. */
async function writer() {
  const layers = JSON.parse(
    await podman.run(['image', 'inspect', '--format', '{{json .RootFS.Layers}}', built]),
  ) as string[]
  const steps = await podman.run(['history', '--no-trunc', '--format', '{{.CreatedBy}}', built])
  const createdBy = steps.split('\n').find(step => step.includes('echo'))
  return { index: 2, diffId: layers[2], createdBy }
}

test('an image of Podman is read by its socket, and its Python asked', async () => {
  const { code, findings, stage, remarks } = await run(built)
  expect(code).toBe(1)
  expect(findings).toEqual([{ code: 'altered-in-image', path: 'app/a.py', layer: await writer() }])
  expect(stage).toMatchObject({ kind: 'docker-engine', files: expect.any(Number) })
  const { version } = nativePython('3.11')!
  expect(stage.pythons).toMatchObject([{ version, path: '/usr/local/bin/python3', reachedBy: 'start' }])
  // Whether it answers is the machine's: Podman starts nothing where it may not raise limits, and another one stands in.
  expect(remarks).toContainEqual(expect.stringMatching(/^ran \/usr\/local\/bin\/python3 of image, which it starts, /))
  expect(await podman.run(['ps', '--all', '--quiet'])).toBe('')
})

test('a container of Podman is read as it stands', async () => {
  const container = await podman.run(['create', '--network', 'none', built])
  const { code, findings, stage } = await run(`container:${container}`)
  expect(code).toBe(1)
  expect(findings).toEqual([{ code: 'altered-in-image', path: 'app/a.py', layer: await writer() }])
  expect(stage).toMatchObject({ kind: 'container', reference: container })
  await podman.run(['rm', container])
})

for (const format of ['docker-archive', 'oci-archive', 'oci-dir']) {
  test(`what podman save writes as ${format} is read`, async () => {
    await podman.run(['image', 'save', '--quiet', '--format', format, '--output', at(format), built])
    const { code, findings } = await run(at(format))
    expect(code).toBe(1)
    const { index, createdBy } = await writer()
    expect(findings).toMatchObject([{ code: 'altered-in-image', path: 'app/a.py', layer: { index, createdBy } }])
  })
}
