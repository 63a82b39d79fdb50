import { readFileSync } from 'node:fs'

/**
 * Megabytes, the most that this program has held so far. What the system tells of a process counts, on Linux, also whoever started it:
 * until it is another program it is a copy of that one.
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1000
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]
  return (Number(kibibytes) * 1024) / 1e6
}
