import { readdir, readFile } from 'node:fs/promises'

/** They are shipped beside dist, where they lie beside src. */
const folder = new URL('../../../docs/findings/', import.meta.url)

/** The page of each finding, by its code, sorted. */
export async function findingPages(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.md') && name !== 'README.md').sort()
  const pages = names.map(async name => [name.slice(0, -3), await readFile(new URL(name, folder), 'utf8')] as const)
  return new Map(await Promise.all(pages))
}
