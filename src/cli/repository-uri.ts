import type { Environment } from '../model/environment.ts'

/** Where the repository is hosted, in the words of the CI that runs this: GitHub's or GitLab's; null elsewhere. Never with credentials. */
export function repositoryUri({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, CI_PROJECT_URL }: Environment): string | null {
  const named = GITHUB_SERVER_URL && GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : CI_PROJECT_URL
  if (named === undefined || !URL.canParse(named)) return null
  const url = new URL(named)
  if (!/^https?:$/.test(url.protocol)) return null
  return `${url.origin}${url.pathname}`
}
