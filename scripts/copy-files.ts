import { cp } from 'node:fs/promises'
import { extname } from 'node:path'

/** Copies the files with these endings, and the folders that hold them. */
export async function copyFiles(from: string, to: string, endings: readonly string[]): Promise<void> {
  await cp(from, to, {
    recursive: true,
    filter: path => extname(path) === '' || endings.includes(extname(path)),
  })
}
