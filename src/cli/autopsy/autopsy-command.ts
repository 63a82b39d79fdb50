import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { autopsy } from '../../autopsy.ts'
import type { Autopsy } from '../../model/autopsy.ts'
import type { Outcome } from '../../model/report.ts'
import { autopsyJson } from '../../report/autopsy-json.ts'
import { autopsyText } from '../../report/autopsy-text.ts'
import { visible } from '../../report/visible.ts'
import type { ExitCode, Io } from '../io.ts'
import { progressLine } from '../progress-line.ts'
import { reportFormats } from '../report-formats.ts'
import { openScratch } from '../scratch.ts'
import { type AutopsyOptions, addAutopsy } from './autopsy-options.ts'
import { openCase } from './open-case.ts'

/** `firstbreak autopsy`: gathers what there is, follows it back, prints; tells `ended` the exit code. */
export function autopsyCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = addAutopsy(program, availableParallelism())
  command.action(async () => {
    const progress = progressLine(io.err)
    const log = (line: string) => {
      progress.clear()
      io.err.write(`firstbreak: ${visible(line)}\n`)
    }
    const options = command.opts<AutopsyOptions>()
    const { verbose, quiet } = options
    try {
      await using scratch = openScratch(io)
      const write = reportFormats<Autopsy>(
        options,
        { text: (found, style) => autopsyText(found, { style, verbose, quiet }), json: autopsyJson },
        io,
      )
      const found = await autopsy(await openCase(command, io, { progress: progress.show, log, scratch }))
      progress.clear()
      await write(found)
      ended(exitCodes[found.outcome])
    } finally {
      progress.clear()
    }
  })
}

const exitCodes: Readonly<Record<Outcome, ExitCode>> = { clean: 0, broken: 1, undecided: 2 }
