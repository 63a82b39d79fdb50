import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { readFatalErrors } from '../../src/evidence/fatal-errors.ts'
import { linesOf } from '../../src/evidence/log-lines.ts'
import { readTracebacks } from '../../src/evidence/traceback.ts'
import { placeOf, pythonOf } from '../../src/model/log.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { type Files, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const read = (text: string) => readTracebacks(linesOf(text, null), null)

const files: Files = {
  'pkg/__init__.py': '',
  'pkg/broken.py': 'x = (1,\ny = 2\n',
  'pkg/nul.py': 'x = 1\n\0y = 2\n',
  'broken.py': 'def f():\n    x = = 1\n',
  'field.py': 'import json\nx = f"data: {json.dumps({\n    1: 2})}"\n',
  'indent.py': 'def f():\nreturn 1\n',
  'tabs.py': 'if 1:\n        x = 1\n\ty = 2\n',
  'deeper.py': 'import imports\n',
  'imports.py': 'from pkg import broken\n',
  'importsnul.py': 'import pkg.nul\n',
  'gone.py': 'import pkg.gone\n',
  'name.py': 'from pkg import nothing\n',
  'chained.py':
    'try:\n    import pkg.broken\nexcept SyntaxError as error:\n    raise RuntimeError("no app") from error\n',
  'raises.py': 'def f():\n    raise KeyError("DATABASE_URL")\nf()\n',
  'bare.py': 'class NotFound(Exception): pass\ndef f():\n    raise NotFound\nf()\n',
  'lower.py': 'class gelöst(Exception): pass\nraise gelöst\n',
  'local.py': 'def f():\n    class Gone(Exception): pass\n    raise Gone("x")\nf()\n',
  'exits.py': 'import traceback\ntry:\n    raise SystemExit(3)\nexcept SystemExit:\n    traceback.print_exc()\n',
  'stops.py': 'next(iter([]))\n',
  'interrupted.py': 'raise KeyboardInterrupt\n',
  'empty.py': 'import queue\nqueue.Queue().get_nowait()\n',
  'unseen.py': 'exec(compile("{}[1]", "/srv/unseen.py", "exec"))\n',
  'coding.py': '# -*- coding: nonsense -*-\n',
  'importscoding.py': 'import coding\n',
  'ignored.py': 'import atexit\natexit.register(lambda: 1 / 0)\nraise KeyError("main")\n',
  'stack.py':
    'import logging, sys\nlogging.warning("at", stack_info=True)\nprint("Listening: 8080", file=sys.stderr)\n',
  'prints.py': 'import traceback, sys\ntraceback.print_stack()\nprint("Listening: 8080", file=sys.stderr)\n',
  'bytes.py': Buffer.from('x = 1\ny = "\xff"\n', 'latin1'),
  'importsbytes.py': 'import bytes\n',
  'faults.py': 'import faulthandler\nfaulthandler.enable()\ndef f():\n    faulthandler._sigsegv()\nf()\n',
}

