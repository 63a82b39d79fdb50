// A process that holds the store of remembered verdicts. It is a process of its own because the store is a file mapped into
// memory: a damaged or cut file can take down whoever reads it, or never let it go. Its arguments are the folder and how many
// bytes a generation may have; each message is a request, answered by one message. It ends when its parent does.
// JavaScript, because Node 20 starts no process from TypeScript.
import { closeSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {import('./store-process.ts').StoreRequest} StoreRequest
 * @typedef {import('./store-process.ts').StoreReply} StoreReply
 * @typedef {import('lmdb').Database<string, Buffer>} Generation
 * @typedef {{ root: import('lmdb').RootDatabase, generations: readonly [Generation, Generation] }} Store
 */

/** Milliseconds after which a process that has its turn is taken for dead. */
const longestTurn = 5000

/** The most processes that can read at the same moment. */
const maxReaders = 1024

/**
 * Bytes of address space, more than two full generations and what is written at once. What lies beyond it would have to be
 * mapped anew by every process that is at work, and a transaction that begins before that is lost without a word.
 */
const mapSize = 1024 * 1024 * 1024

// Of lmdb.h: from MDB_KEYEXIST to MDB_PROBLEM. Too many readers, and another version of lmdb's own format, are no damage.
const [firstFailure, lastFailure, noDamage] = [-30799, -30779, [-30790, -30794]]

const [folder = '', bound = '0'] = process.argv.slice(2)

process.on('SIGINT', () => {}) // Ctrl-C is for whoever started it; here it would look like a damaged file
// Not by exit, which closes the store: lmdb then takes its locks apart while another process may be about to use them.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

const opened = open()
opened.catch(() => {}) // whoever asks is told
process.on('message', async (/** @type {StoreRequest} */ request) => process.send?.(await reply(request)))

/** @returns {Promise<Store>} */
async function open() {
  const lmdb = await import('lmdb').catch(cause => {
    throw new Error('the package lmdb cannot be loaded', { cause })
  })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return inTurn(() => {
    const root = lmdb.open(folder, { maxReaders, mapSize, overlappingSync: false })
    /** @returns {Generation} */
    const generation = (/** @type {string} */ name) => root.openDB(name, { encoding: 'string', keyEncoding: 'binary' })
    return { root, generations: [generation('0'), generation('1')] }
  })
}

/**
 * Does what no other process should do at the same time. lmdb has locks of its own, but whoever opens a store sets the number
 * of its last transaction to the one it has read, and forgets what was written in between (`mdb_env_open2` of mdb.c in
 * lmdb 3.5). Where a turn is not kept to, verdicts may be lost, and none becomes a wrong one.
 *
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
function inTurn(work) {
  const mark = join(folder, 'turn')
  while (!taken(mark)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  try {
    return work()
  } finally {
    rmSync(mark, { force: true })
  }
}

/** @param {string} mark */
function taken(mark) {
  try {
    closeSync(openSync(mark, 'wx'))
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    const since = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - since > longestTurn) rmSync(mark, { force: true })
    return false
  }
}

/**
 * @param {StoreRequest} request
 * @returns {Promise<StoreReply>}
 */
async function reply(request) {
  try {
    const store = await opened
    if (request.kind === 'read') return { values: read(store, request.scopes, request.digests) }
    if (request.kind === 'write') write(store, new Map(request.entries))
    return { count: store.generations.reduce((sum, each) => sum + countOf(each), 0) }
  } catch (error) {
    const { code, message } = /** @type {{ code?: unknown, message: string }} */ (error)
    const damaged = typeof code === 'number' && code >= firstFailure && code <= lastFailure && !noDamage.includes(code)
    return { failure: message, damaged }
  }
}

/**
 * What is used stays: it is moved from the old generation to the young one.
 *
 * @param {Store} store
 * @param {readonly string[]} scopes
 * @param {readonly string[]} digests
 */
function read(store, scopes, digests) {
  const [young, old] = byAge(store)
  /** @type {Map<string, string>} */
  const used = new Map()
  const values = digests.flatMap(digest =>
    scopes.map(scope => {
      const key = Buffer.from(scope + digest, 'hex')
      const value = young.get(key)
      if (value !== undefined) return value
      const older = old.get(key)
      if (older !== undefined) used.set(scope + digest, older)
      return older ?? null
    }),
  )
  if (used.size > 0) write(store, used)
  return values
}

/**
 * All in one transaction. When the young generation is full, what the old one holds goes, and they change places.
 *
 * @param {Store} store
 * @param {ReadonlyMap<string, string>} entries
 */
function write(store, entries) {
  const transaction = () => {
    let [young, old] = byAge(store)
    if (bytesOf(young) > Number(bound)) {
      old.clearSync()
      store.root.putSync('young', store.generations.indexOf(old))
      young = old
    }
    for (const [key, value] of entries) young.putSync(Buffer.from(key, 'hex'), value)
  }
  inTurn(() => store.root.transactionSync(transaction))
}

/**
 * The young generation, which is written to, and the old one.
 *
 * @param {Store} store
 * @returns {readonly [Generation, Generation]}
 */
function byAge({ root, generations: [first, second] }) {
  return root.get('young') === 1 ? [second, first] : [first, second]
}

/** @param {Generation} generation */
function countOf(generation) {
  return statsOf(generation).entryCount
}

/** @param {Generation} generation */
function bytesOf(generation) {
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = statsOf(generation)
  return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages)
}

/** @param {Generation} generation */
function statsOf(generation) {
  return /** @type {Record<'entryCount' | 'pageSize' | 'treeBranchPageCount' | 'treeLeafPageCount' | 'overflowPages', number>} */ (
    generation.getStats()
  )
}
