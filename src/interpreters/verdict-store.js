// A process that holds the store of remembered verdicts. It is a process of its own because the store is a file mapped into
// memory: a damaged or cut file can take down whoever reads it, or never let it go. Its arguments are the folder and how many
// bytes a generation may have; each message is a request, answered by one message. It ends when its parent does.
// JavaScript, because Node 20 starts no process from TypeScript.
import { mkdirSync } from 'node:fs'

/**
 * @typedef {import('./store-process.ts').StoreRequest} StoreRequest
 * @typedef {import('./store-process.ts').StoreReply} StoreReply
 * @typedef {import('lmdb').Database<string, Buffer>} Generation
 * @typedef {{ root: import('lmdb').RootDatabase, generations: readonly [Generation, Generation] }} Store
 */

/** The most processes that can read at the same moment. */
const maxReaders = 1024

// Of lmdb.h, MDB_PAGE_NOTFOUND to MDB_MAP_FULL. Another version of lmdb's own format is no damage, and left alone.
const [firstDamage, lastDamage, otherVersion] = [-30797, -30792, -30794]

const [folder = '', bound = '0'] = process.argv.slice(2)

process.on('SIGINT', () => {}) // Ctrl-C is for whoever started it; here it would look like a damaged file
process.on('disconnect', () => process.exit())

const opened = open()
opened.catch(() => {}) // whoever asks is told
process.on('message', async (/** @type {StoreRequest} */ request) => process.send?.(await reply(request)))

/** @returns {Promise<Store>} */
async function open() {
  const lmdb = await import('lmdb').catch(cause => {
    throw new Error('the package lmdb cannot be loaded', { cause })
  })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const root = lmdb.open(folder, { maxReaders, overlappingSync: false })
  /** @returns {Generation} */
  const generation = (/** @type {string} */ name) => root.openDB(name, { encoding: 'string', keyEncoding: 'binary' })
  return { root, generations: [generation('0'), generation('1')] }
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
    const damaged = typeof code === 'number' && code >= firstDamage && code <= lastDamage && code !== otherVersion
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
  store.root.transactionSync(() => {
    let [young, old] = byAge(store)
    if (bytesOf(young) > Number(bound)) {
      old.clearSync()
      store.root.putSync('young', store.generations.indexOf(old))
      young = old
    }
    for (const [key, value] of entries) young.putSync(Buffer.from(key, 'hex'), value)
  })
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
