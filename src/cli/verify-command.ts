import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { VerifierError } from '../model/errors.ts'
import type { Report } from '../model/report.ts'
import { json } from '../report/json.ts'
import { colourStyle, plainStyle } from '../report/style.ts'
import { text } from '../report/text.ts'
import { visible } from '../report/visible.ts'
import { verify } from '../verify.ts'
import { hasColours } from './colours.ts'
import type { ExitCode, Io } from './io.ts'
import { preparePlan } from './plan.ts'
import { progressLine } from './progress-line.ts'
import { openScratch } from './scratch.ts'
import { addVerify, type VerifyOptions } from './verify-options.ts'

/** `firstbreak verify`: parses, verifies, prints; tells `ended` the exit code. */
export function verifyCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = addVerify(program, availableParallelism())
  command.action(async () => {
    // As the default command it is given whatever is no command at all.
    const [stray] = command.args
    if (stray !== undefined) throw new VerifierError('bad-usage', `there is no command ${stray}; see firstbreak --help`)
    const progress = progressLine(io.err)
    const log = (line: string) => {
      progress.clear()
      io.err.write(`firstbreak: ${visible(line)}\n`)
    }
    try {
      await using scratch = openScratch(io)
      const { plan, options } = await preparePlan(command, io, { progress: progress.show, log, scratch })
      const targets = options.format.length === 0 ? ['text'] : options.format
      const formats = targets.map(target => parseFormat(target, options, io))
      const report = await verify(plan)
      progress.clear()
      for (const { write, render } of formats) await write(render(report))
      ended(exitCodeOf(report, options))
    } finally {
      progress.clear()
    }
  })
}

interface Format {
  readonly render: (report: Report) => string
  readonly write: (rendered: string) => Promise<void>
}

/** `json` or `json=report.json`. */
function parseFormat(target: string, options: VerifyOptions, io: Io): Format {
  const [name = '', ...rest] = target.split('=')
  const file = rest.length === 0 ? null : rest.join('=')
  const style = file === null && hasColours(options.color, io) ? colourStyle : plainStyle
  const renderers: Readonly<Record<string, Format['render']>> = {
    text: report => text(report, { style, verbose: options.verbose, quiet: options.quiet }),
    json,
  }
  const render = Object.hasOwn(renderers, name) ? renderers[name] : undefined
  if (render === undefined || file === '') {
    throw new VerifierError(
      'bad-usage',
      `--format ${target}: write ${Object.keys(renderers).join(' or ')}, or json=FILE`,
    )
  }
  return {
    render,
    write: async rendered => (file === null ? io.out.write(rendered) : save(resolve(io.cwd, file), rendered)),
  }
}

async function save(file: string, rendered: string): Promise<void> {
  try {
    await writeFile(file, rendered)
  } catch (cause) {
    throw new VerifierError('bad-usage', `cannot write the report to ${file}: ${(cause as Error).message}`, { cause })
  }
}

/** The format never changes it. */
function exitCodeOf({ outcome, findings }: Report, { failOn }: VerifyOptions): ExitCode {
  const warned = failOn === 'warning' && findings.some(({ severity }) => severity === 'warning')
  if (outcome === 'broken' || warned) return 1
  return outcome === 'clean' ? 0 : 2
}
