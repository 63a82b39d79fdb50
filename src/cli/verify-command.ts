import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { VerifierError } from '../model/errors.ts'
import type { ExitCode, Io } from './io.ts'
import { verifiedRun } from './verified-run.ts'
import { addVerify } from './verify-options.ts'

/** `firstbreak verify`: parses, verifies, prints; tells `ended` the exit code. */
export function verifyCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = addVerify(program, availableParallelism())
  command.action(async () => {
    // As the default command it is given whatever is no command at all.
    const [stray] = command.args
    if (stray !== undefined) throw new VerifierError('bad-usage', `there is no command ${stray}; see firstbreak --help`)
    ended(await verifiedRun(command, io))
  })
}
