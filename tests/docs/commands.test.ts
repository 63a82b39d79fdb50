import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { tgzOf } from '../support/archives.ts'
import { saveImage, sha256 } from '../support/images.ts'
import { testNeeding } from '../support/needs.ts'
import { programOnPath, writeScript } from '../support/program.ts'
import { needsPosix } from '../support/programs.ts'
import { makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { testCache } from '../support/test-cache.ts'

const root = join(import.meta.dirname, '../..')
const files = {
  'app/main.py': 'x = 1\n',
  'app/routes/events_stream.py': 'y = 2\n',
  Dockerfile: 'FROM python:3.11\nCOPY . /srv\n',
  'cloudbuild.yaml': 'steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, x, .]\n',
}

/** Run elsewhere: by CI itself, by the test of the image that they make, or by that of forensics.md, with the records that they name. */
const elsewhere = /^(?:npm |docker |npx firstbreak autopsy )/

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof testCache>>
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  folder = await temporaryFolder()
  cache = await testCache()
  const bin = await programOnPath(folder.path)
  await writeFile(join(folder.path, 'object'), await tgzOf(files))
  // It is asked for objects of Cloud Storage, and told what to do.
  await writeScript(join(bin, 'gcloud'), `[ "$1" = storage ] && cp ${join(folder.path, 'object')} "$6"; exit 0`)
  environment = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    FIRSTBREAK_CACHE_DIR: cache.path,
    GITHUB_STEP_SUMMARY: '',
  }
})
afterAll(async () => {
  await cache[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** A repository with all that the pages speak of. */
async function prepared(name: string): Promise<string> {
  const top = join(folder.path, name, 'repository')
  await makeRepository(top, files)
  await copyFile(join(folder.path, 'object'), join(top, 'source.tgz'))
  const inImage = Object.fromEntries(Object.entries(files).map(([path, text]) => [`srv/${path}`, text]))
  await saveImage(join(top, 'image.tar'), [inImage], { environment: ['PYTHON_VERSION=3.11.9'] })
  await copyFile(join(top, 'image.tar'), join(top, 'cloud.tar'))
  const value = Buffer.from(sha256(await readFile(join(folder.path, 'object'))), 'hex').toString('base64')
  const resolvedStorageSource = { bucket: 'my-bucket', object: 'source/1.tgz' }
  const fileHashes = { 'gs://my-bucket/source/1.tgz': { fileHash: [{ type: 'SHA256', value }] } }
  const build = { id: '41d7c8c6', status: 'SUCCESS', sourceProvenance: { resolvedStorageSource, fileHashes } }
  await writeFile(join(top, 'build.json'), JSON.stringify(build))
  return top
}

/** The lines of the blocks that are marked as `sh`, without what explains them. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(page, 'utf8')
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!)
  const lines = blocks.join('').replaceAll('\\\n', ' ').split('\n')
  return lines.map(line => line.replace(/\s+#.*$/, '')).filter(line => line !== '' && !elsewhere.test(line))
}

const docs = (await readdir(join(root, 'docs')))
  .filter(name => name.endsWith('.md') && name !== 'forensics.md')
  .map(name => `docs/${name}`)

describe('the commands of', () => {
  for (const page of ['README.md', ...docs]) {
    testNeeding(needsPosix)(page, async () => {
      const commands = await commandsOf(join(root, page))
      if (commands.length === 0) return
      const cwd = await prepared(page)
      for (const command of commands) {
        const line = command.replace("'gs://…'", 'gs://my-bucket/source/1.tgz')
        const { exitCode, stderr } = await execa('sh', ['-c', line], {
          cwd,
          env: environment,
          extendEnv: false,
          reject: false,
        })
        expect({ line, exitCode, stderr }).toEqual({ line, exitCode: expect.toSatisfy(isAnswer), stderr })
      }
    })
  }
})

/** Something was told, of whichever kind. */
function isAnswer(code: unknown): boolean {
  return code === 0 || code === 1
}
