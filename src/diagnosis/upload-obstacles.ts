import type { Finding } from '../model/finding.ts'
import { joinPath, type Path } from '../model/path.ts'
import type { UploadObstacle } from '../model/upload.ts'
import { bareFinding } from './bare-finding.ts'

/** What keeps gcloud from uploading at all: as long as it is there, nobody can tell what the image would hold. */
export function obstacleFindings(obstacles: readonly UploadObstacle[], sourceDirectory: Path): Finding[] {
  return obstacles.map(({ path, reason }) =>
    bareFinding({
      code: 'undecided',
      severity: 'error',
      path: joinPath(sourceDirectory, path),
      evidence: { reason, after: { stage: 'upload', sha256: null } },
    }),
  )
}
