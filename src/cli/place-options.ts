import type { ProjectPlace } from '../project/project-place.ts'
import { directoryOption } from './option-values.ts'
import type { VerifyOptions } from './verify-options.ts'

/** Of `--source`, `--dockerfile` and `--build-config`. @throws VerifierError for what lies outside of the repository. */
export function placeOptions({
  source,
  dockerfile,
  buildConfig,
}: Pick<VerifyOptions, 'source' | 'dockerfile' | 'buildConfig'>): ProjectPlace {
  return {
    source: directoryOption(source ?? '', '--source'),
    dockerfile: dockerfile === undefined ? null : directoryOption(dockerfile, '--dockerfile'),
    ...(buildConfig === undefined ? {} : { buildConfig: directoryOption(buildConfig, '--build-config') }),
  }
}
