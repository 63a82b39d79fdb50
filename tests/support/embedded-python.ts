import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** An embedded CPython as it is, without anything of firstbreak around it. */
export interface EmbeddedPython {
  /** As `sys.version` has it: `3.14.2`. */
  readonly version: string
  /** Runs a program that defines `answer`, a function of one text, and gives what that answers for `input`. */
  readonly run: (program: string, input: string) => string
}

interface Pyodide {
  readonly runPython: (code: string, options: { readonly globals: unknown }) => unknown
  readonly toPy: (value: object) => unknown
}

/** Loads the embedded CPython of a minor version; takes seconds. */
export async function embeddedPython(minor: string): Promise<EmbeddedPython> {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve(`cpython-${minor}/package.json`))
  const { loadPyodide } = require(folder) as { loadPyodide: (options: object) => Promise<Pyodide> }
  const python = await loadPyodide({ indexURL: folder, fullStdLib: false, stdout: () => {}, stderr: () => {} })
  const run = (program: string, input: string) =>
    String(python.runPython(`${program}\nanswer(given)`, { globals: python.toPy({ given: input }) }))
  return { version: run('import sys\ndef answer(_): return sys.version.split()[0]', ''), run }
}
