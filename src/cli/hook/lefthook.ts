import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { judgingCommand } from './shell-lines.ts'

/** What lefthook is told, for this user alone, in its own file for that. */
export const lefthookText = `# Written by firstbreak hook install; firstbreak hook uninstall takes it away again.
pre-push:
  commands:
    firstbreak:
      run: ${judgingCommand} {1}
      use_stdin: true
`

/** The configurations of lefthook that a repository shares, and its local one, which goes over those and is not shared. */
export async function lefthookFiles(
  directory: string,
): Promise<{ readonly shared: readonly string[]; readonly local: string; readonly hasLocal: boolean }> {
  const names = await readdir(directory).catch(() => [])
  const ending = String.raw`\.(?:ya?ml|toml|jsonc?)$`
  const called = (pattern: string) => names.filter(name => new RegExp(`^\\.?${pattern}${ending}`).test(name))
  const own = called('lefthook-local')
  return {
    shared: called('lefthook').map(name => join(directory, name)),
    local: join(directory, own[0] ?? 'lefthook-local.yml'),
    hasLocal: own.length > 0,
  }
}
