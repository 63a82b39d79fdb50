import { cp } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** What the package is made of. */
const parts = [
  'src',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'LICENSE',
  'README.md',
  '.npmrc',
  'docs/findings',
]

/** Copies all that the package is made of, and nothing that was made of it. */
export async function copyCheckout(folder: string): Promise<void> {
  for (const name of parts) await cp(join(root, name), join(folder, name), { recursive: true })
}
