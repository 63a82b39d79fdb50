import type { Path } from '../../model/path.ts'
import type { Entry, UploadSource } from '../../model/source.ts'
import type { UploadSurvey } from '../../model/upload.ts'
import type { Repository } from '../git/repository.ts'
import { type Member, memberOf, uploadMembers } from './upload-members.ts'
import type { UploadRules } from './upload-rules.ts'
import { surveyor } from './upload-survey.ts'
import { type Prediction, pickFromUpload, placeIn, type Upload, uploadOf } from './upload-walk.ts'

/**
 * What gcloud would put into the archive of `directory`, from the disk as it is: everything that the rules do not drop, empty
 * directories too; a directory below it that cannot be read counts as empty. `gcloud builds submit` does not follow symbolic
 * links and leaves sockets out; `gcloud run deploy` replaces links by the files they lead to. Paths are those of the
 * repository. Asked for by name, a file is a file, whatever other names it has.
 *
 * @throws VerifierError when the repository is bare, and from `entries()` when `directory` is no readable directory of it or
 *   the disk changes meanwhile.
 */
export function predictedUpload(
  repository: Repository,
  directory: Path,
  rules: UploadRules,
  prediction: Prediction = {},
): UploadSource {
  const upload = uploadOf(repository, directory, rules, prediction)
  let known: UploadSurvey | null = null
  async function* everything(): AsyncGenerator<Entry> {
    const { add, survey } = surveyor(upload)
    for await (const member of uploadMembers(upload)) {
      await add(member)
      if (member.stays === null) yield entryOf(upload, member)
    }
    known = survey()
  }
  return {
    stage: { name: 'upload', place: 'upload', kind: 'predicted-upload', reference: null },
    entries: only => (only === undefined ? everything() : named(upload, only)),
    async survey() {
      if (known === null) for await (const _ of everything());
      return known!
    },
  }
}

async function* named(upload: Upload, only: ReadonlySet<Path>): AsyncGenerator<Entry> {
  for await (const visit of pickFromUpload(upload, only)) {
    if (visit.stays === null) yield entryOf(upload, await memberOf(upload, visit))
  }
}

function entryOf(upload: Upload, { path, record }: Member): Entry {
  return { path: placeIn(upload, path).path, layer: 0, ...record }
}
