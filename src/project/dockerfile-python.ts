import type { DeclaredVersion } from '../model/interpreter.ts'
import { baseImage } from './base-image.ts'
import { pythonOfReference } from './image-reference.ts'
import { type ProjectFile, quoted, type Reading } from './project-file.ts'

/**
 * The Python that a Dockerfile's last stage is based on.
 *
 * @throws VerifierError when the Dockerfile cannot be built, naming file and line.
 */
export function dockerfilePython(file: ProjectFile): Reading<DeclaredVersion> {
  const { reference, written, line } = baseImage(file)
  const from = `${file.path}:${line}`
  if (reference === null) {
    return { value: null, remarks: [`${from}: what ${quoted(written)} stands for is decided by the build`] }
  }
  const version = pythonOfReference(reference)
  if (version === null)
    return { value: null, remarks: [`${from}: ${quoted(reference)} names no minor version of CPython`] }
  return { value: { version, from }, remarks: [] }
}
