import { describe, expect, test } from 'vitest'
import { readLog } from '../../src/evidence/read-log.ts'
import { placeOf } from '../../src/model/log.ts'
import { auditEntry, defaultRevision, logEntry, splitEntries } from '../support/google-records.ts'

const digest = `sha256:${'9'.repeat(64)}`
const traceback = `Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    import events
  File "/app/events.py", line 77
    yield f"data: {json.dumps({
          ^
SyntaxError: unterminated string literal (detected at line 77)`
const read = (content: unknown) =>
  readLog(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)), 'log.json')
const found = { exception: 'SyntaxError', message: 'unterminated string literal (detected at line 77)' }
const place = { path: '/app/events.py', line: 77 }

const taskLabels = {
  instanceId: '00f46b927c',
  'run.googleapis.com/execution_name': 'nightly-x7k2p',
  'run.googleapis.com/task_index': '0',
  'run.googleapis.com/task_attempt': '1',
}
const job = {
  resource: { type: 'cloud_run_job', labels: { job_name: 'nightly', location: 'us-central1' } },
  labels: taskLabels,
}

const payload = (jsonPayload: object) => [logEntry('', { textPayload: undefined, jsonPayload })]
const lines = (change: (line: string) => string) => traceback.split('\n').map(change).join('\n')
const apart = [
  { exc_type: 'RuntimeError', exc_value: 'no app', syntax_error: null, is_cause: false, frames: [] },
  {
    exc_type: 'SyntaxError',
    exc_value: 'unterminated string literal (detected at line 77) (events.py, line 77)',
    syntax_error: {
      offset: 11,
      filename: '/app/events.py',
      line: '    yield f"data: {json.dumps({\n',
      lineno: 77,
      msg: 'unterminated string literal (detected at line 77)',
    },
    is_cause: true,
    frames: [{ filename: '/app/main.py', lineno: 3, name: '<module>', line: '', locals: null }],
  },
]

describe('a traceback in every form in which it is logged', () => {
  test.each<[string, unknown, (string | null)?]>([
    ['one entry', [logEntry(traceback)], defaultRevision],
    ['an entry a line, the newest first', splitEntries(traceback), defaultRevision],
    [
      'entries of one time, told apart by insertId',
      traceback
        .split('\n')
        .map((line, i) => logEntry(line, { insertId: `a${i}` }))
        .reverse(),
      defaultRevision,
    ],
    [
      'times with more and fewer digits',
      [
        logEntry(traceback.split('\n').slice(3).join('\n'), { timestamp: '2026-09-18T02:25:20.900000001Z' }),
        logEntry(traceback.split('\n').slice(0, 3).join('\n'), { timestamp: '2026-09-18T02:25:20.9Z' }),
      ],
      defaultRevision,
    ],
    [
      'header and frames grouped, the place split off',
      [
        logEntry(traceback.split('\n').slice(0, 5).join('\n'), { insertId: 'a' }),
        logEntry(traceback.split('\n').slice(5).join('\n'), { insertId: 'b' }),
      ],
      defaultRevision,
    ],
    ['a job', [logEntry(traceback, job)], 'nightly-x7k2p task 0 attempt 1'],
    ['a job, an entry a line', splitEntries(traceback, job), 'nightly-x7k2p task 0 attempt 1'],
    [
      'one entry a line',
      splitEntries(traceback)
        .map(entry => JSON.stringify(entry))
        .join('\n'),
      defaultRevision,
    ],
    ['a single entry', logEntry(traceback), defaultRevision],
    ['as the REST interface lists them', { entries: splitEntries(traceback), nextPageToken: 'x' }, defaultRevision],
    ['a single entry over several lines', JSON.stringify(logEntry(traceback), null, 2), defaultRevision],
    [
      'JSON of the program, its logger giving the traceback apart',
      [logEntry('', { textPayload: undefined, jsonPayload: { message: 'cannot start', exc_info: traceback } })],
      defaultRevision,
    ],
    ['JSON of the program, the traceback as lines', payload({ message: 'no', traceback: traceback.split('\n') })],
    ['JSON of the program, the traceback under another name', payload({ error: { details: [{ stack: traceback }] } })],
    ['JSON of the program, the traceback taken apart, as structlog does', payload({ event: 'no', exception: apart })],
    ['plain output', traceback, null],
    ['a file of the log of Docker', lines(line => JSON.stringify({ log: `${line}\n`, stream: 'stderr' })), null],
    ['a file of the log of Kubernetes', lines(line => `2026-09-18T02:25:20.461034123Z stderr F ${line}`), null],
    ['with links', lines(line => line.replace('/app/', '\u001b]8;;file:///app/\u0007/app/\u001b]8;;\u001b\\')), null],
    ['output that begins as JSON does', `[{"a": 1}]\n{\n${traceback}`, null],
    ['plain output with a byte order mark', `\ufeff${traceback}`, null],
    ['lines of JSON that no platform has wrapped', JSON.stringify({ severity: 'ERROR', message: traceback }), null],
    ['lines of JSON among text', `Starting\n${JSON.stringify({ message: 'hello' })}\n${traceback}`, null],
  ])('%s', (_name, content, subject = defaultRevision) => {
    const log = read(content)
    expect(log.tracebacks.filter(({ kind }) => kind !== 'runtime')).toHaveLength(1)
    expect(log.tracebacks[0]).toMatchObject({ ...found, subject })
    expect(placeOf(log.tracebacks[0]!)).toMatchObject(place)
  })

  test('an exception without a message, taken apart as structlog does', () => {
    const frames = [{ filename: '/app/main.py', lineno: 8, name: 'go', line: '', locals: null }]
    const exception = [{ exc_type: 'NotFound', exc_value: '', syntax_error: null, is_cause: false, frames }]
    const { tracebacks } = read(payload({ event: 'no', exception }))
    expect(tracebacks).toMatchObject([{ exception: 'NotFound', message: '', frames: [{ line: 8 }] }])
  })

  test('UTF-16, as PowerShell writes it', () => {
    const text = Buffer.from(JSON.stringify([logEntry(traceback)]), 'utf16le')
    const little = Buffer.concat([Buffer.from([0xff, 0xfe]), text])
    for (const bytes of [little, Buffer.from(little).swap16()])
      expect(readLog(bytes, 'log.json').tracebacks).toHaveLength(1)
  })

  test('the last line alone, as severities tear it off', () => {
    const { tracebacks } = read([logEntry("SyntaxError: f-string: unmatched '('")])
    expect(tracebacks).toMatchObject([{ exception: 'SyntaxError', frames: [] }])
  })
})

