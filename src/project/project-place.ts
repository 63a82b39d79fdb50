import type { Path } from '../model/path.ts'

/** Which files of a repository speak for what is uploaded. */
export interface ProjectPlace {
  /** The directory that is uploaded. What speaks for developers and of support is looked for in it and above it. */
  readonly source: Path
  /** The Dockerfile that was asked for; null to look whether the source has one. */
  readonly dockerfile: Path | null
  /** The description of a build on Cloud Build; `cloudbuild.yaml` in the source when nobody says. */
  readonly buildConfig?: Path
  /** Whether a source without a Dockerfile is given to Google's buildpacks, as by `gcloud run deploy`. */
  readonly byBuildpacks?: boolean
}
