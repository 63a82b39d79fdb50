import type { Command } from 'commander'
import { visible } from '../report/visible.ts'
import type { Io } from './io.ts'
import { type Prepared, preparePlan } from './plan.ts'
import { progressLine } from './progress-line.ts'
import { openScratch } from './scratch.ts'

/**
 * Prepares what a command line asks for and has `work` done with it; what is kept on disk meanwhile goes, and the progress line is
 * cleared, however that ends. `quiet` clears it before something is printed.
 *
 * @throws VerifierError for whatever cannot be opened, and what `work` throws.
 */
export async function preparedRun<Result>(
  command: Command,
  io: Io,
  work: (prepared: Prepared, quiet: () => void) => Promise<Result>,
): Promise<Result> {
  const progress = progressLine(io.err)
  const log = (line: string) => {
    progress.clear()
    io.err.write(`firstbreak: ${visible(line)}\n`)
  }
  try {
    await using scratch = openScratch(io)
    return await work(await preparePlan(command, io, { progress: progress.show, log, scratch }), progress.clear)
  } finally {
    progress.clear()
  }
}
