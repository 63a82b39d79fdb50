import { constants } from 'node:os'
import { execa } from 'execa'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { Io } from './io.ts'

/**
 * Runs a program in place of this one, with this one's own stdin, stdout and stderr; signals go to it.
 *
 * @returns its exit code, as a shell has it: 128 and its number for a signal that ended it.
 * @throws VerifierError when it cannot be started.
 */
export async function handOver([program = '', ...args]: readonly string[], io: Io): Promise<number> {
  const running = execa(program, args, {
    cwd: io.cwd,
    env: io.environment,
    extendEnv: false,
    stdio: 'inherit',
    reject: false,
    forceKillAfterDelay: false,
  })
  const takeBack = io.divertSignals(signal => running.kill(signal))
  try {
    const { exitCode, signal, code } = await running
    if (exitCode !== undefined) return exitCode
    if (signal !== undefined) return 128 + constants.signals[signal]
    throw new VerifierError('bad-usage', `cannot run ${quoted(program)} (${code}); is it installed, and on the PATH?`)
  } finally {
    takeBack()
  }
}
