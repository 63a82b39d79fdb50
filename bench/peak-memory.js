// Imported by Node before the program that is measured: says on stderr, when it ends, how many MB it held at the most.
import { writeSync } from 'node:fs'

process.on('exit', () => writeSync(2, `peak-memory ${Math.ceil(process.resourceUsage().maxRSS / 1024)}\n`))
