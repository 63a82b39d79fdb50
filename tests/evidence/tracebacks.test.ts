import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
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
        expect(placeOf(first!) === null).toBe(!/^(?:Syntax|Indentation|Tab)Error/.test(first!.exception))
      }
    }
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
    const behind = [`${stderr}\nTraceback (most recent call last):\nKeyError: 'later'`, `api-1  | ${stderr}`]
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

test('the last frames of a long traceback are kept', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `  File "a.py", line ${i + 1}, in f\n    f()`).join('\n')
  const [found] = read(`Traceback (most recent call last):\n${many}\nRecursionError: maximum recursion depth exceeded`)
  expect(found!.frames).toHaveLength(200)
  expect(found!.frames.at(-1)!.line).toBe(5000)
})
