import type { NativeSearch } from '../interpreters/survey-natives.ts'
import type { Repository } from '../sources/git/repository.ts'
import type { Io } from './io.ts'

/** How this machine is searched for interpreters; `cacheDirectory` as `cacheDirectory` of this room tells it. */
export function nativeSearch({ environment }: Io, repository: Repository | null, cacheDirectory: string | null) {
  return { environment, repository: repository?.directory ?? null, cacheDirectory } satisfies NativeSearch
}
