import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage, sha256 } from '../support/images.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const source = {
  'app/a.py': 'a = 1\n',
  'app/b.py': 'b = 1\n',
  'app/c.py': 'c = 1\n',
  'app/d.py': 'd = 1\n',
  Dockerfile: 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\n',
  '.python-version': '3.12\n',
}
const copied = Object.fromEntries(Object.entries(source).map(([path, text]) => [`srv/${path}`, text]))

async function run(...args: string[]) {
  const options = ['--interpreters', 'embedded', '--image', at('image.tar'), ...args]
  return firstbreak(at('repository'), options, {})
}

test('the layer is named from which on the bytes are others, and every one that wrote them', async () => {
  await makeRepository(at('repository'), source)
  const layers = [
    { 'etc/os-release': '', 'srv/app/a.py': 'of the base\n' },
    copied,
    { 'srv/app/a.py': 'a = (1\n', 'srv/app/b.py': 'b = (1\n' },
    { 'srv/app/a.py': 'a = (1 \n', 'srv/app/.wh.c.py': '' },
    { 'srv/app/c.py': 'c = 2\n' },
  ]
  const instructions = [
    'FROM base',
    'COPY . .',
    "RUN sed -i 's/= /= (/' a.py b.py",
    'RUN black . && rm c.py',
    'RUN make c.py',
  ]
  await saveImage(at('image.tar'), layers, { instructions })
  const { code, out } = await run()
  expect(code).toBe(1)
  const blocks = out.split('\n\n').filter(block => block.includes('altered-in-image') || block.includes('.py ('))
  await expect(`${blocks.join('\n\n').replaceAll(/\(([0-9a-f]{8})\)/g, '(<digest>)')}\n`).toMatchFileSnapshot(
    'runs/layers.txt',
  )

  const { findings } = JSON.parse((await run('--format', 'json')).out)
  const a = findings.find((each: { path: string }) => each.path === 'app/a.py')
  expect(a.evidence.layer).toMatchObject({ index: 2, createdBy: instructions[2] })
  const write = (index: number, text: string, verdict: string, asBefore: boolean) => ({
    index,
    createdBy: instructions[index],
    kind: 'written',
    sha256: sha256(text),
    verdict,
    asBefore,
  })
  expect(a.evidence.writes).toEqual([
    write(0, 'of the base\n', 'breaks', false),
    write(1, 'a = 1\n', 'compiles', true),
    write(2, 'a = (1\n', 'breaks', false),
    write(3, 'a = (1 \n', 'breaks', false),
  ])
  const c = findings.find((each: { path: string }) => each.path === 'app/c.py')
  expect(c.evidence.writes.map(({ index, kind }: { index: number; kind: string }) => `${index} ${kind}`)).toEqual([
    '1 written',
    '3 removed',
    '4 written',
  ])
  expect(c.evidence.layer.index).toBe(3)
})

test('a file that only one layer wrote has that one named', async () => {
  await makeRepository(at('repository'), source)
  await saveImage(at('image.tar'), [{ ...copied, 'srv/app/a.py': 'a = 2\n' }], { instructions: ['COPY . .'] })
  const { findings } = JSON.parse((await run('--format', 'json')).out)
  const [a] = findings.filter((each: { path: string }) => each.path === 'app/a.py')
  expect(a.evidence.layer).toMatchObject({ index: 0, createdBy: 'COPY . .' })
  expect(a.evidence).not.toHaveProperty('writes')
})

describe('a layer that only copies has changed nothing', () => {
  const changed = { ...copied, 'srv/app/a.py': 'a = (1\n' }
  const stages = `FROM python:3.12-slim AS build
COPY . /src/
RUN black /src
FROM python:3.12-slim
WORKDIR /srv
COPY --from=build /src .
`
  const away = 'are not in the image'

  test.each<[string, string | null, string, string, string]>([
    [
      'out of another stage',
      stages,
      'COPY /src . # buildkit',
      `copied them (Dockerfile:6) as the stage build had left them. The layers of that stage ${away}, so it is not proved what changed them there; what can have done so: RUN black /src (Dockerfile:3).`,
      'look at what the stage build of the build does to app/a.py, at Dockerfile:3',
    ],
    [
      'out of a stage that did nothing',
      stages.replace('RUN black /src\n', ''),
      'COPY /src . # buildkit',
      `The layers of that stage ${away}, and no RUN of it had the file: what was sent to the build held these bytes already.`,
      'look at what the build was given: Dockerfile:5 copied app/a.py, and changes nothing',
    ],
    [
      'out of a stage of which only the layer tells',
      null,
      'COPY --chown=1:1 --from=build /src .',
      `copied them from another stage, build, whose layers ${away}: what changed them there is not known.`,
      'look at what the stage build of the build does to app/a.py',
    ],
    [
      'from the build',
      source.Dockerfile,
      'COPY . . # buildkit',
      'copied them: what was sent to the build held these bytes already.',
      'look at what the build was given: Dockerfile:3 copied app/a.py, and changes nothing',
    ],
    [
      'from nobody knows where',
      null,
      '/bin/sh -c #(nop) COPY dir:0123 in . ',
      'copied them: what was sent to the build, or the stage it copies from, held these bytes already.',
      'look at what the build was given: layer 0, /bin/sh -c #(nop) COPY dir:0123 in . , copied app/a.py, and changes nothing',
    ],
  ])('%s', async (_name, dockerfile, instruction, sentence, step) => {
    const { Dockerfile: _, ...rest } = source
    await makeRepository(at('repository'), { ...rest, ...(dockerfile === null ? {} : { Dockerfile: dockerfile }) })
    await saveImage(at('image.tar'), [changed], { instructions: [instruction] })
    const { code, out } = await run()
    expect(code).toBe(1)
    const text = out.replaceAll(/\s+/g, ' ')
    expect(text).toContain(sentence)
    expect(text).toContain(step.replaceAll(/\s+/g, ' '))
    expect(text).toContain('1 is broken by the build')
  })
})
