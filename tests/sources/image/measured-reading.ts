/** Reads one image in a process of its own: `FILE`; prints how many files it holds or why it cannot be read, and the peak of its memory in MB. */
import { takeManifest } from '../../../src/manifest/take-manifest.ts'
import { dockerArchive } from '../../../src/sources/image/docker-archive.ts'
import { peakMemory } from '../../support/peak-memory.ts'

const read = async () => (await takeManifest(await dockerArchive(process.argv[2]!, 'image'), 'sha1')).files
const outcome = await read().catch((error: Error) => error.message)
process.stdout.write(JSON.stringify({ outcome, megabytes: Math.ceil(peakMemory()) }))
