import { describe, expect, test } from 'vitest'
import type { LookUp } from '../../src/model/held-image.ts'
import { parsePath } from '../../src/model/path.ts'
import { type Launch, reachedPython } from '../../src/project/reached-python.ts'

/** The files of an image: `-> target` is a link, a script is its text, `ELF` a program, and a leading `!` none that may be run. */
type Image = Readonly<Record<string, string>>

const lookUpIn = (image: Image): LookUp => {
  return async path => {
    const written = image[path]
    if (written === undefined) return null
    if (written.startsWith('-> ')) return { kind: 'symlink', target: written.slice(3) }
    if (written === 'directory') return { kind: 'other' }
    const text = written.replace(/^!/, '').replace(/^ELF/, '\x7fELF')
    return { kind: 'file', isExecutable: !written.startsWith('!'), beginning: async () => Buffer.from(text) }
  }
}

interface Start {
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
  readonly labels?: Readonly<Record<string, string>>
}

function launch({
  entrypoint = [],
  command = [],
  environment = {},
  workingDirectory = 'app',
  labels = {},
}: Start): Launch {
  const path = parsePath(workingDirectory)!
  const [variables, named] = [new Map(Object.entries(environment)), new Map(Object.entries(labels))]
  return { entrypoint, command, environment: variables, workingDirectory: path, labels: named }
}

/** `start /usr/bin/python3`, or null. */
async function reached(image: Image, start: Start): Promise<string | null> {
  const found = await reachedPython(launch(start), lookUpIn(image))
  return found === null ? null : `${found.by} ${found.path}`
}

const pythons: Image = {
  '/bin/sh': 'ELF',
  '/usr/bin/python3': '-> python3.9',
  '/usr/bin/python3.9': 'ELF',
  '/usr/local/bin/python3.11': 'ELF',
  '/usr/local/bin/python3': '-> python3.11',
  '/usr/local/bin/python': '-> python3',
  '/opt/venv/bin/python': '-> /usr/local/bin/python3',
  '/opt/venv/bin/python3': '-> python',
  '/app/.venv/bin/python': '-> /usr/bin/python3.9',
  '/app/.venv/bin/gunicorn': '#!/app/.venv/bin/python\n',
  '/usr/local/bin/gunicorn': '#!/usr/local/bin/python3.11\nimport sys\n',
  '/usr/local/bin/uvicorn': '#!/usr/bin/env python3\n',
  '/usr/local/bin/flask': '#!/usr/bin/env -S python -u\n',
  '/usr/local/bin/long': `#!/bin/sh\n'''exec' "/usr/bin/python3" "$0" "$@"\n' '''\nimport sys\n`,
  '/usr/local/bin/start.sh': '#!/bin/sh\nset -e\n# prepare\npython -m migrate\nexec "$@"\n',
  '/app/run.sh': '#!/bin/sh\nif [ -n "$X" ]; then\n  exec /usr/bin/python3 \\\n    a.py\nfi\n',
  '/usr/local/bin/wsgi': 'ELF',
  '/usr/bin/poetry': '#!/usr/bin/python3\n',
}
const local = 'start /usr/local/bin/python3.11'
const shell = (command: string) => ({ command: ['/bin/sh', '-c', command] })

