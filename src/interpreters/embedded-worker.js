// A worker thread that holds one embedded CPython: it says which version it is once it is loaded, then answers each source
// with a line of check.py. JavaScript, because Node 20 starts no thread from TypeScript. An error thrown here ends it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * @typedef {object} Python The part of pyodide that is used.
 * @property {(code: string, options?: { globals: unknown }) => unknown} runPython
 * @property {(value: object) => { destroy(): void }} toPy
 * @property {() => Uint8Array} makeMemorySnapshot
 * @property {{ HEAPU8: Uint8Array }} _module
 */

/**
 * @typedef {object} Order
 * @property {string} folder The package's.
 * @property {string} program The path of check.py.
 * @property {Uint8Array | null} snapshot What it starts from.
 * @property {boolean} makesSnapshot Whether it hands out a snapshot, besides.
 * @property {number} memoryLimit Bytes. The interpreter takes no more.
 */

/** @type {Order} */
const { folder, program, snapshot, makesSnapshot, memoryLimit } = workerData
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort)

const answering = `import check
def answer(source, other=None):
    if other is None:
        return check.check(source.to_bytes(), peak_memory)
    return check.compare(source.to_bytes(), other.to_bytes())
answer`

/** Bytes. What WebAssembly once took it never gives back, so an interpreter that holds more is used no more. */
const mostKept = memoryLimit / 4
let wantedMore = false

/** @type {{ grow(this: { readonly buffer: ArrayBuffer }, pages: number): number }} */
const memory = Reflect.get(globalThis, 'WebAssembly').Memory.prototype
const { grow } = memory
memory.grow = function (pages) {
  wantedMore = this.buffer.byteLength + pages * 2 ** 16 > memoryLimit
  if (wantedMore) throw new RangeError('an embedded CPython takes no more memory')
  return grow.call(this, pages)
}

// Everything it needs is in the folder: nothing may ever be fetched.
globalThis.fetch = () => Promise.reject(new Error('an embedded CPython has no network'))

/** @type {{ loadPyodide: (options: object) => Promise<Python> }} 0.22.1 can only be loaded by require. */
const { loadPyodide } = createRequire(import.meta.url)(folder)
const python = await loadPyodide({
  indexURL: folder,
  fullStdLib: false,
  stdout: ignore,
  stderr: ignore,
  ...(snapshot !== null && { _loadSnapshot: snapshot }),
  ...(makesSnapshot && { _makeSnapshot: true }),
})
if (snapshot === null) loadProgram()
// Now, as it can hold nothing of JavaScript.
const made = makesSnapshot ? python.makeMemorySnapshot() : null
const globals = python.toPy({ peak_memory: () => (wantedMore ? Infinity : python._module.HEAPU8.length) })
const answer = /** @type {(source: Uint8Array, other?: Uint8Array) => string} */ (
  python.runPython(answering, { globals })
)

port.on('message', (/** @type {[Uint8Array] | [Uint8Array, Uint8Array]} */ [source, other]) => {
  wantedMore = false
  const line = answer(source, other)
  port.postMessage({ line, isLast: wantedMore || python._module.HEAPU8.length > mostKept })
})
const version = python.runPython('import sys\nsys.version.split()[0]', { globals })
port.postMessage({ version, snapshot: made }, made === null ? [] : [/** @type {ArrayBuffer} */ (made.buffer)])

/** Makes check.py a module of the interpreter. */
function loadProgram() {
  const names = python.toPy({ source: readFileSync(program, 'utf8') })
  const load = `import sys, types
module = sys.modules['check'] = types.ModuleType('check')
exec(source, module.__dict__)`
  python.runPython(load, { globals: names })
  names.destroy()
}

function ignore() {}
