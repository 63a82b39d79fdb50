import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { compareVersions, type Interpreter } from '../model/interpreter.ts'
import { flagsOfAll, surroundings } from './isolation.ts'

// Runs on every Python since 2.6, whatever it is called.
const question = `
import sys
v = sys.version_info
name = sys.implementation.name if hasattr(sys, 'implementation') else sys.subversion[0].lower()
stage = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc', 'final': ''}[v[3]]
print('%s %d.%d.%d%s' % (name, v[0], v[1], v[2], stage and stage + str(v[4])))
`

/**
 * The exact version of the CPython that `executable` is, asked of itself: its name proves nothing. It has `timeLimit`
 * milliseconds.
 *
 * @throws Error, with why in its message, when it is no CPython that can be asked: 2.7, or 3.6 and later.
 */
export async function askVersion(executable: string, timeLimit: number): Promise<string> {
  const version = /^cpython (\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\r?\n$/.exec(await answerOf(executable, timeLimit))?.[1]
  if (version === undefined) throw new Error('it does not say that it is a CPython')
  if (!version.startsWith('2.7.') && compareVersions(version, '3.6') < 0) {
    throw new Error(`it is CPython ${version}; 2.7, and 3.6 and later can be asked`)
  }
  return version
}

/** The interpreter that `executable` is; asked and thrown as `askVersion` does. */
export async function askInterpreter(executable: string, timeLimit: number): Promise<Interpreter> {
  const version = await askVersion(executable, timeLimit)
  return { id: `native-${version}`, version, provider: 'native', build: `native-${version}`, executable }
}

async function answerOf(executable: string, timeLimit: number): Promise<string> {
  try {
    const options = { ...surroundings(executable), timeout: timeLimit, maxBuffer: 4096, killSignal: 'SIGKILL' } as const
    const { stdout } = await promisify(execFile)(executable, [...flagsOfAll, '-c', question], options)
    return stdout
  } catch (cause) {
    throw new Error('it does not answer as a Python does', { cause })
  }
}
