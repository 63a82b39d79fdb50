import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autopsyDifferences, writeRecords } from '../../../fixtures/incident/autopsy.ts'
import { type Incident, makeIncident } from '../../../fixtures/incident/make.ts'
import { firstbreak } from '../../support/command-line.ts'
import { fakeGcloud } from '../../support/fake-gcloud.ts'
import { executionV1, jobV1, serviceV1 } from '../../support/google-records.ts'
import { testNeeding } from '../../support/needs.ts'
import { needsPosix } from '../../support/programs.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const document = await readFile(new URL('../../../docs/forensics.md', import.meta.url), 'utf8')
const commands = [...document.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split('\n'))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let incident: Incident
let records: readonly string[]
beforeAll(async () => {
  folder = await temporaryFolder()
  incident = await makeIncident(folder.path, 'oci')
  records = await writeRecords(folder.path, incident)
  await writeFile(join(incident.repository, 'image.tar'), await readFile(incident.image))
})
afterAll(() => folder[Symbol.asyncDispose]())

const offline = ['--interpreters', 'embedded']
const noEngine = { ...process.env, DOCKER_HOST: 'unix:///nowhere.sock' }

test('the incident, from the records, the log and the image alone', async () => {
  const args = ['autopsy', ...records, '--image', incident.image, '--format', 'json', ...offline]
  const { code, out } = await firstbreak(incident.repository, args, noEngine)
  expect(code).toBe(1)
  expect(autopsyDifferences(JSON.parse(out))).toEqual([])
})

describe('every command of docs/forensics.md does what is said there', () => {
  for (const command of commands) {
    const [program = '', ...words] = command.split(' ')
    testNeeding(needsPosix)(command, async () => {
      const environment = { ...noEngine, PATH: `${await gcloudOnPath()}:${process.env.PATH}` }
      const cwd = incident.repository
      if (program === 'npx') {
        const { code, out } = await firstbreak(cwd, [...words.slice(1), ...offline], environment)
        expect({ command, code, out }).toMatchObject({ code: 1, out: expect.stringMatching(/^BROKEN/) })
      } else if (program === 'gcloud') {
        expect((await execa('sh', ['-c', command], { cwd, env: environment })).exitCode).toBe(0)
      } else expect(program).toBe('skopeo') // there is no registry to copy from
    })
  }

  test('which there are', () => expect(commands.length).toBeGreaterThan(5))
})

async function gcloudOnPath(): Promise<string> {
  const record = async (name: string) => JSON.parse(await readFile(join(folder.path, `${name}.json`), 'utf8'))
  const { digest } = incident
  const gcloud = await fakeGcloud(join(folder.path, 'bin'), {
    'run services describe': serviceV1({ digest }),
    'run revisions describe': await record('revision'),
    'run jobs describe': jobV1({ digest }),
    'run jobs executions describe': executionV1({ digest }),
    'builds describe': await record('build'),
    'logging read': await record('log'),
    'storage cp': { copies: incident.archive },
  })
  return gcloud.folder
}
