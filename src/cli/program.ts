import { rmSync } from 'node:fs'
import { Interruption } from './interruption.ts'
import { main } from './main.ts'
import { streamSink } from './stream-sink.ts'

// A reader that has seen enough (`firstbreak | head`) is no failure; the exit code stays what was found.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})

/** What may end a run from outside, and the exit code that shells expect then: 128 and the signal's number. */
const endings = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
/** Milliseconds for a run that is to give up, also on a loaded machine; what it leaves behind then ends with its pipes. */
const graceTime = 3000

const giveUp = new AbortController()
let ending: number | null = null
let receiver: ((signal: NodeJS.Signals) => void) | null = null
for (const [signal, code] of Object.entries(endings)) {
  // Not `once`: execa takes a signal that nobody else listens to for its own, and ends the process.
  process.on(signal, () => {
    if (receiver !== null) {
      const isSentToAll = signal === 'SIGINT' && process.stdin.isTTY
      if (!isSentToAll) receiver(signal as NodeJS.Signals)
      return
    }
    if (ending !== null) process.exit(ending) // who asks again is not made to wait
    ending = code
    giveUp.abort(new Interruption(signal))
    setTimeout(() => process.exit(code), graceTime).unref()
  })
}

const leftovers = new Set<string>()
process.on('exit', () => {
  for (const folder of leftovers) rmSync(folder, { recursive: true, force: true })
})

const found = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  input: () => (process.stdin.isTTY ? null : process.stdin),
  out: streamSink(process.stdout),
  err: streamSink(process.stderr),
  signal: giveUp.signal,
  divertSignals: to => {
    receiver = to
    return () => {
      receiver = null
    }
  },
  leftovers,
})
process.exitCode = ending ?? found
