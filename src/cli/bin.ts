#!/usr/bin/env node
import { main } from './main.ts'

const sink = (stream: NodeJS.WriteStream) => ({
  write: (text: string) => void stream.write(text),
  isTerminal: stream.isTTY === true,
})

// A reader that has seen enough (`firstbreak | head`) is no failure; the exit code stays what was found.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  out: sink(process.stdout),
  err: sink(process.stderr),
})
