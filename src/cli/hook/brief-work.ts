import { setFlagsFromString } from 'node:v8'

/** Files, of some thousands of bytes each; optimized code begins to be worth its making at several MB of source. */
const mostFiles = 100

/**
 * Has WebAssembly that this process loads from now on compiled once and quickly, and not once more for speed, where no more than
 * `files` are to be looked at: it is to be called before an embedded interpreter is started, of which it is a third of the start.
 */
export function prepareForFew(files: number): void {
  if (files > mostFiles) return
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
}
