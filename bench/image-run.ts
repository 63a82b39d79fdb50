/** One measurement of bench/image.ts: `tar FILE…` or `folder IMAGE FOLDER`; prints seconds and peak memory as JSON. */
import { takeManifest } from '../src/manifest/take-manifest.ts'
import { parsePath } from '../src/model/path.ts'
import { dockerArchive } from '../src/sources/image/docker-archive.ts'
import { engineImage } from '../src/sources/image/engine-image.ts'
import { peakMemory } from '../tests/support/peak-memory.ts'

const [work = '', ...args] = process.argv.slice(2)
const start = performance.now()
if (work === 'tar') for (const file of args) await takeManifest(await dockerArchive(file, 'image'), 'sha1')
else {
  const [reference = '', folder = ''] = args
  const { signal } = new AbortController()
  const { parts } = await engineImage(reference, { name: 'image', environment: process.env, platform: null, signal })
  await takeManifest(parts!.at([parsePath(folder)!]), 'sha1')
}
const seconds = (performance.now() - start) / 1000
process.stdout.write(JSON.stringify({ seconds, megabytes: peakMemory() }))
