import { homedir, platform } from 'node:os'
import { defaultCacheDirectory } from '../interpreters/cache-directory.ts'
import type { NativeSearch } from '../interpreters/survey-natives.ts'
import type { Repository } from '../sources/repository.ts'
import type { Io } from './io.ts'

/** How this machine is searched for interpreters. */
export function nativeSearch({ environment }: Io, repository: Repository | null) {
  const cacheDirectory = defaultCacheDirectory(environment, platform(), homedir())
  return { environment, repository: repository?.directory ?? null, cacheDirectory } satisfies NativeSearch
}
