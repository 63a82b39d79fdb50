import { VerifierError } from '../model/errors.ts'
import type { DeclaredVersion } from '../model/interpreter.ts'
import { comparePaths, joinPath, type Path, parsePath } from '../model/path.ts'
import { appEngineFile } from './app-engine.ts'
import { attempt, nearestOfEach, placed, type Reader } from './attempt.ts'
import { projectDescriptor, versionOfVariables } from './build-variables.ts'
import { buildConfigOf, buildOf, cloudBuild, dockerfileOf } from './cloud-build.ts'
import { condaEnvironment } from './conda-environment.ts'
import type { Placed, ProjectDeclarations } from './declarations.ts'
import { type DescribedBuild, dockerfilePython } from './dockerfile-python.ts'
import { miseFile } from './mise-file.ts'
import { pipfile } from './pipfile.ts'
import type { ProjectFile, ProjectFiles, ReadFile, Reading } from './project-file.ts'
import type { ProjectPlace } from './project-place.ts'
import { pythonVersionFile } from './python-version-file.ts'
import {
  classifiedVersions,
  type SupportedVersions,
  setupClassifiers,
  setupRequires,
  supportedVersions,
} from './supported-versions.ts'
import { parseToml } from './toml-file.ts'
import { toolVersions } from './tool-versions.ts'
import { virtualEnvironment } from './virtual-environment.ts'
import { type WorkflowPythons, workflowPythons } from './workflow-pythons.ts'

/** Who says which Python developers have; of one directory, the earlier decides. */
const devReaders: readonly Reader<DeclaredVersion>[] = [
  { name: '.python-version', read: pythonVersionFile },
  { name: 'mise.toml', read: miseFile },
  { name: '.mise.toml', read: miseFile },
  { name: '.tool-versions', read: toolVersions },
  { name: 'Pipfile', read: pipfile },
  { name: 'environment.yml', read: condaEnvironment },
  { name: 'environment.yaml', read: condaEnvironment },
  { name: '.venv/pyvenv.cfg', read: virtualEnvironment },
]

/** Who says which Pythons are supported; of one directory, the earlier decides. */
const rangeReaders: readonly Reader<SupportedVersions>[] = [
  { name: 'pyproject.toml', read: file => supportedVersions(parseToml(file)) },
  { name: 'setup.cfg', read: setupRequires },
  { name: 'pyproject.toml', read: file => classifiedVersions(parseToml(file)) },
  { name: 'setup.cfg', read: setupClassifiers },
]

const workflowDirectory = parsePath('.github/workflows')!

/**
 * Reads every file in which a project usually says which Python it is for. One that cannot be read is remarked on, unless
 * it was asked for.
 *
 * @throws VerifierError when the Dockerfile that was asked for cannot be read; names file and line.
 */
export async function readProject(files: ProjectFiles, place: ProjectPlace): Promise<ProjectDeclarations> {
  const dev = await nearestOfEach(files.read, place.source, devReaders)
  const deploy = await readDeploy(files.read, place)
  const supported = await nearestOfEach(files.read, place.source, rangeReaders)
  const workflows = await readWorkflows(files)
  const deployed = valuesOf(deploy)
  const declared = {
    deploy: deployed,
    // A file that speaks for buildpacks is no second opinion.
    dev: valuesOf(dev).filter(({ path }) => path !== deployed[0]?.path),
    supported: valuesOf(supported),
    ci: valuesOf(workflows).flatMap(({ versions, path }) => versions.map(version => ({ ...version, path }))),
  }
  return {
    dev: withoutPath(declared.dev[0]),
    deploy: withoutPath(declared.deploy[0]),
    supported: withoutPath(declared.supported[0]),
    declared,
    ciIsComplete: workflows.every(({ value }) => value?.complete === true),
    // pyproject.toml and setup.cfg are read twice.
    remarks: [...new Set([dev, deploy, supported, workflows].flat().flatMap(({ remarks }) => remarks))],
  }
}

/** Builds take a Dockerfile before they look for buildpacks, and what they are passed before what lies in the source. */
async function readDeploy(read: ReadFile, place: ProjectPlace): Promise<Reading<Placed<DeclaredVersion>>[]> {
  const at = (name: string) => joinPath(place.source, name)
  const build = await attempt(read, buildConfigOf(place), file => ({
    value: cloudBuild(file, place.source),
    remarks: [],
  }))
  const variables = versionOfVariables(build?.value?.variables ?? [])
  const dockerBuild = (dockerfile: Path) => (build?.value ? buildOf(build.value, dockerfile) : null)
  const dockerfile =
    place.dockerfile === null
      ? await attempt(read, dockerfileOf(place, build?.value ?? null), file =>
          dockerfilePython(file, dockerBuild(file.path)),
        )
      : await readDockerfile(read, place.dockerfile, dockerBuild(place.dockerfile))
  const byBuildpacks = dockerfile === null && (place.byBuildpacks === true || build?.value?.usesBuildpacks === true)
  const readings = [
    dockerfile,
    placed(
      { value: variables.value, remarks: [...(build?.remarks ?? []), ...variables.remarks] },
      buildConfigOf(place),
    ),
    await attempt(read, at('project.toml'), projectDescriptor),
    byBuildpacks ? await attempt(read, at('.python-version'), pythonVersionFile) : null,
    await attempt(read, at('runtime.txt'), byBuildpacks ? unreadByBuildpacks : pythonVersionFile),
    await attempt(read, at('app.yaml'), appEngineFile),
  ]
  return readings.filter(reading => reading !== null)
}

/** @see https://github.com/GoogleCloudPlatform/buildpacks/blob/main/pkg/python/python.go */
function unreadByBuildpacks({ path }: ProjectFile): Reading<DeclaredVersion> {
  const remark = `${path} says nothing to Google's buildpacks, which read .python-version beside it and take the newest Python where there is none`
  return { value: null, remarks: [remark] }
}

async function readDockerfile(
  read: ReadFile,
  path: Path,
  build: DescribedBuild | null,
): Promise<Reading<Placed<DeclaredVersion>>> {
  const bytes = await read(path)
  if (bytes === null)
    throw new VerifierError('file-unreadable', `cannot read the Dockerfile ${path}: there is no such file`)
  return placed(dockerfilePython({ path, bytes }, build), path)
}

/** GitHub looks at the top of the repository only. */
async function readWorkflows({ read, list }: ProjectFiles): Promise<Reading<Placed<WorkflowPythons>>[]> {
  const paths = (await list(workflowDirectory)).filter(path => /\.ya?ml$/.test(path)).sort(comparePaths)
  const readings = []
  for (const path of paths) readings.push(await attempt(read, path, workflowPythons))
  return readings.filter(reading => reading !== null)
}

function valuesOf<T>(readings: readonly Reading<T>[]): T[] {
  return readings.flatMap(({ value }) => value ?? [])
}

function withoutPath<T extends object>(declaration: Placed<T> | undefined): Omit<Placed<T>, 'path'> | null {
  if (declaration === undefined) return null
  const { path: _, ...rest } = declaration
  return rest
}
