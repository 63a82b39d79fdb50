import { describe, expect, test } from 'vitest'
import { type Path, parsePath, rootPath } from '../../src/model/path.ts'
import { builderOf, readBuild } from '../../src/project/read-build.ts'
import { reading } from './files.ts'

const read = (files: Record<string, string>, source = '', dockerfile: string | null = null) =>
  readBuild(reading(files), {
    source: parsePath(source)!,
    dockerfile: dockerfile === null ? null : parsePath(dockerfile),
  })

test('no Dockerfile, no build', async () => {
  expect(await read({ 'main.py': '' })).toBeNull()
})

test('the context is the source, unless cloudbuild.yaml names another directory', async () => {
  const step = (args: string) => `steps:\n- name: gcr.io/cloud-builders/docker\n  args: [${args}]\n`
  const contextOf = async (cloudbuild: string) =>
    (await read({ 'api/Dockerfile': 'FROM a', 'api/cloudbuild.yaml': cloudbuild }, 'api'))?.context
  expect(await contextOf('')).toBe('api')
  expect(await contextOf(step('build, -t, x, .'))).toBe('api')
  expect(await contextOf(step('build, -t, x, ./sub/'))).toBe('api/sub')
  expect(await contextOf(step('build, ., -t, x'))).toBe('api/x')
  expect(await contextOf(step("build, '$_DIRECTORY'"))).toBe('api')
  const named = { 'b/Dockerfile': 'FROM a', 'cloudbuild.yaml': step('build, -f, b/Dockerfile, --target=t, c') }
  expect(await read(named, '', 'b/Dockerfile')).toMatchObject({ context: 'c', options: { target: 't' } })
})

test('the Dockerfile that the only docker build names is the one, unless another was asked for', async () => {
  const step = (name: string) => `- name: gcr.io/cloud-builders/docker\n  args: [build, -f, ${name}, .]\n`
  const files = { Dockerfile: 'FROM a', 'b/Dockerfile': 'FROM b', 'c.Dockerfile': 'FROM c' }
  const pathOf = async (steps: string, dockerfile: string | null = null) =>
    (await read({ ...files, 'cloudbuild.yaml': `steps:\n${steps}` }, '', dockerfile))?.dockerfile.path
  expect(await pathOf(step('b/Dockerfile'))).toBe('b/Dockerfile')
  expect(await pathOf(step('b/Dockerfile'), 'c.Dockerfile')).toBe('c.Dockerfile')
  expect(await pathOf(step('b/Dockerfile') + step('c.Dockerfile'))).toBe('Dockerfile')
})

test('the build is described elsewhere where that is said', async () => {
  const step = 'steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -f, b.Dockerfile, .]\n'
  const files = reading({ Dockerfile: 'FROM a', 'b.Dockerfile': 'FROM b', 'ci/build.yaml': step })
  const place = { source: rootPath, dockerfile: null, buildConfig: parsePath('ci/build.yaml')! }
  // Docker is started where the source is; the file is not.
  expect((await readBuild(files, place))?.dockerfile.path).toBe('b.Dockerfile')
})

test('BuildKit reads the ignore file of the Dockerfile, and not the other; the older builder the other', async () => {
  const build = await read({ Dockerfile: 'FROM a', 'Dockerfile.dockerignore': 'a.py', '.dockerignore': 'b.py' })
  const [a, b] = ['a.py', 'b.py'] as Path[]
  const ignored = (builder: 'legacy' | 'buildkit') => [a, b].map(path => build!.ignore(builder)!(path!)?.file ?? null)
  expect(ignored('buildkit')).toEqual(['Dockerfile.dockerignore', null])
  expect(ignored('legacy')).toEqual([null, '.dockerignore'])
})

test('an ignore file that no build takes is remarked on', async () => {
  const build = await read({ Dockerfile: 'FROM a', '.dockerignore': 'a\n[\n' })
  expect(build!.remarks).toEqual(['.dockerignore:2: no build takes the pattern ['])
  expect(build!.ignore('legacy')).toBeNull()
  expect(build!.context).toBe(rootPath)
})

describe('the builder of an image', () => {
  const [legacy, buildkit] = ['/bin/sh -c #(nop) COPY dir:0 in /app ', 'COPY . /app # buildkit']
  test.each([
    [[legacy], 'legacy'],
    [[buildkit], 'buildkit'],
    [[buildkit, legacy, null], 'legacy'],
    [[legacy, buildkit, 'kaniko'], 'buildkit'],
    [['/bin/sh -c #(nop)  CMD ["x"]', null], null],
  ])('%j: %s', (instructions, builder) => {
    expect(builderOf(instructions.map(createdBy => ({ createdBy })))).toBe(builder)
  })
})
