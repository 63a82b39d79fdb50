import { checkProgram } from './check-program.ts'
import { isolation } from './isolation.ts'
import { startNativeProgram } from './native-program.ts'
import { programWorker } from './program-worker.ts'
import type { Worker } from './worker.ts'

/** Starts a process that compiles one source after the other. Should it not start, the first question says so. */
export function startNativeWorker(executable: string, version: string, program = checkProgram): Worker {
  return programWorker(startNativeProgram(executable, [...isolation(version), program]))
}
