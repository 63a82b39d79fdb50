import type { DeclaredVersion } from '../model/interpreter.ts'
import { type BuildOptions, baseImage, plainBuild } from './base-image.ts'
import { installedPython, releaseOf } from './distribution-python.ts'
import { nameAndTag, pythonOfReference } from './image-reference.ts'
import { type ProjectFile, quotedText, type Reading } from './project-file.ts'

/** A build that a file of the project describes. */
export interface DescribedBuild extends BuildOptions {
  /** Where, for a person. */
  readonly from: string
}

/**
 * The Python of the image that a Dockerfile's last stage, or the target of `build`, is based on; on a release of
 * Debian, Ubuntu or Alpine, the one that the Dockerfile installs there.
 *
 * @throws VerifierError when the Dockerfile cannot be built, naming file and line.
 */
export function dockerfilePython(file: ProjectFile, build: DescribedBuild | null = null): Reading<DeclaredVersion> {
  const image = baseImage(file, build ?? plainBuild)
  if (image === null) {
    return { value: null, remarks: [`${build?.from}: ${file.path} has no stage ${quotedText(build?.target ?? '')}`] }
  }
  const { reference, written, line, instructions } = image
  const isAltered = build !== null && (build.target !== null || build.arguments.size > 0)
  const place = (at: number) => `${file.path}:${at}${isAltered ? ` with ${build.from}` : ''}`
  const from = place(line)
  if (reference === null) {
    return { value: null, remarks: [`${from}: what ${quotedText(written)} stands for is decided by the build`] }
  }
  const version = pythonOfReference(reference)
  if (version !== null) return { value: { version, from }, remarks: [] }
  const { name, tag } = nameAndTag(reference)
  const release = releaseOf(name, tag)
  if (release === null)
    return { value: null, remarks: [`${from}: ${quotedText(reference)} names no minor version of CPython`] }
  const installed = installedPython(release, instructions)
  if (installed !== null)
    return { value: { version: installed.version, from: place(installed.line ?? line) }, remarks: [] }
  const reason = `the package python3 of ${quotedText(reference)} is Python ${release.python}, but the Dockerfile may run another`
  return { value: null, remarks: [`${from}: ${reason}`] }
}
