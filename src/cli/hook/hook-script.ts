import { createHash } from 'node:crypto'
import { type IfMissing, judgingLines } from './shell-lines.ts'

/** The name under which the hook that was there before goes on. */
export const beforeName = 'pre-push.before-firstbreak'

/** What a hook of ours knows of the place it was written to. */
export interface HookFacts {
  /** The digest of what was there before, which it runs as well; null where nothing was. */
  readonly before: string | null
  /** Whether the folder was made for it. */
  readonly madeFolder: boolean
  readonly ifMissing: IfMissing
}

/** A hook that judges, then runs what was there before; it carries its own digest, so that a change of it is noticed. */
export function hookScript({ before, madeFolder, ifMissing }: HookFacts): string {
  const chain = `firstbreak_before=$(dirname -- "$0")/${beforeName}
if [ -x "$firstbreak_before" ]; then firstbreak_feed | "$firstbreak_before" "$@"; fi
`
  const body = `# before: ${before ?? 'none'}, folder: ${madeFolder ? 'made' : 'found'}, if missing: ${ifMissing}
# Written by firstbreak hook install; firstbreak hook uninstall takes it away and puts back what was here.
${judgingLines(ifMissing)}${before === null ? '' : chain}`
  return `#!/bin/sh\n# firstbreak hook ${digest(body)}\n${body}`
}

/** Null for what is no hook of ours; `changed` for one that is not as it was written. */
export function parseHookScript(text: string): HookFacts | 'changed' | null {
  const [, sum, body] = /^#!\/bin\/sh\n# firstbreak hook ([0-9a-f]{64})\n(.*)$/s.exec(text) ?? []
  if (sum === undefined || body === undefined) return text.includes('\n# firstbreak hook ') ? 'changed' : null
  const facts = /^# before: (none|[0-9a-f]{64}), folder: (made|found), if missing: (stop|pass)\n/.exec(body)
  if (facts === null || digest(body) !== sum) return 'changed'
  return {
    before: facts[1] === 'none' ? null : facts[1]!,
    madeFolder: facts[2] === 'made',
    ifMissing: facts[3] as IfMissing,
  }
}

/** SHA-256, in hex. */
export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