test('lines of two instances, two streams or two starts are not put together', () => {
  const [first, second] = [traceback.split('\n').slice(0, 5).join('\n'), traceback.split('\n').slice(5).join('\n')]
  for (const more of [
    { labels: { instanceId: 'another' } },
    { logName: 'projects/demo/logs/run.googleapis.com%2Fstdout' },
    { timestamp: '2026-09-18T02:25:29Z' },
  ]) {
    const { tracebacks } = read([logEntry(first), logEntry(second, more)])
    expect(tracebacks).toMatchObject([
      { exception: null, frames: [{ line: 3 }, { line: 77 }] },
      { exception: 'SyntaxError', frames: [] },
    ])
  }
})

test('tracebacks of several revisions, in the order of time', () => {
  const of = (revision: string, timestamp: string) =>
    logEntry(traceback, { timestamp, resource: { type: 'cloud_run_revision', labels: { revision_name: revision } } })
  const log = read([of('api-2', '2026-09-18T03:00:00Z'), of('api-1', '2026-09-18T02:00:00Z')])
  expect(log.tracebacks.map(({ subject }) => subject)).toEqual(['api-1', 'api-2'])
  expect(log.subjects).toEqual(['api-1', 'api-2'])
})

test('what the platform says, and the revision that an entry of the audit log carries', () => {
  const system = { logName: 'projects/demo/logs/run.googleapis.com%2Fvarlog%2Fsystem' }
  const log = read([
    logEntry('Container called exit(1).', { ...system, timestamp: '2026-09-18T02:25:20.9Z' }),
    logEntry('Container called exit(1).', { ...system, timestamp: '2026-09-18T02:25:20.8Z' }),
    logEntry('Starting new instance. Reason: DEPLOYMENT_ROLLOUT', system),
    auditEntry({ digest }),
  ])
  expect(log.remarks).toEqual(['Container called exit(1).'])
  expect(log.deployments).toMatchObject([{ kind: 'revision', name: defaultRevision, images: [{ digest }] }])
})

test.each<[string, unknown, string]>([
  [
    'an entry with a time that is none',
    [logEntry('a'), logEntry('b', { timestamp: 'yesterday' })],
    'its "[1].timestamp" is no time',
  ],
  ['an entry with labels that are none', [logEntry('a', { labels: 'x' })], 'its "[0].labels" should be'],
  ['a text that is none', [logEntry('a', { textPayload: 7 })], 'its "[0].textPayload" should be string'],
  ['no entry', [7], 'its "[0]" should be Object'],
  [
    'a line',
    `${JSON.stringify(logEntry('a'))}\n${JSON.stringify(logEntry('b', { logName: [] }))}`,
    'its "line 2.logName" should be',
  ],
  ['nothing', ' \n', 'it is empty'],
  ['a cut off list', JSON.stringify([logEntry('a')], null, 2).slice(0, -30), 'it begins as JSON does, and is none'],
  ['a cut off list on one line', JSON.stringify([logEntry('a')]).slice(0, -30), 'it begins as JSON does, and is none'],
  ['values one after another', `${JSON.stringify(logEntry('a'), null, 2)}\n`.repeat(2), 'or be several values'],
  [
    'YAML',
    '---\ninsertId: a1\nlogName: projects/demo/logs/stderr\ntextPayload: x\n',
    'where --format=json is left out',
  ],
  [
    'a response that is no revision',
    [logEntry('a', { protoPayload: { response: { kind: 'Revision' } } })],
    '"metadata.name" and its "name" are missing',
  ],
  ['a text of over a MiB', [logEntry('x'.repeat(1024 * 1024 + 1))], 'is longer than any'],
])('%s is refused by name', (_name, content, message) => {
  expect(() => read(content)).toThrow(message)
  expect(() => read(content)).toThrow('cannot read a log from "log.json"')
})

test('a line separator in a message', () => {
  expect(read('SyntaxError: a\u2028b\rc').tracebacks).toMatchObject([{ message: 'a\u2028b\rc' }])
})

test('nothing of what it holds is fit to steer a terminal in a message', () => {
  expect(() => read([logEntry('a', { labels: { 'x\u001b[31m': 7 } })])).toThrow(/"\[0\]\.labels\.x\\u001b\[31m"/)
})
