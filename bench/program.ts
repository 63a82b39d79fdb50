import { join } from 'node:path'
import { execa } from 'execa'
import type { Interpreter } from '../src/model/interpreter.ts'

const root = join(import.meta.dirname, '..')

/** Makes the program that is measured. */
export async function buildProgram(): Promise<void> {
  await execa('npm', ['run', 'build'], { preferLocal: true, cwd: root })
}

/** What a run looks at, and with whom. */
export interface Run {
  readonly repository: string
  /** The last one is the Python that everything is written for and run by. */
  readonly interpreters: readonly Interpreter[]
  /** Null to remember nothing. */
  readonly cache: string | null
  readonly upload: 'auto' | 'none'
}

/** Runs the whole command; tells how many MB its own process held at the most. */
export async function firstbreak({ repository, interpreters, cache, upload }: Run): Promise<number> {
  const versions = interpreters.map(({ version }) => version)
  const own = versions.at(-1)!
  const program = ['--import', join(import.meta.dirname, 'peak-memory.js'), join(root, 'dist', 'cli', 'bin.js')]
  const options = ['--repo', repository, '--upload', upload, '--format', 'json', '--interpreters', 'native']
  const roles = ['--deploy-python', own, '--dev-python', own, '--python', versions.join(',')]
  const remembering = cache === null ? ['--no-cache'] : ['--cache-dir', cache]
  const { exitCode, stderr } = await execa(process.execPath, [...program, ...options, ...roles, ...remembering], {
    reject: false,
  })
  const peak = /^peak-memory (\d+)$/m.exec(stderr)?.[1]
  if ((exitCode !== 0 && exitCode !== 1) || peak === undefined) {
    throw new Error(`firstbreak ended with ${exitCode}: ${stderr}`)
  }
  return Number(peak)
}
