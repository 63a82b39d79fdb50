import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { FileTrace } from '../../model/file-trace.ts'
import type { Style } from '../../report/style.ts'
import { traceJson } from '../../report/trace/trace-json.ts'
import { traceText } from '../../report/trace/trace-text.ts'
import { gitLines } from '../../sources/git/git-lines.ts'
import { traceFile } from '../../trace-file.ts'
import type { ExitCode, Io } from '../io.ts'
import { preparedRun } from '../prepared-run.ts'
import { reportFormats } from '../report-formats.ts'
import { exitCodeOf } from '../verified-run.ts'
import { addVerifyOptions } from '../verify-options.ts'
import { wantedFile } from './wanted-file.ts'

/** `firstbreak trace PATH`: follows one file, prints it stage by stage; tells `ended` the exit code. */
export function traceCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = program
    .command('trace')
    .argument(
      '<path>',
      'the file: from here, from the top of the repository or from the source; /PATH or NAME:/PATH in an image',
    )
    .description('one file, stage by stage: digest, verdicts, what changed, the layers and the commits that wrote it')
  addVerifyOptions(command, availableParallelism(), ['text', 'json'])
    .addHelpText('after', afterHelp)
    .allowExcessArguments(false)
  command.action(async (given: string) => {
    await preparedRun(command, io, async ({ plan, options, repository }, quiet) => {
      const text = (trace: FileTrace, style: Style) => traceText(trace, { style, quiet: options.quiet })
      const write = reportFormats<FileTrace>(options, { text, json: traceJson }, io)
      const images = plan.sources.filter(({ stage }) => stage.place === 'image').map(({ stage }) => stage.name)
      const wanted = wantedFile(given, { cwd: io.cwd, repository, sourceDirectory: plan.sourceDirectory, images })
      const trace = await traceFile(plan, wanted, gitLines(repository, plan.sources[0]!.stage.reference!))
      quiet()
      await write(trace)
      ended(exitCodeOf(trace.report, options))
    })
  })
}

const afterHelp = `
The options are those of firstbreak verify. A name may be written as a report
shows it, with its escapes.

Exit codes:
  0  the file was looked at, and is not broken at the end of the way
  1  it is
  2  could not tell: as for verify, or no stage holds the file

Examples:
  $ firstbreak trace app/routes/events_stream.py
  $ firstbreak trace --image image.tar /app/routes/events_stream.py
  $ firstbreak trace app/main.py --format json=trace.json --format text`
