import { posix } from 'node:path'
import { type Path, parsePath } from '../model/path.ts'
import type { Launch } from './reached-python.ts'

/** The most words that are looked at: an image may name as many as it likes. */
const mostWords = 200

/**
 * The files of an image that the words of its entrypoint and command may name, those of commands for a shell as well, as far as no
 * other file has to be read for that.
 */
export function namedFiles({ entrypoint, command, workingDirectory }: Omit<Launch, 'environment'>): ReadonlySet<Path> {
  const words = [...entrypoint, ...command].flatMap(word => word.split(/[\s;&|"']+/)).slice(0, mostWords)
  const paths = words.filter(word => word.includes('/') || /\.\w+$/.test(word))
  return new Set(paths.flatMap(path => parsePath(posix.resolve('/', workingDirectory, path)) ?? []))
}
