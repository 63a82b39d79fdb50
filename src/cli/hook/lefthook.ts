import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What lefthook is told, for this user alone, in its own file for that. */
export const lefthookText = `# Written by firstbreak hook install; firstbreak hook uninstall takes it away again.
pre-push:
  commands:
    firstbreak:
      run: npx --no-install firstbreak hook pre-push {1}
      use_stdin: true
`

/** Whether a repository has a configuration of lefthook, and its local one, which goes over that and is not shared. */
export async function lefthookFiles(
  directory: string,
): Promise<{ readonly isConfigured: boolean; readonly local: string; readonly hasLocal: boolean }> {
  const names = await readdir(directory).catch(() => [])
  const ending = String.raw`\.(?:ya?ml|toml|jsonc?)$`
  const own = names.filter(name => new RegExp(`^\\.?lefthook-local${ending}`).test(name))
  return {
    isConfigured: names.some(name => new RegExp(`^\\.?lefthook${ending}`).test(name)),
    local: join(directory, own[0] ?? 'lefthook-local.yml'),
    hasLocal: own.length > 0,
  }
}
