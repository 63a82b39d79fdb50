import type { ProjectPlace } from '../project/project-place.ts'
import { directoryOption } from './option-values.ts'
import type { VerifyOptions } from './verify-options.ts'

/** Of `--source`, `--dockerfile`, `--build-config` and `--upload-as`. @throws VerifierError for what lies outside of the repository. */
export function placeOptions({
  source,
  dockerfile,
  buildConfig,
  uploadAs,
}: Partial<Pick<VerifyOptions, 'source' | 'dockerfile' | 'buildConfig' | 'uploadAs'>>): ProjectPlace {
  return {
    source: directoryOption(source ?? '', '--source'),
    dockerfile: dockerfile === undefined ? null : directoryOption(dockerfile, '--dockerfile'),
    ...(buildConfig === undefined ? {} : { buildConfig: directoryOption(buildConfig, '--build-config') }),
    byBuildpacks: uploadAs === 'run-deploy',
  }
}
