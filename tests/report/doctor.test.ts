import { expect, test } from 'vitest'
import type { HookState, Machine } from '../../src/model/machine.ts'
import { canVerify, doctorJson, doctorText } from '../../src/report/doctor.ts'
import { plainStyle } from '../../src/report/style.ts'

const machine: Machine = {
  git: { version: '2.39.5' },
  interpreters: [
    {
      id: 'native-3.11.7',
      version: '3.11.7',
      provider: 'native',
      build: 'cpython 3.11.7, cpython-311',
      executable: '/home/u/.pyenv/versions/3.11.7/bin/python3.11',
      from: 'pyenv',
    },
    {
      id: 'embedded-3.12.7',
      version: '3.12.7',
      provider: 'embedded',
      build: 'cpython 3.12.7, pyodide 0.27.7',
      executable: null,
      from: 'firstbreak',
    },
  ],
  leftOut: [
    { path: '/home/u/.pyenv/shims/python', from: 'PATH', reason: 'it is a script, and no script is run' },
    { path: '/home/u/.pyenv/shims/python3', from: 'PATH', reason: 'it is a script, and no script is run' },
    {
      path: '/home/user/\u001b[31m\n/python3',
      from: 'PATH',
      reason: 'it leads to \u202ex, which is not called a Python',
    },
  ],
  containerEngine: { address: 'unix:///var/run/docker.sock', absent: 'no answer (ENOENT)' },
  gcloud: { absent: 'not on PATH' },
  hook: { kind: 'installed', file: '/home/u/p/.git/hooks/pre-push', isChained: true },
  cache: { directory: '/home/u/.cache/firstbreak', isWritable: true, bytes: 3191 },
  home: '/home/u',
}

test('for a person', () => {
  expect(doctorText(machine, plainStyle)).toBe(`READY  firstbreak can verify here

git               2.39.5
container engine  no answer (ENOENT)  unix:///var/run/docker.sock
gcloud            not on PATH
pre-push hook     ~/p/.git/hooks/pre-push, and then the hook that was there before
cache             ~/.cache/firstbreak, 3,191 bytes

2 interpreters
  native-3.11.7     ~/.pyenv/versions/3.11.7/bin/python3.11 (pyenv)
                    cpython 3.11.7, cpython-311
  embedded-3.12.7   comes with firstbreak
                    cpython 3.12.7, pyodide 0.27.7

found, and not used
  ~/.pyenv/shims/ (PATH): it is a script, and no script is run
    python, python3
  /home/user/\\x1b[31m\\n/ (PATH): it leads to \\u202ex, which is not called a Python
    python3
`)
})

test('for programs', () => {
  const document = JSON.parse(doctorJson(machine)) as unknown
  expect(document).toEqual({
    schemaVersion: 1,
    canVerify: true,
    git: { version: '2.39.5', absent: null },
    interpreters: [
      {
        id: 'native-3.11.7',
        version: '3.11.7',
        provider: 'native',
        from: 'pyenv',
        path: '~/.pyenv/versions/3.11.7/bin/python3.11',
        build: 'cpython 3.11.7, cpython-311',
      },
      {
        id: 'embedded-3.12.7',
        version: '3.12.7',
        provider: 'embedded',
        from: 'firstbreak',
        path: null,
        build: 'cpython 3.12.7, pyodide 0.27.7',
      },
    ],
    leftOut: [
      { path: '~/.pyenv/shims/python', from: 'PATH', reason: 'it is a script, and no script is run' },
      { path: '~/.pyenv/shims/python3', from: 'PATH', reason: 'it is a script, and no script is run' },
      machine.leftOut[2],
    ],
    containerEngine: { address: 'unix:///var/run/docker.sock', version: null, absent: 'no answer (ENOENT)' },
    gcloud: { version: null, absent: 'not on PATH' },
    hook: { state: 'installed', path: '~/p/.git/hooks/pre-push', chained: true },
    cache: { directory: '~/.cache/firstbreak', writable: true, bytes: 3191 },
  })
})

test.each([
  ['with git and an interpreter', {}, true, 'READY'],
  ['without git', { git: { absent: 'not on PATH' } }, false, 'NOT READY  firstbreak cannot verify here: install git'],
  [
    'without an interpreter',
    { interpreters: [] },
    false,
    'NOT READY  firstbreak cannot verify here: install a CPython',
  ],
])('%s', (_name, differing, isReady, line) => {
  expect(canVerify({ ...machine, ...differing })).toBe(isReady)
  expect(doctorText({ ...machine, ...differing }, plainStyle).startsWith(line)).toBe(true)
})

test.each<[HookState | null, string]>([
  [{ kind: 'installed', file: '/r/\u001b/pre-push', isChained: false }, '/r/\\x1b/pre-push'],
  [
    { kind: 'idle', file: '/r/pre-push', reason: 'it is not executable' },
    '/r/pre-push is never run: it is not executable',
  ],
  [
    { kind: 'other', file: '/r/pre-push' },
    '/r/pre-push does not name firstbreak itself: firstbreak hook install puts it before that one',
  ],
  [{ kind: 'absent', file: '/r/pre-push' }, 'not installed: firstbreak hook install'],
  [null, 'none: there is no repository here'],
])('a pre-push hook: %j', (hook, said) => {
  const lines = doctorText({ ...machine, hook }, plainStyle).split('\n')
  expect(lines).toContain(`pre-push hook     ${said}`)
})
