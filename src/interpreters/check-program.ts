import { readFileSync } from 'node:fs'

/** The bytes of check.py. */
export const checkProgram: Uint8Array = readFileSync(new URL('./check.py', import.meta.url))
