import type { ObjectFormat } from '../../model/digest.ts'
import { rootPath } from '../../model/path.ts'
import type { Source } from '../../model/source.ts'
import { predictedUpload } from './predicted-upload.ts'
import type { UploadRules } from './upload-rules.ts'

const everything: UploadRules = { rules: [], from: null, isMissing: false, explain: () => null }

/**
 * A folder of this machine and all that is below it, as a build is given it: without a repository, and no rule keeps anything out.
 * Symbolic links are not followed.
 *
 * @throws VerifierError from `entries()` when it is no folder, or a file of it cannot be read.
 */
export function folder(directory: string, objectFormat: ObjectFormat): Source {
  const { entries } = predictedUpload({ directory, objectFormat, bare: false }, rootPath, everything)
  return { stage: { name: 'folder', place: 'worktree', kind: 'worktree', reference: null }, entries }
}
