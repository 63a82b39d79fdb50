import type { Evidence, Finding } from '../model/finding.ts'
import type { Submodule } from '../model/git-facts.ts'
import type { Manifest } from '../model/manifest.ts'
import { type Path, relativePath } from '../model/path.ts'
import type { Stage } from '../model/stage.ts'
import { bareFinding } from './bare-finding.ts'

/**
 * A warning for each submodule that does not go up as committed: never checked out, at another commit, or left out of an
 * archive. What single files of it became is told of these. `manifests` are those of the stages, in the order of the way.
 */
export function submoduleFindings(submodules: readonly Submodule[], manifests: readonly Manifest[]): Finding[] {
  const last = manifests.findLast(({ stage }) => stage.place === 'upload' || stage.place === 'worktree')
  if (last === undefined) return []
  return submodules.flatMap(each => {
    const evidence = evidenceOf(each, last.stage)
    if (each.state !== 'present' || isLeftOut(each, last)) return missing(each.path, evidence)
    return each.head === null || each.head === each.commit ? [] : elsewhere(each.path, evidence)
  })
}

function missing(path: Path, evidence: Evidence): Finding {
  return bareFinding({
    code: 'missing-from-upload',
    severity: 'warning',
    path,
    evidence: { change: 'removed', ...evidence },
  })
}

function elsewhere(path: Path, evidence: Evidence): Finding {
  return bareFinding({ code: 'uncommitted-change', severity: 'warning', path, evidence })
}

function evidenceOf({ state, commit, head }: Submodule, { name }: Stage): Evidence {
  return {
    before: { stage: 'commit', sha256: null },
    after: { stage: name, sha256: null },
    submodule: { state, commit, head },
  }
}

/** Whether a real archive lacks every Python file of a submodule that has some. */
function isLeftOut({ path, files }: Submodule, { stage, python }: Manifest): boolean {
  if (stage.kind !== 'archive' || ![...files.keys()].some(file => /\.pyw?$/.test(file))) return false
  return ![...python.keys()].some(file => relativePath(path, file) !== null)
}
