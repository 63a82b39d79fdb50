import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { type LayerContent, saveImage, type TarRecord } from '../support/images.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { unwrapped } from '../support/unwrapped.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const link = (name: string, linkname: string): TarRecord => ({ name, linkname, type: 'symlink' })
const program = (name: string, machine: number, version: string): TarRecord => {
  const header = Buffer.alloc(64)
  header.write('\x7fELF\x02\x01', 'latin1')
  header.writeUInt16LE(machine, 18)
  return { name, content: Buffer.concat([header, Buffer.from(`\0${version}\0`)]), mode: 0o755 }
}

/** A Debian that has its own Python, one of its own besides, and a virtual environment of that. */
const base: readonly TarRecord[] = [
  link('bin', 'usr/bin'),
  link('lib64', 'usr/lib64'),
  link('etc/os-release', '../usr/lib/os-release'),
  { name: 'usr/lib/os-release', content: 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\n' },
  link('usr/lib64/ld-linux-x86-64.so.2', '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'),
  link('usr/bin/python3', 'python3.11'),
  program('usr/bin/python3.11', 62, '3.11.2'),
  { name: 'usr/lib/python3.11/os.py', content: '' },
  link('usr/local/bin/python3', 'python3.12'),
  program('usr/local/bin/python3.12', 62, '3.12.7'),
  { name: 'usr/local/lib/python3.12/os.py', content: '' },
  link('opt/venv/bin/python', '/usr/local/bin/python3'),
  { name: 'opt/venv/pyvenv.cfg', content: 'home = /usr/local/bin\nversion = 3.12.4\n' },
  { name: 'opt/venv/bin/gunicorn', content: '#!/opt/venv/bin/python\n' },
]
const source: readonly TarRecord[] = [
  { name: 'srv/app.py', content: 'x = 1\n' },
  { name: 'srv/start.sh', content: '#!/bin/sh\nset -e\nexec gunicorn app\n' },
]

async function run(layers: readonly LayerContent[], config: object, text = 'x = 1\n') {
  await makeRepository(at('repository'), { 'app.py': text })
  await saveImage(at('image.tar'), layers, { configuration: { config } })
  const args = ['--interpreters', 'embedded', '--dev-python', '3.12', '--image', at('image.tar')]
  const outputs = ['--format', 'text', '--format', 'json=../report.json']
  const { code, out, err } = await firstbreak(at('repository'), [...args, ...outputs], {})
  expect(err).toBe('')
  const report = JSON.parse(await readFile(at('report.json'), 'utf8'))
  const schema = JSON.parse(await readFile('src/report/report.schema.json', 'utf8'))
  expect(new Ajv2020().compile(schema)(report)).toBe(true)
  const { evidence, state } = report.hypotheses.find(({ id }: { id: string }) => id === 'platform-differs')
  return {
    code,
    out,
    image: report.stages.at(-1),
    remarks: report.remarks,
    deploy: report.roles.deploy,
    answer: `${state} ${evidence}`,
  }
}

test('what a saved image runs, and what it holds besides, is read from its files', async () => {
  const env = ['PATH=/opt/venv/bin:/usr/bin', 'LANG=C.UTF-8', 'PYTHON_VERSION=3.12.1', 'PYTHONUNBUFFERED=1']
  const { code, out, image, remarks, deploy, answer } = await run([base, source], {
    Env: env,
    WorkingDir: '/srv',
    Entrypoint: ['./start.sh'],
  })
  expect(code).toBe(0)
  expect(image.pythons).toEqual([
    {
      version: '3.12.7',
      from: 'usr/local/bin/python3.12 in the image',
      prefix: '/usr/local',
      path: '/opt/venv/bin/python',
      reachedBy: 'start',
    },
    { version: '3.11.2', from: 'usr/bin/python3.11 in the image', prefix: '/usr', path: null, reachedBy: null },
  ])
  expect(image.platform).toEqual({
    distribution: 'Debian 12',
    libc: 'glibc',
    architecture: 'amd64',
    pythonArchitecture: 'amd64',
    settings: { LANG: 'C.UTF-8', PYTHONUNBUFFERED: '1' },
  })
  expect(deploy).toEqual([{ version: '3.12.7', from: 'usr/local/bin/python3.12 in the image' }])
  expect(remarks).toContain(
    'image holds CPython 3.11.2 as well (usr/bin/python3.11 in the image), and does not run the files with it',
  )
  expect(remarks).toContain(
    'usr/local/bin/python3.12 in the image is CPython 3.12.7, and that counts, though opt/venv/pyvenv.cfg in the image says 3.12.4, PYTHON_VERSION in the image says 3.12.1',
  )
  expect(unwrapped(out)).toContain(
    ' image runs CPython 3.12.7, /opt/venv/bin/python (which it starts); Debian 12, glibc, amd64, LANG=C.UTF-8, PYTHONUNBUFFERED=1 ',
  )
  expect(answer).toMatch(
    /^not-examined Debian 12, glibc, amd64, LANG=C.UTF-8, PYTHONUNBUFFERED=1; nothing in it breaks on CPython 3\.12\.7 \(embedded\), and its own Python was not run: /,
  )
})

test('the Python that a command leads to counts over the one that mostly does', async () => {
  const { image, deploy, remarks } = await run([base, source], { Cmd: ['/bin/python3', '-m', 'app'] })
  expect(image.pythons.map(({ version, path }: { version: string; path: string }) => [version, path])).toEqual([
    ['3.11.2', '/bin/python3'],
    ['3.12.7', null],
  ])
  expect(deploy).toEqual([{ version: '3.11.2', from: 'usr/bin/python3.11 in the image' }])
  expect(remarks).toContain(
    'image holds CPython 3.12.7 as well (usr/local/bin/python3.12 in the image), and does not run the files with it',
  )
})

test('the first on PATH is told as that', async () => {
  const { out } = await run([base, source], { Cmd: ['/bin/bash'] })
  expect(unwrapped(out)).toContain(
    ' image runs CPython 3.12.7, /usr/local/bin/python3 (the first on its PATH); Debian 12, glibc, amd64 ',
  )
})

test('what breaks here as well does not break by the platform', async () => {
  const { code, answer } = await run(
    [base, [{ name: 'srv/app.py', content: 'x = (1\n' }]],
    { WorkingDir: '/srv', Env: ['LANG=C'] },
    'x = (1\n',
  )
  expect(code).toBe(1)
  expect(answer).toBe(
    'refuted Debian 12, glibc, amd64, LANG=C; the 1 file that breaks does so on CPython 3.12.7 (embedded) of this machine as well, and none of its settings changes how it compiles',
  )
})

test('a Python for another machine, and one that is kept from its library, are told', async () => {
  const other = base.map(each => (each.name === 'usr/local/bin/python3.12' ? program(each.name, 183, '3.12.7') : each))
  const { image, answer } = await run([other, source], { Env: ['PYTHONHOME=/opt/venv'] })
  expect(image.platform).toMatchObject({ architecture: 'amd64', pythonArchitecture: 'arm64' })
  expect(answer).toBe(
    'confirmed Debian 12, glibc, amd64, PYTHONHOME=/opt/venv; its configuration says amd64, and /usr/local/bin/python3 is a program for arm64; PYTHONHOME=/opt/venv leads away from the standard library of CPython 3.12, which is in /usr/local',
  )
})

test('PYTHONPATH that leads to other files of the source is told', async () => {
  const library = 'usr/local/lib/python3.12/site-packages'
  const installed = [
    { name: `${library}/app.py`, content: 'x = 1\n' },
    { name: 'opt/more/app.py', content: 'x = 2\n' },
  ]
  const { answer } = await run([base, installed], { Env: ['PYTHONPATH=/opt/more'] })
  expect(answer).toBe(
    `confirmed Debian 12, glibc, amd64, PYTHONPATH=/opt/more; PYTHONPATH names /opt/more, which holds 1 file of the source with other bytes, as /opt/more/app.py instead of /${library}/app.py, and Python imports those`,
  )
})

test('what an image says of itself does not reach the terminal raw', async () => {
  const red = '\u001b[31m'
  const odd = [{ name: 'etc/os-release', content: `NAME="${red}x"\n` }, { name: 'usr/x', content: '' }, ...source]
  const { out } = await run([odd], { Env: [`LANG=${red}`], WorkingDir: '/srv' })
  expect(out).toContain('\\x1b[31mx')
  expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
