import { VerifierError } from './model/errors.ts'
import type { PythonFile } from './model/manifest.ts'
import { relativePath } from './model/path.ts'
import type { Report } from './model/report.ts'
import type { Seal, SealedFile } from './model/seal.ts'
import type { Plan } from './plan.ts'
import { type Found, investigate, reportOf } from './verify.ts'
import { version } from './version.ts'

/** Verifies as `verify` does, and says of each file that is sent what it is and who takes it. @throws VerifierError as `verify` does. */
export async function seal(plan: Plan): Promise<{ readonly report: Report; readonly seal: Seal }> {
  const found = await investigate(plan)
  return { report: reportOf(plan, found), seal: sealOf(plan, found) }
}

/** What is sent is the upload, where one was looked at; else the commit. */
function sealOf({ sources, objectFormat, sourceDirectory, isExcluded }: Plan, { stages, cast, verdicts }: Found): Seal {
  const { manifests } = stages
  const sent = manifests.find(({ stage }) => stage.place === 'upload') ?? manifests[0]!
  const interpreters = cast.interpreters
  const verdictsOf = (file: PythonFile): SealedFile['verdicts'] =>
    file.kind === 'symlink'
      ? {}
      : Object.fromEntries(interpreters.map(each => [each.id, verdicts.verdictOf(file, each).kind]))
  const files = [...sent.python.values()].flatMap(file => {
    const path = relativePath(sourceDirectory, file.path)
    if (path === null || isExcluded(file.path)) return []
    const { kind, size, sha256, blobId } = file
    return [{ path, kind, size, sha256, blobId, verdicts: verdictsOf(file) }]
  })
  if (files.length === 0)
    throw new VerifierError('nothing-to-check', `nothing to seal: ${sent.stage.name} has no Python file`)
  return {
    version,
    commit: sources[0]!.stage.reference!,
    objectFormat,
    sourceDirectory,
    stage: sent.stage.name,
    interpreters: interpreters.map(({ id, version, provider, roles }) => ({ id, version, provider, roles })),
    files,
  }
}
