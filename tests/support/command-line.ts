import { join } from 'node:path'
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
): Promise<Run> {
  const written = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text
    },
    isTerminal: false,
  })
  // Below a file nothing can be kept: no run sees what another one left, unless the test says where.
  const nowhere = join(import.meta.filename, 'none')
  const plain = {
    FIRSTBREAK_CACHE_DIR: nowhere,
    ...environment,
    FORCE_COLOR: '',
    NO_COLOR: '',
    DOCKER_HOST: environment.DOCKER_HOST,
  }
  const code = await main(args, { cwd, environment: plain, out: sink('out'), err: sink('err') })
  return { code, ...written }
}
