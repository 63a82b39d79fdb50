// A worker thread that holds one embedded CPython: it says which version it is once it is loaded, then answers each source
// with a line of check.py. JavaScript, because Node 20 starts no thread from TypeScript. An error thrown here ends it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * @typedef {object} Python The part of pyodide that is used.
 * @property {(code: string, options: { globals: unknown }) => unknown} runPython
 * @property {(value: object) => unknown} toPy
 * @property {{ HEAPU8: Uint8Array }} _module
 */

/** @type {{ readonly folder: string, readonly program: string }} The paths of the package and of check.py. */
const { folder, program } = workerData
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)

// Everything it needs is in the folder: nothing may ever be fetched.
globalThis.fetch = () => Promise.reject(new Error('an embedded CPython has no network'))

/** @type {{ loadPyodide: (options: object) => Promise<Python> }} 0.22.1 can only be loaded by require. */
const { loadPyodide } = createRequire(import.meta.url)(folder)
const python = await loadPyodide({ indexURL: folder, fullStdLib: false, stdout: ignore, stderr: ignore })
const globals = python.toPy({ __name__: 'check', peak_memory: () => python._module.HEAPU8.length })
const check = /** @type {(source: Uint8Array) => string} */ (
  python.runPython(`${readFileSync(program, 'utf8')}\nlambda source: check(source.to_bytes(), peak_memory)`, {
    globals,
  })
)

port.on('message', source => port.postMessage(check(source)))
port.postMessage(python.runPython('sys.version.split()[0]', { globals }))

function ignore() {}
