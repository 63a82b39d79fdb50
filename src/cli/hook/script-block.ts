import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { digest } from './hook-script.ts'
import { type IfMissing, judgingLines } from './shell-lines.ts'

const end = '# <<< firstbreak\n'

/** Lines that go to the front of a shell script and leave it the stdin that they have read. */
export function scriptBlock(ifMissing: IfMissing, what: 'this' | 'this file' = 'this'): string {
  const body = `${judgingLines(ifMissing)}if [ -n "$firstbreak_refs" ]; then
  exec <<firstbreak_end
$firstbreak_refs
firstbreak_end
fi
`
  return `# >>> firstbreak ${digest(body)}: firstbreak hook uninstall takes ${what} away\n${body}${end}`
}

/**
 * A script of husky, or one that is kept like those, with the block in front of what it does: behind its `#!` line, and behind
 * what husky before version 9 begins with, which starts the script anew. Null makes a script of the block alone.
 *
 * @throws VerifierError for a script whose first line has no end.
 */
export function withBlock(script: string | null, file: string, ifMissing: IfMissing): string {
  if (script === null) return scriptBlock(ifMissing, 'this file')
  const block = scriptBlock(ifMissing)
  const lines = script.split(/(?<=\n)/)
  const sourcing = lines.findLastIndex(line => /^\s*(?:\.|source)\s.*husky\.sh/.test(line))
  const front = Math.max(sourcing, lines[0]?.startsWith('#!') === true ? 0 : -1) + 1
  if (front > 0 && !lines[front - 1]!.endsWith('\n')) {
    throw new VerifierError('bad-usage', `${quoted(file)} does not end in a line break: add one, and install again`)
  }
  return [...lines.slice(0, front), block, ...lines.slice(front)].join('')
}

/** What was there before the block: null where there was no script. */
export type WithoutBlock = { readonly before: string | null } | 'changed'

/** The script without the block; null where it has none, `changed` where that is not as it was written. */
export function withoutBlock(script: string): WithoutBlock | null {
  const start = script.search(/^# >>> firstbreak /m)
  if (start === -1) return null
  const stop = script.indexOf(end, start)
  const block = stop === -1 ? '' : script.slice(start, stop + end.length)
  const [, sum, body] = /^# >>> firstbreak ([0-9a-f]{64}): [^\n]*\n(.*)$/s.exec(block.slice(0, -end.length)) ?? []
  if (sum === undefined || digest(body!) !== sum) return 'changed'
  const before = script.slice(0, start) + script.slice(stop + end.length)
  return { before: before === '' && block.includes(' takes this file away\n') ? null : before }
}
