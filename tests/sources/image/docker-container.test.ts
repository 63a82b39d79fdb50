import { randomUUID } from 'node:crypto'
import type Docker from 'dockerode'
import { expect } from 'vitest'
import { takeManifest } from '../../../src/manifest/take-manifest.ts'
import { image } from '../../../src/sources/image/image.ts'
import { imageWorkshop, needsEngine } from '../../support/engine.ts'
import { exportedFiles } from '../../support/exported-files.ts'
import { testNeeding } from '../../support/needs.ts'

/** What an entrypoint may do to what was built. */
const entrypoint = `
import os, shutil, sys, time
os.chdir('/srv/app')
open('kept.py', 'a').close()
open('edited.py', 'a').write('broken(\\n')
open('new.py', 'w').write('n = 1\\n')
os.remove('gone.py')
shutil.rmtree('again'); os.mkdir('again'); open('again/made.py', 'w').write('m = 1\\n')
shutil.rmtree('package')
os.remove('file.py'); os.mkdir('file.py'); open('file.py/inner.py', 'w').write('i = 1\\n')
os.link('edited.py', 'linked.py')
os.symlink('edited.py', 'soft.py')
os.chmod('mode.py', 0o600)
shutil.move('moved', 'elsewhere')
if sys.argv[1:] == ['stay']: print('ready', flush=True); time.sleep(600)
`

const files = Object.fromEntries(
  [
    ...['kept.py', 'edited.py', 'gone.py', 'file.py', 'mode.py', 'untouched.py'],
    ...['again/lost.py', 'package/__init__.py', 'moved/here.py'],
  ].map(name => [`app/${name}`, `# ${name}\n`]),
)
const dockerfile = (base: string) =>
  `FROM ${base}\nENV A=image\nCOPY app /srv/app\nCOPY start.py /start.py\nENTRYPOINT ["/usr/local/bin/python3", "/start.py"]\n`

async function withContainer(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  work: (container: Docker.Container, name: string) => Promise<void>,
): Promise<void> {
  const name = `firstbreak-test-${randomUUID()}`
  const container = await docker.createContainer({ name, ...options })
  try {
    await work(container, name)
  } finally {
    await container.remove({ force: true, v: true })
  }
}

const search = { name: 'cloud', directory: '.', environment: process.env, platform: null }

testNeeding(needsEngine)('a container as it stands, stopped or running, is what the engine shows of it', async () => {
  await using workshop = imageWorkshop()
  const { docker } = workshop
  const built = await workshop.build(dockerfile(await workshop.base('3.11')), { ...files, 'start.py': entrypoint })
  for (const words of [[], ['stay']]) {
    await withContainer(
      docker,
      { Image: built, Cmd: words, Env: ['A=own'], WorkingDir: '/srv' },
      async (container, name) => {
        await container.start()
        if (words.length === 0) await container.wait()
        else for (; !String(await container.logs({ stdout: true })).includes('ready'); ) await new Promise(setImmediate)
        const source = await image(`container:${name}`, search)
        const { python } = await takeManifest(source, 'sha1')
        const shown = await exportedFiles(container, path => path.endsWith('.py'))
        expect(new Map([...python].map(([path, { sha256 }]) => [path, sha256]))).toEqual(shown)

        const { Id, State } = await container.inspect()
        expect(State.Running).toBe(words.length > 0)
        expect(source.stage).toEqual({ name: 'cloud', place: 'image', kind: 'container', reference: Id })
        const { layers, environment, workingDirectory, entrypoint: started, command } = source.image
        expect(layers.at(-1)).toEqual({ diffId: null, createdBy: "the container's own changes" })
        expect([environment.get('A'), workingDirectory, started[0], command]).toEqual([
          'own',
          'srv',
          '/usr/local/bin/python3',
          words,
        ])
        const own = [...python.values()].filter(({ layer }) => layer === layers.length - 1).map(({ path }) => path)
        const changed = [
          'again/made',
          'edited',
          'elsewhere/here',
          'file.py/inner',
          'kept',
          'linked',
          'mode',
          'new',
          'soft',
        ]
        const certain = changed.filter(each => each !== 'kept')
        expect(own).toEqual(expect.arrayContaining(certain.map(each => `srv/app/${each}.py`)))
        expect(own).not.toContain('srv/app/untouched.py')
      },
    )
  }
})

testNeeding(needsEngine)('a container that changed nothing, and what is mounted in one', async () => {
  await using workshop = imageWorkshop()
  const built = await workshop.build(dockerfile(await workshop.base(null)), { ...files, 'start.py': entrypoint })
  const options = { Image: built, HostConfig: { Mounts: [{ Type: 'tmpfs', Target: '/data' } as Docker.MountSettings] } }
  await withContainer(workshop.docker, options, async (_container, name) => {
    const source = await image(`container:${name}`, search)
    expect((await takeManifest(source, 'sha1')).python.size).toBe(Object.keys(files).length + 1)
    expect(source.remarks).toEqual([
      'cloud: what is mounted at "/data" is not the container\'s own, and was not looked at',
    ])
  })
})

testNeeding(needsEngine)('a container that is not there', async () => {
  await expect(image('container:firstbreak-none', search)).rejects.toThrow(
    'cannot read the image "container:firstbreak-none": the container engine holds no such container: docker ps --all',
  )
})
