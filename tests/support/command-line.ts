import { Readable } from 'node:stream'
import { afterAll, expect } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import { testCache } from './test-cache.ts'

export interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Of the runs of one test file. */
let cache: Promise<Awaited<ReturnType<typeof testCache>>> | undefined
afterAll(async () => (await cache)?.[Symbol.asyncDispose]())

/**
 * Runs a command line of firstbreak in `cwd`, as on a machine whose PATH is this one's, and with no terminal. What it keeps
 * between runs is that of the test file, unless `environment` says otherwise.
 */
export async function firstbreak(
  cwd: string,
  args: readonly string[],
  environment: Io['environment'] = process.env,
  signal: AbortSignal = new AbortController().signal,
  input: string | null = null,
): Promise<Run> {
  const written = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text
    },
    columns: null,
  })
  cache ??= testCache()
  const place = { FIRSTBREAK_CACHE_DIR: (await cache).path }
  const plain = { ...place, ...environment, FORCE_COLOR: '', NO_COLOR: '', DOCKER_HOST: environment.DOCKER_HOST }
  const leftovers = new Set<string>()
  const piped = () => (input === null ? null : Readable.from([Buffer.from(input)]))
  const io = { cwd, environment: plain, input: piped, out: sink('out'), err: sink('err'), signal, leftovers }
  const code = await main(args, { ...io, divertSignals: () => () => {} })
  expect([...leftovers]).toEqual([])
  return { code, ...written }
}
