import { spawn } from 'node:child_process'
import type { RunningProgram } from '../model/running-program.ts'
import { surroundings } from './isolation.ts'

/** Starts a program of this machine. Should it not start, `gone` says so. */
export function startNativeProgram(executable: string, args: readonly string[]): RunningProgram {
  const child = spawn(executable, args, { ...surroundings(executable), stdio: ['pipe', 'pipe', 'ignore'] })
  const gone = new Promise<string>(resolve => {
    child.once('error', error => resolve(`it could not be started: ${error.message}`))
    child.once('close', (code, signal) =>
      resolve(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`),
    )
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    gone,
    end: async () => {
      child.kill('SIGKILL')
      child.stdout.destroy() // it may be full of what nobody reads
      await gone
    },
  }
}
