import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
