import type { ExitCode, Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'

export interface Run {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/** Runs a command line of firstbreak in `cwd`, as on a machine whose PATH is this one's, and with no terminal. */
export async function firstbreak(
  cwd: string,
  args: readonly string[],
  environment: Io['environment'] = process.env,
  signal: AbortSignal = new AbortController().signal,
): Promise<Run> {
  const written = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text
    },
    isTerminal: false,
  })
  const plain = { ...environment, FORCE_COLOR: '', NO_COLOR: '', DOCKER_HOST: environment.DOCKER_HOST }
  const code = await main(args, { cwd, environment: plain, out: sink('out'), err: sink('err'), signal })
  return { code, ...written }
}
