import { relativePath, textOfName } from '../../model/path.ts'
import type { UploadItem, UploadListing } from '../../model/upload.ts'
import { type Member, uploadMembers } from './upload-members.ts'
import type { UploadRules } from './upload-rules.ts'
import { surveyor } from './upload-survey.ts'
import type { Upload } from './upload-walk.ts'

/** What goes up, with what stands for it in the archive, and the same for a person. */
export interface ListedUpload {
  readonly members: readonly Member[]
  readonly listing: UploadListing
}

/** Goes through an upload directory once. @throws VerifierError as `walkUpload` does. */
export async function listUpload(upload: Upload, { from }: UploadRules): Promise<ListedUpload> {
  const members: Member[] = []
  const stays: UploadListing['stays'][number][] = []
  const { add, survey } = surveyor(upload)
  for await (const member of uploadMembers(upload)) {
    const { path, stats, stays: why } = member
    await add(member)
    if (why === null) members.push(member)
    else stays.push({ path, isDirectory: stats.isDirectory(), why })
  }
  const goesUp = members.map(member => itemOf(upload, member))
  return { members, listing: { goesUp, stays, survey: survey(), rulesFrom: from } }
}

function itemOf(upload: Upload, { path, record }: Member): UploadItem {
  const item = { path, size: 0, target: null }
  switch (record.kind) {
    case 'file':
      return { ...item, kind: 'file', size: record.size }
    case 'symlink':
      return { ...item, kind: 'symlink', target: textOfName(record.target) }
    case 'hardlink':
      return { ...item, kind: 'hardlink', target: relativePath(upload.directory, record.target) }
    case 'directory':
      return { ...item, kind: 'directory' }
    default:
      return { ...item, kind: 'special' }
  }
}