describe('what a container starts', () => {
  test.each<[string, Start, string | null]>([
    ['CMD, exec form', { command: ['python', 'main.py'] }, 'start /usr/local/bin/python'],
    ['a path', { command: ['/usr/bin/python3', 'main.py'] }, 'start /usr/bin/python3'],
    [
      'ENTRYPOINT with CMD behind it',
      { entrypoint: ['python3', '-m'], command: ['app'] },
      'start /usr/local/bin/python3',
    ],
    ['CMD, shell form', shell('python3.9 main.py'), 'start /usr/bin/python3.9'],
    ['exec in a shell', shell('exec gunicorn --bind :$PORT app:app'), local],
    ['variables for the command', shell('A=1 B="2 3" exec gunicorn app'), local],
    [
      'a variable as the command',
      { ...shell('$RUN a.py'), environment: { RUN: '/usr/bin/python3' } },
      'start /usr/bin/python3',
    ],
    ['a default as the command', shell(`\${RUN:-/usr/bin/python3} a.py`), 'start /usr/bin/python3'],
    ['the last of several commands', shell('/usr/bin/python3 migrate.py && exec gunicorn app'), local],
    ['options of the shell', { command: ['/bin/sh', '-o', 'pipefail', '-ec', 'gunicorn a | cat'] }, local],
    ['env', { command: ['env', '-u', 'X', 'A=1', 'gunicorn'] }, local],
    ['tini', { entrypoint: ['tini', '-g', '--'], command: ['gunicorn'] }, local],
    ['dumb-init', { entrypoint: ['/usr/bin/dumb-init', '--'], command: ['gunicorn'] }, local],
    [
      'one wrapper in another',
      { command: ['tini', '--', 'nice', '-n', '5', 'timeout', '-s', 'KILL', '9', 'gunicorn'] },
      local,
    ],
    ['#! of a path', { command: ['gunicorn'] }, local],
    ['#! of env', { command: ['uvicorn', 'a:b'] }, 'start /usr/local/bin/python3'],
    ['#! of env with options', { command: ['flask', 'run'] }, 'start /usr/local/bin/python'],
    ['the long #! of pip', { command: ['long'] }, 'start /usr/bin/python3'],
    ['a script that goes on with CMD', { entrypoint: ['start.sh'], command: ['gunicorn'] }, local],
    ['the same, by a shell', { entrypoint: ['sh', '-e', '/usr/local/bin/start.sh'], command: ['gunicorn'] }, local],
    ['a relative path, against WORKDIR', { command: ['./run.sh'] }, 'start /usr/bin/python3'],
    ['another WORKDIR', { command: ['./run.sh'], workingDirectory: 'srv' }, 'PATH /usr/local/bin/python3'],
    [
      'a virtual environment',
      { command: ['python'], environment: { PATH: '/opt/venv/bin:/usr/bin' } },
      'start /opt/venv/bin/python',
    ],
    [
      'a relative folder of PATH',
      { command: ['python'], environment: { PATH: '.venv/bin' } },
      'start /app/.venv/bin/python',
    ],
    ['poetry run', { command: ['poetry', 'run', 'gunicorn'] }, 'start /app/.venv/bin/python'],
    ['uv run', { command: ['uv', 'run', '--no-sync', '--python', '3.9', 'gunicorn'] }, 'start /app/.venv/bin/python'],
    ['uv run of a file', { command: ['uv', 'run', 'main.py'] }, 'start /app/.venv/bin/python'],
    [
      'uv run in another environment',
      { command: ['uv', 'run', 'python'], environment: { UV_PROJECT_ENVIRONMENT: '/opt/venv' } },
      'start /opt/venv/bin/python',
    ],
    ['a tool that is written in Python', { command: ['poetry', 'install'] }, 'start /usr/bin/python3'],
    ['no Python', { command: ['wsgi', '--http'] }, 'PATH /usr/local/bin/python3'],
    ['nothing', {}, 'PATH /usr/local/bin/python3'],
    ['what is not there', { command: ['node', 'main.js'], environment: { PATH: '/usr/bin' } }, 'PATH /usr/bin/python3'],
    ['an empty folder on PATH', { environment: { PATH: '/nowhere:/bin' } }, null],
  ])('%s', async (_name, start, expected) => expect(await reached(pythons, start)).toBe(expected))
})

describe('images that lead astray', () => {
  test.each<[string, Image, Start]>([
    ['links in a circle', { '/bin/python3': '-> python', '/bin/python': '-> python3' }, { command: ['python'] }],
    ['links out of the image', { '/bin/python3': '-> ../../../../etc/none' }, { command: ['python3'] }],
    ['scripts that start one another', { '/bin/a': '#!/bin/b\n', '/bin/b': '#!/bin/a\n' }, { command: ['a'] }],
    ['a shell without a script', { '/bin/sh': 'ELF' }, { command: ['sh', '-c'] }],
    [
      'a script that starts itself',
      { '/bin/sh': 'ELF', '/bin/a': '#!/bin/sh\na\nb\na "$@"\n' },
      { command: ['a', 'a'] },
    ],
    ['a Python that may not be run', { '/bin/python3': '!ELF' }, { command: ['python3'] }],
    ['a folder called Python', { '/bin/python3': 'directory' }, { command: ['python3'] }],
    ['words that are no shell', { '/bin/sh': 'ELF' }, { command: ['sh', '-c', `"'$(\${ | & ;; <<`] }],
  ])('%s', async (_name, image, start) => expect(await reached(image, start)).toBeNull())

  test('a script of many commands is given up', async () => {
    const script = `#!/bin/sh\n${Array.from({ length: 50_000 }, (_, index) => `c${index}`).join('\n')}\n`
    let asked = 0
    const lookUp = lookUpIn({ '/bin/sh': 'ELF', '/bin/a': script })
    const counting: LookUp = path => {
      asked++
      return lookUp(path)
    }
    expect(await reachedPython(launch({ command: ['a'] }), counting)).toBeNull()
    expect(asked).toBeLessThan(1000)
  })
})

