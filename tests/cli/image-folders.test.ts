import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { type ImageWorkshop, imageWorkshop, needsEngine } from '../support/engine.ts'
import { containersOf, untilNone } from '../support/leftovers.ts'
import { needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { builtProgram } from '../support/program.ts'
import { type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const needs = [needsEngine, needsNative('3.11', '3.12')]
const test = testNeeding(...needs)

let workshop: ImageWorkshop
let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  if (!needs.every(({ present }) => present)) return
  workshop = imageWorkshop()
  folder = await temporaryFolder()
})
afterAll(async () => {
  await workshop?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

const source: Files = {
  'app/fine.py': 'x = 1\n',
  'app/new.py': "f'{'x'}'\n",
  'app/inner/__init__.py': '# inner\n',
  'tests/t.py': 't = 1\n',
  '.dockerignore': 'tests\n',
}

/** Files to add, or with null to leave out. */
type Changes = Readonly<Record<string, string | null>>

interface Case {
  readonly name: string
  /** Behind its FROM. */
  readonly instructions: string
  /** Of the repository, over `source`. */
  readonly files?: Changes
  /** Sent to the build in place of what the repository holds. */
  readonly sent?: Changes
  readonly args?: readonly string[]
  /** Why all layers are read; null where the folders are enough. */
  readonly reason: string | null
}

/** The cases in which folders are read; there nothing may be said that the layers do not say as well. */
const looked = [
  'all is as sent, also what breaks',
  'a folder, and a file under another name',
  'packages are installed before the source comes',
  'where --map says',
  'other bytes',
  'a file that is missing, and one that came besides',
  'bytecode',
  'nothing is where it should be',
]

const plain = 'WORKDIR /srv\nCOPY . .\n'
const cases: readonly Case[] = [
  { name: 'all is as sent, also what breaks', instructions: plain, reason: null },
  {
    name: 'a folder, and a file under another name',
    instructions: 'COPY app /srv/app\nCOPY app/fine.py /opt/start.py\n',
    reason: null,
  },
  { name: 'packages are installed before the source comes', instructions: `RUN echo x > /x\n${plain}`, reason: null },
  { name: 'where --map says', instructions: plain, args: ['--map', '/srv=.', '--exclude', 'tests'], reason: null },
  {
    name: 'RUN behind the source',
    instructions: `${plain}RUN echo > /x\n`,
    reason: 'as Dockerfile:4 runs where the source is, and may have changed or copied it',
  },
  {
    name: 'other bytes',
    instructions: plain,
    sent: { 'app/fine.py': 'x = 2\n' },
    reason: 'as 1 file in the folders of the source is not as sent',
  },
  {
    name: 'a file that is missing, and one that came besides',
    instructions: plain,
    sent: { 'app/fine.py': null, 'app/other.py': 'o = 1\n' },
    reason: 'as 2 files in the folders of the source are not as sent',
  },
  {
    name: 'bytecode',
    instructions: plain,
    sent: { 'app/__pycache__/fine.cpython-311.pyc': 'x' },
    reason: 'as there is bytecode beside the source',
  },
  {
    name: 'files of another image',
    instructions: `${plain}COPY --from=BASE /bin/sh /x\n`,
    reason: 'as Dockerfile brings files of elsewhere',
  },
  { name: 'the root', instructions: 'COPY . /\n', reason: 'as the source is at its root' },
  { name: 'a volume', instructions: `VOLUME /srv/app\n${plain}`, reason: 'as a volume is mounted where the source is' },
  {
    name: 'PYTHONPATH',
    instructions: `ENV PYTHONPATH=/other\n${plain}`,
    reason: 'as PYTHONPATH leads Python elsewhere',
  },
  {
    name: 'nothing is where it should be',
    instructions: `RUN python3 -c "import os; os.symlink('/bin', '/srv')"\nCOPY app /srv/app\n`,
    reason: 'as nothing of the source is where it is expected',
  },
  {
    name: '--run-image never',
    instructions: plain,
    args: ['--run-image', 'never'],
    reason: 'as its own Python was not asked, and is told by its files',
  },
  {
    name: '--dependencies',
    instructions: plain,
    args: ['--dependencies'],
    reason: 'as --dependencies asks for what is installed',
  },
  {
    name: 'no Dockerfile',
    instructions: plain,
    files: { Dockerfile: null },
    reason: 'as no Dockerfile and no --map tells where it keeps the source',
  },
]

function changed(files: Files, changes: Changes = {}): Files {
  const kept = Object.entries({ ...files, ...changes }).filter(([, content]) => content !== null)
  return Object.fromEntries(kept) as Files
}

/** A repository of the case, and an image that was built of it. */
async function made({ instructions, files, sent }: Omit<Case, 'name' | 'reason'>, name: string) {
  const repository = join(folder.path, name.replaceAll(/\W/g, '-'))
  const base = await workshop.base('3.11')
  const Dockerfile = `FROM ${base}\n${instructions.replace('BASE', base)}`
  await makeRepository(repository, changed({ ...source, Dockerfile }, files))
  return { repository, image: await workshop.build(Dockerfile, changed(source, sent)) }
}

async function verify(repository: string, image: string, ...args: readonly string[]) {
  const all = ['--repo', repository, '--image', image, '--dev-python', '3.12', '--format', 'json', ...args]
  const { code, out, err } = await firstbreak(folder.path, all)
  if (out === '') throw new Error(err)
  const report = JSON.parse(out)
  return { code, report, stage: report.stages.at(-1) }
}

/** What a report says, whatever was read for it. */
function saidIn({ code, report }: Awaited<ReturnType<typeof verify>>) {
  const { stages, remarks, ...rest } = report
  const told = stages.map(({ read: _, layers: __, files: ___, ...stage }: Record<string, unknown>) => stage)
  const others = remarks.filter((remark: string) => !/^image: (?:all layers|only the folders)/.test(remark))
  return { ...rest, code, stages: told, remarks: others }
}

describe('an image that an engine holds', () => {
  for (const { name, args = [], reason, ...rest } of cases) {
    test(name, async () => {
      const { repository, image } = await made(rest, name)
      const found = await verify(repository, image, ...args)
      const { read, layers } = found.stage
      if (reason === null) {
        const remark = expect.stringMatching(/^image: only the folders of the source were read/)
        expect(found.report.remarks).toContainEqual(remark)
        expect([read, layers]).toEqual(['folders', undefined])
      } else {
        expect(found.report.remarks).toContain(`image: all layers were read, ${reason}`)
        expect([read, layers.length > 1]).toEqual(['layers', true])
      }
      if (looked.includes(name)) {
        const whole = await verify(repository, image, ...args, '--layers')
        expect(whole.stage.read).toBe('layers')
        expect(saidIn(found)).toEqual(saidIn(whole))
      }
      expect(await containersOf(workshop.docker, image)).toEqual([])
    })
  }
})

test('what differs is followed through the layers', async () => {
  const { repository, image } = await made({ instructions: plain, sent: { 'app/fine.py': 'x = 2\n' } }, 'followed')
  const { code, report } = await verify(repository, image)
  expect(code).toBe(1)
  const [altered] = report.findings.filter((each: { code: string }) => each.code === 'altered-in-image')
  expect(altered.evidence.layer.createdBy).toContain('COPY dir:')
})

test('a directory that the source does not have: a layer is named only where layers are read', async () => {
  const sent = { 'extra/one.py': 'o = 1\n', 'extra/two.py': 'two = 2\n' }
  const { repository, image } = await made({ instructions: plain, sent }, 'new directory')
  const [found, whole] = [await verify(repository, image), await verify(repository, image, '--layers')]
  expect([found.stage.read, whole.stage.read]).toEqual(['folders', 'layers'])
  const [byFolders, byLayers] = [found, whole].map(({ report }) =>
    report.findings.find(({ code }: { code: string }) => code === 'unexpected-in-image'),
  )
  const { layer, ...evidence } = byLayers.evidence
  expect(layer.createdBy).toContain('COPY dir:')
  expect(byFolders).toEqual({ ...byLayers, evidence })
  expect(evidence).toMatchObject({ imagePath: '/srv/extra', paths: ['srv/extra/one.py', 'srv/extra/two.py'] })
})

/** Of a process of its own, which keeps nothing in the user's cache. */
async function commandLine(repository: string, image: string): Promise<string[]> {
  const options = ['--repo', repository, '--image', image, '--dev-python', '3.12', '--no-cache']
  return [await builtProgram(), ...options]
}

test('the program ends when it has said all', async () => {
  const { repository, image } = await made({ instructions: plain }, 'ends')
  const child = spawn(process.execPath, await commandLine(repository, image), { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  for await (const _ of child.stdout);
  const left = await Promise.race([ended, setTimeout(60_000, 'it is still there', { ref: false })])
  child.kill('SIGKILL')
  expect(left).toEqual([1, null])
})

test('a signal removes the container', async () => {
  const large = { 'app/large.bin': 'x'.repeat(300_000_000) }
  const { repository, image } = await made({ instructions: plain, sent: large }, 'signal')
  const child = spawn(process.execPath, await commandLine(repository, image), { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await untilIdle(image)
  child.kill('SIGTERM')
  expect(await ended).toEqual([143, null])
  await untilNone(workshop.docker, image)
})

/** Resolves when there is a container of the image that was never started. */
async function untilIdle(image: string): Promise<void> {
  while (!(await containersOf(workshop.docker, image)).some(each => each.endsWith('created'))) await setTimeout(20)
}
