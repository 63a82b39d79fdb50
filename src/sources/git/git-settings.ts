import { runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** What the configuration says of line ends on disk. */
export interface LineEndSettings {
  /** `core.autocrlf`. */
  readonly autocrlf: 'true' | 'false' | 'input'
  /** `core.eol`; null for that of the system. */
  readonly eol: 'lf' | 'crlf' | null
}

/** @throws VerifierError when git fails. */
export async function lineEndSettings({ directory }: Repository): Promise<LineEndSettings> {
  const output = (await runGit(directory, ['config', '-z', '--list'])).toString('latin1')
  // Of several the last counts. A key without a value has no line break behind it, and means true.
  const settings = new Map(
    output.split('\0').map(record => {
      const [key = '', ...value] = record.split('\n')
      return [key, value.length === 0 ? 'true' : value.join('\n').toLowerCase()] as const
    }),
  )
  const autocrlf = settings.get('core.autocrlf') ?? 'false'
  const eol = settings.get('core.eol')
  return {
    autocrlf: autocrlf === 'input' ? 'input' : /^(?:true|yes|on|[1-9][0-9]*)$/.test(autocrlf) ? 'true' : 'false',
    eol: eol === 'lf' || eol === 'crlf' ? eol : null,
  }
}
