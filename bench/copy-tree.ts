import { cp, readdir } from 'node:fs/promises'
import { basename } from 'node:path'

/** Copies a tree without what was installed into it or compiled from it; tells how many Python files there are. */
export async function copyTree(from: string, to: string): Promise<number> {
  const skipped = ['site-packages', '__pycache__', '.git']
  await cp(from, to, { recursive: true, filter: path => !skipped.includes(basename(path)) })
  const names = await readdir(to, { recursive: true })
  return names.filter(name => name.endsWith('.py')).length
}
