import type { Sha256 } from '../model/digest.ts'
import type { Interpreter } from '../model/interpreter.ts'
import type { Verdict } from '../model/verdict.ts'
import { cacheFolder, removeStore } from './cache-folder.ts'
import { programDigest } from './check-program.ts'
import type { Verdicts } from './compile-all.ts'
import { Slots } from './slots.ts'
import {
  generationBound,
  type Store,
  StoreFailure,
  type StoreReply,
  type StoreRequest,
  startStore,
} from './store-process.ts'
import { recordOf, scopeOf, verdictOf } from './verdict-record.ts'

/** Verdicts of earlier runs, of this process and of others. It never fails: where it cannot work it knows nothing. */
export interface VerdictCache {
  /** What is known of these contents and interpreters; a content or an interpreter it knows nothing of is left out. */
  known(contents: Iterable<Sha256>, interpreters: readonly Interpreter[]): Promise<Verdicts>
  /** Is written some time later, at the latest when the cache is disposed of; `undecided` is never remembered. */
  remember(sha256: Sha256, interpreter: Interpreter, verdict: Verdict): void
}

export interface CacheOptions {
  /** Where it is kept, made when it is not there; null to remember nothing. */
  readonly directory: string | null
  /** Is told, once, why nothing is remembered. */
  readonly log: (line: string) => void
  /** Bytes that one of its two generations may have, about; 32 MiB unless told. */
  readonly bound?: number
}

/** Records that are written together: each time costs a wait for the disk. */
const written = 512

/**
 * Opens the verdicts remembered below `directory`, by the sha256 of the bytes, the interpreter's build and the version of
 * check.py. Any number of processes may have it open. When half of its room is used, what was not asked for since the last
 * time that happened goes.
 */
export function openVerdictCache(options: CacheOptions): VerdictCache & AsyncDisposable {
  return options.directory === null ? knowsNothing : new StoredVerdicts(options.directory, options)
}

const knowsNothing: VerdictCache & AsyncDisposable = {
  known: async () => new Map(),
  remember: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
}

class StoredVerdicts implements VerdictCache, AsyncDisposable {
  readonly #folder: string
  readonly #bound: number
  readonly #log: (line: string) => void
  readonly #scopes = new Map<string, string>()
  readonly #turn = new Slots(1)
  #store: Store | null
  #wasStartedOver = false
  #unwritten: (readonly [key: string, record: string])[] = []

  constructor(directory: string, { log, bound = generationBound }: CacheOptions) {
    this.#folder = cacheFolder(directory)
    this.#bound = bound
    this.#log = log
    this.#store = startStore(this.#folder, bound)
  }

  async known(contents: Iterable<Sha256>, interpreters: readonly Interpreter[]): Promise<Verdicts> {
    const digests = [...contents]
    const scopes = interpreters.map(each => this.#scopeOf(each))
    if (digests.length === 0 || scopes.length === 0) return new Map()
    const reply = await this.#ask({ kind: 'read', scopes, digests })
    if (reply === null || !('values' in reply)) return new Map()
    const verdicts = digests.map((sha256, i) => {
      const found = interpreters.flatMap(({ id }, j) => {
        const record = reply.values[i * scopes.length + j] ?? null
        const verdict = record === null ? null : verdictOf(scopes[j]! + sha256, record)
        return verdict === null ? [] : [[id, verdict] as const]
      })
      return [sha256, new Map(found)] as const
    })
    return new Map(verdicts.filter(([, found]) => found.size > 0))
  }

  remember(sha256: Sha256, interpreter: Interpreter, verdict: Verdict): void {
    const key = this.#scopeOf(interpreter) + sha256
    const record = recordOf(key, verdict)
    if (record !== null) this.#unwritten.push([key, record])
    if (this.#unwritten.length >= written) void this.#write()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#write()
    await this.#store?.end()
  }

  #scopeOf(interpreter: Interpreter): string {
    const scope = this.#scopes.get(interpreter.build) ?? scopeOf(interpreter, programDigest())
    this.#scopes.set(interpreter.build, scope)
    return scope
  }

  async #write(): Promise<void> {
    const entries = this.#unwritten
    this.#unwritten = []
    if (entries.length > 0) await this.#ask({ kind: 'write', entries })
  }

  /** Null when the store cannot be used. One that is damaged is started over, once. */
  #ask(request: StoreRequest): Promise<StoreReply | null> {
    return this.#turn.use(async () => {
      while (this.#store !== null) {
        try {
          return await this.#store.ask(request)
        } catch (failure) {
          if (!(failure instanceof StoreFailure)) throw failure
          await this.#store.kill()
          this.#store = await this.#startedOver(failure)
        }
      }
      return null
    })
  }

  /** Null when that would not help. */
  async #startedOver(failure: StoreFailure): Promise<Store | null> {
    try {
      if (!failure.damaged || this.#wasStartedOver) throw failure
      this.#wasStartedOver = true
      await removeStore(this.#folder)
      return startStore(this.#folder, this.#bound)
    } catch (cause) {
      this.#log(`verdicts are not remembered, as ${this.#folder} cannot be used: ${(cause as Error).message}`)
      return null
    }
  }
}
