#!/usr/bin/env node
/** Starts the program out of what Node has compiled of it before, where Node keeps that (22.8 and later). */
import { mkdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { cacheDirectory, compiledFolder } from './cache-directory.ts'

const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: (directory: string) => unknown }
const directory = cacheDirectory(undefined, { cwd: process.cwd(), environment: process.env })
// Not where nothing is to be remembered, nor where what is remembered is to be cleared: Node writes when the process ends.
const isKept = !process.argv.includes('--no-cache') && process.argv[2] !== 'cache'

if (enableCompileCache !== undefined && isKept && directory !== null) {
  try {
    // As the other folders of the cache; Node would have others look into it.
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    enableCompileCache(compiledFolder(directory))
  } catch {
    // Where nothing can be kept, starting takes a little longer.
  }
}

await import('./program.ts')
