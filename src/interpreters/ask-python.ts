import type { RunningProgram, StartProgram } from '../model/running-program.ts'
import { flagsOfAll } from './isolation.ts'
import { type PythonIdentity, parseIdentity } from './python-identity.ts'

// Runs on every Python since 2.6, whatever it is called. Nothing is imported from the folder it is started in.
const question = `
import sys
sys.path = [folder for folder in sys.path if folder]
import json, os, sysconfig
try:
    from importlib.util import MAGIC_NUMBER as magic
except ImportError:
    import imp
    magic = imp.get_magic()
try:
    libc = os.confstr('CS_GNU_LIBC_VERSION')
except (AttributeError, ValueError, OSError):
    libc = None
v = sys.version_info
stage = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc', 'final': ''}[v[3]]
implementation = getattr(sys, 'implementation', None)
abi = getattr(sys, 'abiflags', '')
traits = [
    sys.maxsize > 2 ** 32 and '64-bit' or '32-bit',
    sys.maxunicode == 0xffff and 'narrow Unicode',
    hasattr(sys, 'gettotalrefcount') and 'debug',
    ('t' in abi or 'free-threading' in sys.version) and 'free-threaded',
    abi and 'abi ' + abi,
]
print(json.dumps({
    'implementation': implementation.name if implementation else sys.subversion[0].lower(),
    'version': '%d.%d.%d%s' % (v[0], v[1], v[2], stage and stage + str(v[4])),
    'cacheTag': getattr(implementation, 'cache_tag', None) or '',
    'magic': ''.join('%02x' % byte for byte in bytearray(magic)),
    'platform': sysconfig.get_platform(),
    'libc': libc or sysconfig.get_config_var('MULTIARCH') or '',
    'traits': [trait for trait in traits if trait],
    'compiled': ' '.join(sys.version.split()[1:]),
}))
`

/** Bytes; an identity is shorter. */
const longestAnswer = 4096

/**
 * What a program says it is: its name proves nothing. It has `timeLimit` milliseconds, and is ended when `signal` aborts.
 *
 * @throws Error, with why in its message, when it does not answer as a Python does.
 */
export async function askPython(
  start: StartProgram,
  { timeLimit, signal }: { readonly timeLimit: number; readonly signal?: AbortSignal },
): Promise<PythonIdentity> {
  const running = await start([...flagsOfAll, '-c', question])
  const giveUp = () => void running.end()
  const timer = setTimeout(giveUp, timeLimit)
  signal?.addEventListener('abort', giveUp)
  try {
    signal?.throwIfAborted()
    const identity = parseIdentity(parsed(await answerOf(running)))
    signal?.throwIfAborted()
    if (identity === null) throw new Error('it does not say that it is a Python')
    return identity
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
    await running.end()
  }
}

/** All that it writes. */
async function answerOf({ stdin, stdout, gone }: RunningProgram): Promise<string> {
  stdin.on('error', () => undefined) // it reads nothing
  let answer = ''
  try {
    for await (const chunk of stdout) {
      answer += Buffer.from(chunk as Buffer).toString('latin1')
      if (answer.length > longestAnswer) throw new Error('it writes more than an answer')
    }
    const end = await gone
    if (end !== 'it ended with exit code 0') throw new Error(end)
  } catch (cause) {
    throw new Error('it does not answer as a Python does', { cause })
  }
  return answer
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return null // not JSON, so not an answer
  }
}
