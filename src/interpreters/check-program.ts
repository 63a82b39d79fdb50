import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The path of check.py, which every interpreter runs. */
export const checkProgram = fileURLToPath(new URL('./check.py', import.meta.url))

const digests = new Map<string, string>()

/** SHA-256, in hex, of a program that interpreters run: what another version of it has found or made is not this one's. */
export function programDigest(program = checkProgram): string {
  const digest = digests.get(program) ?? createHash('sha256').update(readFileSync(program)).digest('hex')
  digests.set(program, digest)
  return digest
}
