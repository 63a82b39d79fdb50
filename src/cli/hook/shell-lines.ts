/** What becomes of a push where the hook finds no firstbreak. */
export type IfMissing = 'stop' | 'pass'

/**
 * For one line of a POSIX shell that is run at the top of the working tree: the firstbreak of the project, or else that on PATH. The
 * names that git gives go behind it.
 */
export const judgingCommand = 'PATH="node_modules/.bin:$PATH" firstbreak hook pre-push'

/**
 * Lines for a POSIX shell, also for one that ends at the first failure: they read what git says, have firstbreak judge it, and end
 * the script where that stops the push. `firstbreak_feed` then writes what git said once more.
 */
export function judgingLines(ifMissing: IfMissing): string {
  return `firstbreak_refs=$(cat)
firstbreak_feed() {
  if [ -n "$firstbreak_refs" ]; then printf '%s\\n' "$firstbreak_refs"; fi
}
firstbreak_run() {
  if [ -x ./node_modules/.bin/firstbreak ]; then ./node_modules/.bin/firstbreak "$@"; return; fi
  firstbreak_common=$(git rev-parse --git-common-dir 2>/dev/null) || firstbreak_common=.
  firstbreak_local=\${firstbreak_common%/*}/node_modules/.bin/firstbreak
  if [ -x "$firstbreak_local" ]; then "$firstbreak_local" "$@"; return; fi
  if command -v firstbreak >/dev/null 2>&1; then firstbreak "$@"; return; fi
  if npx --no-install firstbreak --version >/dev/null 2>&1 </dev/null; then npx --no-install firstbreak "$@"; return; fi
  return 127
}
firstbreak_status=0
firstbreak_feed | firstbreak_run hook pre-push "$@" || firstbreak_status=$?
if [ "$firstbreak_status" -eq 126 ] || [ "$firstbreak_status" -eq 127 ]; then
  echo 'firstbreak: cannot be started, so nobody can tell whether what is pushed compiles: is node on PATH, and npm install done?' >&2
${missingLines[ifMissing]}
fi
if [ "$firstbreak_status" -ne 0 ]; then exit "$firstbreak_status"; fi
`
}

const missingLines = {
  stop: `  echo 'To push once as it is: git push --no-verify' >&2
  firstbreak_status=1`,
  pass: `  firstbreak_status=0`,
}
