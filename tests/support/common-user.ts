import { chown, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Nobody, by the custom of Linux and macOS alike. */
const nobody = 65534

/** Does `work`, which happens in `folder`, as a user who may not read everything, also where the tests run as root. */
export async function asCommonUser(folder: string, work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work()
  const owned = [folder, ...(await readdir(folder, { recursive: true })).map(name => join(folder, name))]
  await Promise.all(owned.map(path => chown(path, nobody, nobody)))
  const home = process.env.HOME
  process.env.HOME = folder
  process.seteuid!(nobody)
  try {
    await work()
  } finally {
    process.seteuid!(0)
    process.env.HOME = home
  }
}
