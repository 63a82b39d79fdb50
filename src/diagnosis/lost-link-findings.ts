import type { Evidence, Finding } from '../model/finding.ts'
import type { Manifest } from '../model/manifest.ts'
import { type Path, pathBehindLink, relativePath } from '../model/path.ts'
import { bareFinding } from './bare-finding.ts'

/**
 * A warning for each symbolic link to a directory with Python files that the upload has neither as a link nor as that directory:
 * a .zip of gcloud has an empty directory there. `manifests` are those of the stages, in the order of the way.
 */
export function lostLinkFindings(
  manifests: readonly Manifest[],
  ignoreRule: (path: Path) => NonNullable<Evidence['rule']> | null,
): Finding[] {
  const upload = manifests.find(({ stage }) => stage.place === 'upload')
  const sent = manifests.findLast(({ stage }) => stage.place === 'worktree' || stage.place === 'commit')
  if (upload === undefined || sent === undefined) return []
  return [...sent.links].flatMap(([path, text]) => {
    const target = pathBehindLink(path, text)
    const files = target === null ? 0 : filesBelow(target, sent)
    if (target === null || files === 0 || upload.links.has(path) || filesBelow(path, upload) > 0) return []
    const rule = ignoreRule(path)
    const evidence: Evidence = {
      change: 'removed',
      before: { stage: sent.stage.name, sha256: null },
      after: { stage: upload.stage.name, sha256: null },
      link: { target, files },
      ...(rule === null ? {} : { rule }),
    }
    return bareFinding({ code: 'missing-from-upload', severity: 'warning', path, evidence })
  })
}

function filesBelow(directory: Path, { python }: Manifest): number {
  let count = 0
  for (const path of python.keys()) if (path !== directory && relativePath(directory, path) !== null) count += 1
  return count
}
