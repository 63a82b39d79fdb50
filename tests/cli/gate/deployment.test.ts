import { describe, expect, test } from 'vitest'
import { type Deployment, deploymentOf } from '../../../src/cli/gate/deployment.ts'

const words = (line: string) => line.split(' ')
const nothing = {
  ignoreFile: null,
  images: [],
  beside: [],
  config: null,
  dockerfile: null,
  python: null,
  variables: null,
}
const build = { ...nothing, command: 'gcloud builds submit', uploadAs: 'builds-submit', source: '.' }
const run = { ...nothing, command: 'gcloud run deploy', uploadAs: 'run-deploy', source: '.' }

describe('what a command of gcloud sends', () => {
  const python = (version: string, option: string, command = 'run deploy') => ({
    python: { version, from: `gcloud ${command} --${option}` },
  })
  test.each<[string, object]>([
    ['builds submit', { ...build, config: 'cloudbuild.yaml' }],
    ['builds submit --tag eu.gcr.io/p/api:1', build],
    ['builds submit -t x --async api', { ...build, source: 'api' }],
    ['builds submit --pack image=x api', { ...build, source: 'api' }],
    [
      'builds submit --pack env=GOOGLE_PYTHON_VERSION=3.11,image=x',
      { ...build, python: { version: '3.11', from: 'gcloud builds submit --pack' } },
    ],
    ['--project p builds submit --config=ci/b.yaml ./api', { ...build, source: './api', config: 'ci/b.yaml' }],
    ['beta builds submit --region r api --substitutions _A=1', { ...build, source: 'api', config: 'cloudbuild.yaml' }],
    [
      'builds submit api --ignore-file .rules',
      { ...build, source: 'api', config: 'cloudbuild.yaml', ignoreFile: '.rules' },
    ],
    ['builds submit --no-user-output-enabled gs://b/o.tgz --tag x', { ...build, source: 'gs://b/o.tgz' }],
    ['builds submit api --new-flag', { ...build, source: 'api', config: 'cloudbuild.yaml' }],
    ['run deploy api --source .', run],
    ['run deploy --source=. --unheard-of x', run],
    ['alpha run deploy api --source . --image eu.gcr.io/p/api', run],
    ['run deploy api --image a/b@sha256:1', { ...run, source: null, images: ['a/b@sha256:1'] }],
    [
      'run deploy api --container one --image a --container two --image b',
      { ...run, source: null, images: ['a', 'b'] },
    ],
    [
      'run deploy api --region r --container one --source . --image eu.gcr.io/p/api --container two --image=b',
      { ...run, beside: ['b'] },
    ],
    ['run deploy api --source . --base-image python312', { ...run, ...python('3.12', 'base-image') }],
    [
      'run deploy api --source . --set-build-env-vars A=b,GOOGLE_PYTHON_VERSION=3.11.7',
      { ...run, ...python('3.11.7', 'set-build-env-vars') },
    ],
    [
      'run deploy api --source . --set-build-env-vars ^@^A=b,c@GOOGLE_PYTHON_VERSION=3.11@B=c',
      { ...run, ...python('3.11', 'set-build-env-vars') },
    ],
    ['run deploy api --source . --build-env-vars-file f.yaml', { ...run, variables: 'f.yaml' }],
    ['-q run deploy --source=. api', run],
    ['--quiet --project p beta run deploy --allow-unauthenticated --source . api', run],
    ['run deploy --region r --no-traffic api --tag blue --source .', run],
    ['run deploy --source=. --update-env-vars ^@^A=1@B=--source=x -- api', run],
    ['builds submit -q --polling-interval 3 -t x -- api', { ...build, source: 'api' }],
    ['alpha builds submit --config=b.yaml --substitutions=_A=1,_B=2 .', { ...build, source: '.', config: 'b.yaml' }],
    ['run jobs deploy job --source job', { ...run, command: 'gcloud run jobs deploy', source: 'job' }],
    ['run worker-pools deploy w --source w', { ...run, command: 'gcloud run worker-pools deploy', source: 'w' }],
    [
      'functions deploy f --runtime python310 --trigger-http --source fn',
      {
        ...nothing,
        command: 'gcloud functions deploy',
        uploadAs: 'functions-deploy',
        source: 'fn',
        ...python('3.10', 'runtime', 'functions deploy'),
      },
    ],
    ['app deploy', { ...nothing, command: 'gcloud app deploy', uploadAs: 'app-deploy', source: '.' }],
    [
      'app deploy web/app.yaml web/cron.yaml --quiet --no-promote',
      { ...nothing, command: 'gcloud app deploy', uploadAs: 'app-deploy', source: 'web' },
    ],
    [
      'app deploy --image-url a/b',
      { ...nothing, command: 'gcloud app deploy', uploadAs: 'app-deploy', source: null, images: ['a/b'] },
    ],
  ])('gcloud %s', (line, expected) => {
    expect(deploymentOf(['/opt/sdk/bin/gcloud', ...words(line)])).toEqual(expected as Deployment)
  })
})

test('on Windows as well', () => {
  expect(deploymentOf(['C:\\sdk\\gcloud.cmd', 'run', 'deploy', '--source', 'api'])).toMatchObject({ source: 'api' })
})

test.each(['make deploy', 'gcloud compute ssh x', 'gcloud', 'gcloud run services list', 'terraform apply'])(
  '%s is not known',
  line => expect(deploymentOf(words(line))).toBeNull(),
)

test.each([
  ['run deploy api', 'it would ask for what to deploy'],
  ['run deploy api --source . --no-build', '--no-build'],
  ['builds submit --no-source', '--no-source sends nothing'],
  ['builds submit --git-source-revision main https://x', 'the build fetches its source itself'],
  ['builds submit --dir d --revision main projects/p/r', 'the build fetches its source itself'],
  ['--new-flag run deploy api --source .', 'write --new-flag=VALUE, or put it last'],
  ['--new-flag beta builds submit', 'write --new-flag=VALUE, or put it last'],
  ['builds submit --new-flag api', 'write --new-flag=VALUE'],
  ['app deploy --what a/app.yaml', 'write --what=VALUE'],
  ['app deploy a/app.yaml b/app.yaml', 'several folders'],
  ['run deploy --flags-file f.yaml --source .', '--flags-file may say anything'],
])('gcloud %s is refused, as what it sends cannot be told', (line, reason) => {
  expect(() => deploymentOf(['gcloud', ...words(line)])).toThrow(reason)
})
