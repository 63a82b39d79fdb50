import { cp, readdir } from 'node:fs/promises'
import { relative } from 'node:path'

const skipped: readonly string[] = ['site-packages', '__pycache__', '.git']

/** Whether a file is the tree's own: not installed into it, nor compiled from it. */
export function isCopied(path: string): boolean {
  return !path.split(/[\\/]/).some(name => skipped.includes(name))
}

/** Copies a tree without what was installed into it or compiled from it; tells how many Python files there are. */
export async function copyTree(from: string, to: string): Promise<number> {
  await cp(from, to, { recursive: true, filter: path => isCopied(relative(from, path)) })
  const names = await readdir(to, { recursive: true })
  return names.filter(name => name.endsWith('.py')).length
}
