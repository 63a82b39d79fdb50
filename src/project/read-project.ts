import { VerifierError } from '../model/errors.ts'
import type { DeclaredVersion } from '../model/interpreter.ts'
import { joinPath, type Path } from '../model/path.ts'
import { dockerfilePython } from './dockerfile-python.ts'
import { nearestFile, type ReadFile, type Reading } from './project-file.ts'
import { parsePyproject } from './pyproject.ts'
import { pythonVersionFile } from './python-version-file.ts'
import { type SupportedVersions, supportedVersions } from './supported-versions.ts'

/** What a project says about the Pythons it is written for. */
export interface ProjectDeclarations {
  /** Of the nearest `.python-version`. */
  readonly dev: DeclaredVersion | null
  /** Of the Dockerfile. */
  readonly deploy: DeclaredVersion | null
  /** Of the nearest pyproject.toml. */
  readonly supported: SupportedVersions | null
  /** What was seen and not used, and why; each names its file. */
  readonly remarks: readonly string[]
}

export interface ProjectPlace {
  /** The directory that is uploaded; `.python-version` and pyproject.toml are looked for in it and above it. */
  readonly source: Path
  /** The Dockerfile that was asked for; null to look whether the source has one. */
  readonly dockerfile: Path | null
}

const nothing = { value: null, remarks: [] }

/** @throws VerifierError when pyproject.toml, or a Dockerfile that was asked for, cannot be read; names file and line. */
export async function readProject(read: ReadFile, { source, dockerfile }: ProjectPlace): Promise<ProjectDeclarations> {
  const versionFile = await nearestFile(read, source, '.python-version')
  const pyproject = await nearestFile(read, source, 'pyproject.toml')
  const dev = versionFile === null ? nothing : pythonVersionFile(versionFile)
  const supported = pyproject === null ? nothing : supportedVersions(parsePyproject(pyproject))
  const deploy = dockerfile === null ? await findDockerfile(read, source) : await readDockerfile(read, dockerfile)
  return {
    dev: dev.value,
    deploy: deploy.value,
    supported: supported.value,
    remarks: [...dev.remarks, ...deploy.remarks, ...supported.remarks],
  }
}

async function readDockerfile(read: ReadFile, path: Path): Promise<Reading<DeclaredVersion>> {
  const bytes = await read(path)
  if (bytes === null)
    throw new VerifierError('file-unreadable', `cannot read the Dockerfile ${path}: there is no such file`)
  return dockerfilePython({ path, bytes })
}

/** Nobody asked for this one, so that it cannot be read is said and stops nothing. */
async function findDockerfile(read: ReadFile, source: Path): Promise<Reading<DeclaredVersion>> {
  const path = joinPath(source, 'Dockerfile')
  const bytes = await read(path)
  if (bytes === null) return nothing
  try {
    return dockerfilePython({ path, bytes })
  } catch (error) {
    if (error instanceof VerifierError) return { value: null, remarks: [error.message] }
    throw error
  }
}
