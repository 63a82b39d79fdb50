import { expect, test } from 'vitest'
import { parsePath } from '../../src/model/path.ts'
import { projectDescriptor, versionOfVariables } from '../../src/project/build-variables.ts'
import { buildOf, cloudBuild } from '../../src/project/cloud-build.ts'
import { fileOf } from './files.ts'

const step = (name: string, ...args: readonly string[]) => `- name: ${name}\n  args: ${JSON.stringify(args)}\n`
const steps = (...all: readonly string[]) => `steps:\n${all.join('')}`
const docker = (...args: readonly string[]) => step('gcr.io/cloud-builders/docker', 'build', ...args)
const gcloud = (...args: readonly string[]) =>
  step('gcr.io/google.com/cloudsdktool/cloud-sdk', 'run', 'deploy', ...args)

test.each([
  ['env of a step', steps('- name: pack\n  env:\n  - A=1\n  - GOOGLE_RUNTIME_VERSION=3.11\n'), '3.11', 5],
  ['env of all steps', 'options:\n  env: [GOOGLE_PYTHON_VERSION=3.11.4]\n', '3.11.4', 2],
  ['run deploy', steps(gcloud('--set-build-env-vars=A=1,GOOGLE_PYTHON_VERSION=3.12')), '3.12', 3],
  ['run deploy, in two arguments', steps(gcloud('--update-build-env-vars', 'GOOGLE_PYTHON_VERSION=3.12')), '3.12', 3],
  ['builds submit', steps(gcloud('--pack', 'image=x,env=GOOGLE_RUNTIME_VERSION=3.10')), '3.10', 3],
  ['pack', steps(step('gcr.io/k8s-skaffold/pack', 'build', '--env', 'GOOGLE_PYTHON_VERSION=3.13.x')), '3.13', 3],
  [
    'the variable for Python before the other',
    steps(gcloud('--set-build-env-vars=GOOGLE_RUNTIME_VERSION=3.9,GOOGLE_PYTHON_VERSION=3.12')),
    '3.12',
    3,
  ],
  [
    'a substitution',
    `${steps(gcloud('--pack', 'env=GOOGLE_PYTHON_VERSION=${_V}'))}substitutions: {_V: "3.12"}\n`,
    '3.12',
    3,
  ],
])('reads the version of %s', (_name, content, version, line) => {
  expect(versionOfVariables(cloudBuild(fileOf('cloudbuild.yaml', content)).variables)).toEqual({
    value: { version, from: `cloudbuild.yaml:${line}` },
    remarks: [],
  })
})

test.each([
  ['no steps', 'images: []\n', []],
  ['a script', steps(step('bash', '-c', 'gcloud run deploy --set-build-env-vars=GOOGLE_PYTHON_VERSION=3.12')), []],
  ['a container that is run', steps(step('docker', 'run', '-e', 'GOOGLE_PYTHON_VERSION=3.12', 'x')), []],
  [
    'a substitution that stands for itself',
    `${steps(gcloud('--set-build-env-vars=GOOGLE_PYTHON_VERSION=$_V'))}substitutions: {_V: $_V}\n`,
    ['cloudbuild.yaml:3: "$_V" names no minor version of CPython and is not used'],
  ],
  [
    'a substitution without a value',
    steps(gcloud('--set-build-env-vars=GOOGLE_PYTHON_VERSION=$_V')),
    ['cloudbuild.yaml:3: "$_V" names no minor version of CPython and is not used'],
  ],
])('finds no version in %s', (_name, content, remarks) => {
  const { variables } = cloudBuild(fileOf('cloudbuild.yaml', content))
  expect(versionOfVariables(variables)).toEqual({ value: null, remarks })
})

test.each([
  ['the only build', steps(docker('--build-arg', 'V=3.11', '.')), { V: '3.11' }, null],
  ['arguments in one word', steps(docker('--build-arg=V=3.11', '--target=release', '.')), { V: '3.11' }, 'release'],
  ['the build that names it', steps(docker('--build-arg=V=1', '-f', 'b'), docker('-f', './Dockerfile')), {}, null],
  ['buildx', steps(step('docker', 'buildx', 'build', '--target', 'a', '.')), {}, 'a'],
  ['kaniko', steps(step('gcr.io/kaniko-project/executor:latest', '--build-arg=V=3.11')), { V: '3.11' }, null],
  ['what only the build knows', steps(docker('--build-arg=V=$_V', '.')), { V: null }, null],
])('takes from %s how the Dockerfile is built', (_name, content, values, target) => {
  const build = buildOf(cloudBuild(fileOf('cloudbuild.yaml', content)), parsePath('Dockerfile')!)
  expect({ ...build, arguments: Object.fromEntries(build!.arguments) }).toMatchObject({ arguments: values, target })
})

test.each([
  ['no build', steps(step('docker', 'push', 'x'))],
  ['two builds of which none is named', steps(docker('a'), docker('b'))],
  ['a build of another file', steps(docker('-f', 'other.Dockerfile', '.'))],
  ['a build of one that lies elsewhere', `${steps(docker('-f', 'Dockerfile', '.'))}  dir: web\n`],
])('takes nothing from %s', (_name, content) => {
  expect(buildOf(cloudBuild(fileOf('cloudbuild.yaml', content)), parsePath('Dockerfile')!)).toBeNull()
})

test.each([
  [
    'the schema of today',
    '[[io.buildpacks.build.env]]\nname = "GOOGLE_PYTHON_VERSION"\nvalue = "3.12.x"\n',
    '3.12',
    ':2',
  ],
  [
    'the old one',
    '[[build.env]]\nname = "A"\nvalue = "1"\n[[build.env]]\nname = "GOOGLE_RUNTIME_VERSION"\nvalue = "3.9"\n',
    '3.9',
    ':5',
  ],
  ['inline tables', '[build]\nenv = [{ name = "GOOGLE_PYTHON_VERSION", value = "3.12" }]\n', '3.12', ':2'],
  [
    'a name that is written twice, without a line',
    '[[build.env]]\nname = "GOOGLE_PYTHON_VERSION"\nvalue = "3.12"\n[x]\ny = "GOOGLE_PYTHON_VERSION"\n',
    '3.12',
    '',
  ],
])('reads project.toml of %s', (_name, content, version, line) => {
  expect(projectDescriptor(fileOf('project.toml', content))).toEqual({
    value: { version, from: `project.toml${line}` },
    remarks: [],
  })
})

test.each([
  ['no variables', '[build]\nenv = 1\n'],
  ['others', '[[build.env]]\nname = "PYTHON_VERSION"\nvalue = "3.12"\n'],
])('finds no version in project.toml with %s', (_name, content) => {
  expect(projectDescriptor(fileOf('project.toml', content))).toEqual({ value: null, remarks: [] })
})