describe('what the launcher of buildpacks starts', () => {
  const image: Image = {
    '/usr/bin/python3': 'ELF',
    '/cnb/process/web': '-> /cnb/lifecycle/launcher',
    '/cnb/lifecycle/launcher': 'ELF',
    '/layers/google.python.runtime/python/bin/python3': 'ELF',
    '/layers/heroku_python/venv/bin/python3': 'ELF',
    '/layers/heroku_python/venv/bin/gunicorn': '#!/layers/heroku_python/venv/bin/python3\n',
  }
  const labels = (processes: readonly object[], ...layers: readonly (readonly [string, string])[]) => ({
    'io.buildpacks.build.metadata': JSON.stringify({ processes }),
    'io.buildpacks.lifecycle.metadata': JSON.stringify({
      buildpacks: layers.map(([key, layer]) => ({ key, layers: { [layer]: { launch: true } } })),
    }),
  })
  const google = ['google.python.runtime', 'python'] as const
  const heroku = ['heroku/python', 'venv'] as const
  const environment = { PATH: '/cnb/process:/cnb/lifecycle:/usr/bin' }
  const web = { entrypoint: ['/cnb/process/web'], environment }
  const python = 'start /layers/google.python.runtime/python/bin/python3'
  const bash = { type: 'web', command: ['/bin/bash', '-c', 'exec python3 -m app'], direct: true }
  test.each<[string, Start, string | null]>([
    ['a process, by its link', { ...web, labels: labels([bash], google) }, python],
    [
      'a command of one text, which a shell reads',
      { ...web, labels: labels([{ type: 'web', command: 'python3 -m app', args: [], direct: false }], google) },
      python,
    ],
    [
      'a program of a layer, the folder of a later buildpack first',
      { ...web, labels: labels([{ type: 'web', command: ['gunicorn'], args: ['app'] }], google, heroku) },
      'start /layers/heroku_python/venv/bin/python3',
    ],
    [
      'the launcher itself, of the process web',
      { entrypoint: ['/cnb/lifecycle/launcher'], environment, labels: labels([bash], google) },
      python,
    ],
    [
      'the launcher itself, with a command',
      {
        entrypoint: ['/cnb/lifecycle/launcher'],
        command: ['python3', 'x.py'],
        environment,
        labels: labels([], google),
      },
      python,
    ],
    [
      'a process that no label tells: the first on its PATH',
      { ...web, labels: labels([], google) },
      'PATH /layers/google.python.runtime/python/bin/python3',
    ],
    ['no labels', web, 'PATH /usr/bin/python3'],
    [
      'labels that are none',
      {
        ...web,
        labels: { 'io.buildpacks.build.metadata': '{', 'io.buildpacks.lifecycle.metadata': '{"buildpacks":[1,{}]}' },
      },
      'PATH /usr/bin/python3',
    ],
  ])('%s', async (_name, start, expected) => expect(await reached(image, start)).toBe(expected))
})

describe('a shim', () => {
  const shim = '#!/usr/bin/env bash\nprogram="${0##*/}"\nexec "/opt/pyenv/libexec/pyenv" exec "$program" "$@"\n'
  const versions = '/opt/pyenv/versions'
  const image: Image = {
    '/usr/bin/python': 'ELF',
    '/usr/bin/bash': 'ELF',
    '/opt/pyenv/shims/python': shim,
    '/opt/pyenv/shims/gunicorn': shim,
    [`${versions}/3.12.9/bin/python`]: '-> python3.12',
    [`${versions}/3.12.9/bin/python3.12`]: 'ELF',
    [`${versions}/3.12.9/bin/gunicorn`]: `#!${versions}/3.12.9/bin/python3.12\n`,
    [`${versions}/3.11.7/bin/python`]: 'ELF',
  }
  const environment = { PATH: '/opt/pyenv/shims:/usr/bin' }
  const start = { command: ['python', 'main.py'], environment }
  test.each<[string, Image, Start, string | null]>([
    ["pyenv's own version", { '/opt/pyenv/version': '3.12.9\n' }, start, `start ${versions}/3.12.9/bin/python`],
    [
      '.python-version above the working directory',
      { '/opt/pyenv/version': '3.12.9\n', '/.python-version': '3.11.7\n' },
      start,
      `start ${versions}/3.11.7/bin/python`,
    ],
    [
      'PYENV_VERSION',
      { '/app/.python-version': '3.12.9\n' },
      { ...start, environment: { ...environment, PYENV_VERSION: '3.11.7:3.12.9' } },
      `start ${versions}/3.11.7/bin/python`,
    ],
    [
      'of another program',
      { '/opt/pyenv/version': '3.12.9\n' },
      { ...start, command: ['gunicorn', 'app'] },
      `start ${versions}/3.12.9/bin/python3.12`,
    ],
    ['of a version that is not there', { '/opt/pyenv/version': '3.10.1\n' }, start, null],
    ['of a version out of its folder', { '/opt/pyenv/version': '../../../usr\n' }, start, null],
    ['of nobody knows which', {}, start, null],
  ])('%s', async (_name, files, given, expected) => expect(await reached({ ...image, ...files }, given)).toBe(expected))
})
