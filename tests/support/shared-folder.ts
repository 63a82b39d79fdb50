import { join } from 'node:path'
import { temporaryFolder } from './temporary.ts'

const variable = 'FIRSTBREAK_TEST_SHARED'

/** Makes the folder that the test files of a run share, and removes it at its end. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder()
  process.env[variable] = folder.path
  return async () => folder[Symbol.asyncDispose]()
}

/** For what every test file would else make anew; null outside of a run of the tests. */
export const sharedFolder: string | null = process.env[variable] ?? null

/** What interpreters keep to start fast, and what they said they are; no verdicts. Null outside of a run of the tests. */
export const sharedCache: string | null = sharedFolder && join(sharedFolder, 'cache')
