import { readFileSync } from 'node:fs'
import type { StartProgram } from '../model/running-program.ts'
import { checkProgram } from './check-program.ts'
import { isolation } from './isolation.ts'
import { programWorker } from './program-worker.ts'
import type { Worker } from './worker.ts'

/** Starts the Python of an image to compile one source after the other; the program comes as an argument, as nothing is mounted. */
export async function startImageWorker(start: StartProgram, version: string): Promise<Worker> {
  return programWorker(await start([...isolation(version), '-c', readFileSync(checkProgram, 'utf8')]))
}
