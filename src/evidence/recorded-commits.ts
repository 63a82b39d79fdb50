import type { Claim } from '../model/deployment.ts'

/** Whoever triggers a build by hand may write anything as a commit: what is no id names none. */
export function recordedCommits(claims: readonly (readonly [string, string | null | undefined])[]): Claim[] {
  return claims.flatMap(([from, value]) => {
    const id = value?.toLowerCase() ?? ''
    const isId = from.endsWith('SHORT_SHA') ? /^[0-9a-f]{7,64}$/ : /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
    return isId.test(id) ? { from, id } : []
  })
}

/** Those of the substitutions that name the commit, each with its value; `at` is where they stand. */
export function commitSubstitutions(substitutions: Readonly<Record<string, string>>, at: string): [string, string][] {
  return Object.entries(substitutions)
    .filter(([name]) => isCommitName.test(name))
    .map(([name, value]) => [`${at}.${name}`, value])
}

/** Those of Cloud Build, and users' own that can mean nothing but the commit that is built: not `_BASE_SHA`. */
const isCommitName =
  /^(?:COMMIT_SHA|REVISION_ID|SHORT_SHA|_(?:GIT_|HEAD_|SOURCE_|SHORT_)*(?:COMMIT|REVISION|REV|SHA1?)(?:_(?:SHA1?|ID|HASH))*)$/