/** What Python prints of each program: the exception, and its place by name and line. */
const programs: readonly (readonly [string, RegExp, RegExp, number])[] = [
  ['broken.py', /^SyntaxError: invalid syntax/, /broken\.py$/, 2],
  ['field.py', /^SyntaxError: (?:unterminated|EOL while)/, /field\.py$/, 2],
  ['indent.py', /^IndentationError: expected an indented block/, /indent\.py$/, 2],
  ['tabs.py', /^TabError: inconsistent use/, /tabs\.py$/, 3],
  ['imports.py', /^SyntaxError: /, /pkg\/broken\.py$/, 1],
  ['deeper.py', /^SyntaxError: /, /pkg\/broken\.py$/, 1],
  ['chained.py', /^SyntaxError: /, /pkg\/broken\.py$/, 1],
  ['gone.py', /^ModuleNotFoundError: No module named 'pkg\.gone'$/, /gone\.py$/, 1],
  ['name.py', /^ImportError: cannot import name 'nothing' from 'pkg' \(.*__init__\.py\)$/, /name\.py$/, 1],
  ['raises.py', /^KeyError: 'DATABASE_URL'$/, /raises\.py$/, 2],
  ['bare.py', /^(?:__main__\.)?NotFound: $/, /bare\.py$/, 3],
  ['lower.py', /^(?:__main__\.)?gelöst: $/, /lower\.py$/, 2],
  ['local.py', /^(?:__main__\.)?(?:f\.<locals>\.)?Gone: x$/, /local\.py$/, 3],
  ['exits.py', /^SystemExit: 3$/, /exits\.py$/, 3],
  ['stops.py', /^StopIteration: $/, /stops\.py$/, 1],
  ['interrupted.py', /^KeyboardInterrupt: $/, /interrupted\.py$/, 1],
  ['unseen.py', /^KeyError: 1$/, /^\/srv\/unseen\.py$/, 1],
  ['importscoding.py', /^SyntaxError: unknown encoding: nonsense$/, /\/coding\.py$/, 0],
  ['bytes.py', /^SyntaxError: Non-UTF-8 code starting with '\\xff' in file/, /bytes\.py$/, 2],
  ['importsbytes.py', /^SyntaxError: \(unicode error\) 'utf-8' codec can't decode byte 0xff/, /\/bytes\.py$/, 2],
  ['ignored.py', /^KeyError: 'main'$/, /ignored\.py$/, 3],
]

describe.each(['3.8', '3.9', '3.10', '3.11', '3.12', '3.13'])('what CPython %s prints', version => {
  testNeeding(needsNative(version))('is read to the exception and its place', async () => {
    await using folder = await temporaryFolder()
    await writeFiles(folder.path, files)
    const print = async (program: string, ...options: string[]) => {
      const env = { PYTHONDONTWRITEBYTECODE: '1', ...(options.includes('colour') ? { PYTHON_COLORS: '1' } : {}) }
      return (await execa(nativePython(version)!.executable!, [program], { cwd: folder.path, env, reject: false }))
        .stderr
    }
    for (const [program, exception, file, line] of programs) {
      if (program === 'field.py' && /3\.1[2-9]/.test(version)) continue
      for (const text of [await print(program), await print(program, 'colour')]) {
        const [first] = read(text)
        expect(`${first?.exception}: ${first?.message}`, program).toMatch(exception)
        const frame = first!.frames.at(-1)!
        expect(frame.path).toMatch(file)
        expect([line, line + 1]).toContain(frame.line) // 3.8 and 3.9 stop at the line behind an open bracket
        expect(placeOf(first!) === null).toBe(!/^(?:Syntax|Indentation|Tab)Error/.test(first!.exception!))
      }
    }
    for (const quiet of ['stack.py', 'prints.py']) expect(read(await print(quiet)), quiet).toEqual([])
    expect(read(await print('ignored.py'))).toHaveLength(1)
    expect(read(await print('empty.py'))[0]!.exception).toBe('_queue.Empty')
    const [fatal] = readFatalErrors(linesOf(await print('faults.py'), null), null)
    expect(fatal).toMatchObject({ exception: 'Fatal Python error', message: 'Segmentation fault' })
    expect(fatal!.frames.map(({ line, function: name }) => [line, name])).toEqual([
      [5, '<module>'],
      [4, 'f'],
    ])
    expect(read(await print('chained.py')).map(({ exception }) => exception)).toEqual(['SyntaxError', 'RuntimeError'])
    const [nul] = read(await print('importsnul.py'))
    expect(nul).toMatchObject({
      kind: 'syntax',
      message: expect.stringMatching(/^source code (string )?cannot contain/),
    })
    expect(nul!.frames.at(0)).toMatchObject({ line: 1, function: '<module>', text: 'import pkg.nul' })
  })
})

const frames = `Traceback (most recent call last):
  File "/usr/local/bin/uvicorn", line 8, in <module>
    sys.exit(main())
             ^^^^^^
  File "/usr/local/lib/python3.11/site-packages/uvicorn/main.py", line 410, in main
    run(
  [Previous line repeated 2 more times]
  File "/app/app/main.py", line 12, in <module>
    from app.routes import events_stream
  File "/app/app/routes/events_stream.py", line 77
    yield f"data: {json.dumps({
          ^
SyntaxError: unterminated string literal (detected at line 77)`
const expected = {
  kind: 'syntax',
  exception: 'SyntaxError',
  message: 'unterminated string literal (detected at line 77)',
}
const place = {
  path: '/app/app/routes/events_stream.py',
  line: 77,
  function: null,
  text: 'yield f"data: {json.dumps({',
}

test('frames, sources and the Python that runs', () => {
  const [found, ...others] = read(frames)
  expect(others).toEqual([])
  expect(found).toMatchObject(expected)
  expect(found!.frames.map(({ line, text }) => [line, text])).toEqual([
    [8, 'sys.exit(main())'],
    [410, 'run('],
    [12, 'from app.routes import events_stream'],
    [77, 'yield f"data: {json.dumps({'],
  ])
  expect(placeOf(found!)).toEqual(place)
  expect(pythonOf(found!)).toBe('3.11')
})

const each = (change: (line: string) => string) => frames.split('\n').map(change).join('\n')

test.each<[string, string]>([
  [
    'gunicorn',
    `[2026-09-18 02:25:19 +0000] [1] [INFO] Booting worker with pid: 7
[2026-09-18 02:25:20 +0000] [7] [ERROR] Exception in worker process
${frames}
[2026-09-18 02:25:20 +0000] [7] [INFO] Worker exiting (pid: 7)
[2026-09-18 02:25:20 +0000] [1] [ERROR] Worker (pid:7) exited with code 3
[2026-09-18 02:25:20 +0000] [1] [ERROR] Shutting down: Master
[2026-09-18 02:25:20 +0000] [1] [ERROR] Reason: Worker failed to boot.`,
  ],
  ['uvicorn', frames.replace('Traceback', 'ERROR:    Traceback')],
  ['uvicorn with workers', `Process SpawnProcess-1:\n${frames}\nINFO:     Stopping parent process [1]`],
  ['docker compose', each(line => `api-1  | ${line}`)],
  ['docker logs --timestamps', each(line => `2026-09-18T02:25:20.461034123Z ${line}`)],
  ['gcloud run services logs read', frames.replace('Traceback', '2026-09-18 02:25:20 Traceback')],
  [
    'loguru',
    `2026-09-18 02:25:20.461 | ERROR    | app:run:3 - no app\n${frames.replace('  File "/app/app/main', '\n> File "/app/app/main')}`,
  ],
  ['CRLF', frames.replaceAll('\n', '\r\n')],
  ['CR CR LF', frames.replaceAll('\n', '\r\r\n')],
  [
    'a logger that is given line by line',
    frames
      .split('\n')
      .map((line, i) => `2026-09-18 02:25:20,${100 + i} ERROR root: ${line}`)
      .join('\n'),
  ],
  ['kubectl logs --prefix', each(line => `[pod/api-1-abc/api] ${line}`)],
  ['the log of a build', each(line => `Step #1 - "test": ${line}`)],
  ['systemd', `Sep 18 02:25:19 host api[7]: started\n${each(line => `Sep 18 02:25:20 host api[7]: ${line}`)}`],
  ['the newest line first', `listening\n${frames}\nstarted`.split('\n').reverse().join('\n')],
  ['blank lines between', frames.replaceAll('\n', '\n\n')],
  ['without what indents it', each(line => line.trim())],
  ['without its first line', frames.split('\n').slice(1).join('\n')],
  [
    'lines of another process between',
    frames.replace(
      '  File "/app/app/main.py"',
      '[2026-09-18 02:25:20 +0000] [1] [INFO] Handling\n  File "/app/app/main.py"',
    ),
  ],
])('%s', (_name, text) => {
  const [found] = read(text)
  expect(found).toMatchObject(expected)
  expect(placeOf(found!)).toEqual(place)
})

const group: Files = {
  'app/__init__.py': '',
  'app/broken.py': 'def f(:\n',
  'group.py': `import asyncio
def load():
    import app.broken
async def start():
    load()
async def other():
    raise ExceptionGroup("in", [TypeError("a: b"), KeyError("x")])
async def main():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(start())
        tasks.create_task(other())
asyncio.run(main())
`,
}

describe.each(['3.11', '3.12', '3.13'])('a group of exceptions of CPython %s', version => {
  testNeeding(needsNative(version))('is read to each of them', async () => {
    await using folder = await temporaryFolder()
    await writeFiles(folder.path, group)
    const python = nativePython(version)!.executable!
    const { stderr } = await execa(python, ['-B', 'group.py'], { cwd: folder.path, reject: false })
    const behind = [
      `${stderr}\nTraceback (most recent call last):\nKeyError: 'later'`,
      `api-1  | ${stderr}`,
      stderr.replaceAll(/^/gm, 'Step #1: '),
    ]
    for (const text of [stderr, stderr.replaceAll(/^ +/gm, ''), stderr.replaceAll(/^/gm, 'api-1  | '), ...behind]) {
      const found = read(text)
      expect(found.slice(0, 5).map(({ exception, message }) => `${exception}: ${message}`)).toEqual([
        'ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)',
        expect.stringMatching(/^SyntaxError: invalid syntax/),
        'ExceptionGroup: in (2 sub-exceptions)',
        'TypeError: a: b',
        "KeyError: 'x'",
      ])
      expect(placeOf(found[1]!)).toMatchObject({
        path: expect.stringMatching(/app\/broken\.py$/),
        line: 1,
        text: 'def f(:',
      })
      expect(found[1]!.frames.map(({ function: name }) => name)).toEqual(['start', 'load', null])
      expect(found[3]!.frames).toEqual([])
      expect(found.slice(5).map(({ message }) => message)).toEqual(text === behind[0] ? ["'later'"] : [])
    }
  })
})

test('a bar before a line of no group is its own', () => {
  const [found] = read(
    'Traceback (most recent call last):\n  File "a.py", line 3, in f\n    | KeyError\nTypeError: no |',
  )
  expect(found).toMatchObject({ exception: 'TypeError', frames: [{ text: '| KeyError' }] })
})

test('the time of a line is its own', () => {
  expect(read(each(line => `2026-09-18T02:25:20.461034123Z ${line}`))[0]!.at).toBe('2026-09-18T02:25:20.461034123Z')
  expect(read(frames.replace('Traceback', '2026-09-18 02:25:20 Traceback'))[0]!.at).toBeNull()
})

test('only the last line of a syntax error', () => {
  expect(read("SyntaxError: f-string: unmatched '('")).toEqual([
    {
      kind: 'syntax',
      exception: 'SyntaxError',
      message: "f-string: unmatched '('",
      frames: [],
      at: null,
      subject: null,
    },
  ])
})

test('the text of a syntax error, with its place in it', () => {
  const [found] = read('ERROR:    SyntaxError: invalid syntax (main.py, line 3)')
  expect(found).toMatchObject({ message: 'invalid syntax' })
  expect(placeOf(found!)).toMatchObject({ path: 'main.py', line: 3 })
})

test.each([
  ['no exception', 'INFO: started\nValueError: not of a traceback\nall well\n'],
  ['frames alone', '  File "a.py", line 1, in f\n    f()\n'],
  ['words behind frames', '  File "a.py", line 1, in f\n    f()\nstarted\nListening on port 8080\n'],
])('%s', (_name, text) => {
  expect(read(text)).toEqual([])
})

const begun = 'Traceback (most recent call last):\n  File "/app/a.py", line 12, in f\n    f()\n'
const cut = { exception: null, message: '' }

describe('a traceback that is cut off', () => {
  test.each<[string, string, object]>([
    ['behind a source', begun, { ...cut, kind: 'cut', frames: [{ path: '/app/a.py', line: 12, function: 'f' }] }],
    ['within a frame', `${begun}  File "/app/b.p`, { ...cut, kind: 'cut', frames: [{ path: '/app/a.py' }] }],
    ['within the number of a line', `${begun}  File "/app/b.py", line 1`, { ...cut, frames: [{ path: '/app/a.py' }] }],
    ['behind a frame', `${begun}  File "/app/b.py", line 7, in g\n`, { ...cut, frames: [{ line: 12 }, { line: 7 }] }],
    ['with lines of others behind', `${begun}INFO:     started\n`, { ...cut, kind: 'cut', frames: [{ line: 12 }] }],
    [
      'behind the place of a syntax error',
      `${begun}  File "/app/b.py", line 7\n    def f(:\n          ^\n`,
      { ...cut, kind: 'syntax', frames: [{ line: 12 }, { path: '/app/b.py', line: 7, function: null }] },
    ],
  ])('%s', (_name, text, expected) => {
    const found = read(`KeyError: no\n${text}`)
    expect(found).toMatchObject([expected])
  })

  test('before anything of it is known', () => {
    expect(read('Traceback (most recent call last):\n  File "/app/b.py", line 1')).toEqual([])
  })
})

describe('a traceback that rich has drawn', () => {
  const syntax = `╭───────────── Traceback (most recent call last) ─────────────╮
│ /srv/lg.py:46 in <module>                                   │
│                                                             │
│   45 │   from rich.traceback import install                 │
│ ❱ 46 │   install(); go()                                    │
│   47 if mode=='richlog':                                    │
│                                                             │
│ ╭─ locals ─╮                                                │
│ │ x = 'k'  │                                                │
│ ╰──────────╯                                                │
│ /usr/lib/python3.11/site-packages/somewhere/importlib/__ini │
│ t__.py:126 in import_module                                 │
│                                                             │
│ in _gcd_import                                              │
╰─────────────────────────────────────────────────────────────╯
╭─────────────────────────────────────────────────────────────╮
│  /srv/svc/broken.py:1                                       │
│ def f(:                                                     │
│       ▲                                                     │
╰─────────────────────────────────────────────────────────────╯
SyntaxError: invalid syntax`
  const bare = syntax.replace(/\n╭─+╮[\s\S]*/, '\nNotFound')

  test('of a syntax error', () => {
    const [found, ...others] = read(syntax)
    expect(others).toEqual([])
    expect(found).toMatchObject({ exception: 'SyntaxError', message: 'invalid syntax' })
    expect(found!.frames).toEqual([
      { path: '/srv/lg.py', line: 46, function: '<module>', text: 'install(); go()' },
      {
        path: '/usr/lib/python3.11/site-packages/somewhere/importlib/__init__.py',
        line: 126,
        function: 'import_module',
        text: null,
      },
      { path: '/srv/svc/broken.py', line: 1, function: null, text: 'def f(:' },
    ])
  })

  test.each<[string, string]>([
    ['by itself', bare],
    ['in a table', `[11/24/26 19:24:00] ERROR    no     lg.py:52\n${bare.replaceAll(/^(?=.)/gm, '          ')}`],
    ['with colours', bare.replaceAll('│', '\u001b[31m│\u001b[0m')],
  ])('of an exception without a message, %s', (_name, text) => {
    expect(read(`${text}\nExiting: now\n`)).toMatchObject([
      { exception: 'NotFound', message: '', frames: [{ line: 46 }, { line: 126 }] },
    ])
  })
})

test('an exception without a message, with a note that looks like another', () => {
  const note = 'Traceback (most recent call last):\n  File "a.py", line 4, in f\n    raise e\nGone\nNotFound: said by\n'
  expect(read(note)).toMatchObject([{ exception: 'Gone', message: '', frames: [{ line: 4 }] }])
})

test('a word of a logger, or with a frame behind it, is no exception', () => {
  const logged = `${begun}[2026-09-18 02:25:20 +0000] [1] [INFO] Handling\nListening\nKeyError: 1\n`
  expect(read(logged)).toMatchObject([{ exception: 'KeyError' }])
  expect(read(`${begun}Handling\n  File "/app/b.py", line 1, in g\n    {}[1]\nKeyError: 1`)).toMatchObject([
    { exception: 'KeyError', frames: [{ line: 12 }, { line: 1 }] },
  ])
})

describe('what is told in other words than those of an exception', () => {
  const none = "No module named 'svc.none'"
  test.each<[string, string, string]>([
    ['/usr/local/bin/python: No module named svc.none', 'ModuleNotFoundError', none],
    ['/usr/bin/python3.11: No module named svc.none', 'ModuleNotFoundError', none],
    [
      "python3: No module named pkg.__main__; 'pkg' is a package and cannot be directly executed",
      'ModuleNotFoundError',
      "No module named 'pkg.__main__'; 'pkg' is a package and cannot be directly executed",
    ],
    [
      "/usr/bin/python3: Error while finding module specification for 'svc.none' (ModuleNotFoundError: No module named 'svc')",
      'ModuleNotFoundError',
      "No module named 'svc'",
    ],
    [
      "python3: can't open file '/app/main.py': [Errno 2] No such file or directory",
      'FileNotFoundError',
      "can't open file '/app/main.py': [Errno 2] No such file or directory",
    ],
    ['ERROR:    Error loading ASGI app. Could not import module "svc.none".', 'ModuleNotFoundError', none],
    [
      'ERROR:    Error loading ASGI app. Attribute "app" not found in module "svc".',
      'AttributeError',
      'Attribute "app" not found in module "svc"',
    ],
    ["Failed to find attribute 'app' in 'svc'.", 'AttributeError', "Failed to find attribute 'app' in 'svc'"],
    ["Error: Could not import 'svc.none'.", 'ModuleNotFoundError', none],
    [
      "Error: Failed to find Flask application or factory in module 'svc'. Use 'svc:name' to specify one.",
      'AttributeError',
      "Failed to find Flask application or factory in module 'svc'",
    ],
  ])('%s', (line, exception, message) => {
    expect(read(`Starting\n${line}\nINFO:     Stopping\n`)).toMatchObject([{ exception, message, frames: [] }])
  })
})

test('the last frames of a long traceback are kept', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `  File "a.py", line ${i + 1}, in f\n    f()`).join('\n')
  const [found] = read(`Traceback (most recent call last):\n${many}\nRecursionError: maximum recursion depth exceeded`)
  expect(found!.frames).toHaveLength(200)
  expect(found!.frames.at(-1)!.line).toBe(5000)
})
