/** One measurement of bench/upload.ts: `DIRECTORY walk|hash|write-tgz|write-zip`; prints seconds and peak memory as JSON. */
import { hashFile } from '../src/manifest/hash-file.ts'
import { rootPath } from '../src/model/path.ts'
import { openRepository } from '../src/sources/git/repository.ts'
import { listUpload } from '../src/sources/upload/list-upload.ts'
import { predictedUpload } from '../src/sources/upload/predicted-upload.ts'
import { uploadRules } from '../src/sources/upload/upload-rules.ts'
import { uploadOf } from '../src/sources/upload/upload-walk.ts'
import { writeUpload } from '../src/sources/upload/write-upload.ts'
import { peakMemory } from '../tests/support/peak-memory.ts'

const [directory = '', work = ''] = process.argv.slice(2)
const repository = await openRepository(directory)
const rules = await uploadRules(directory)

const start = performance.now()
if (work.startsWith('write-')) await write(work.slice('write-'.length))
else await predict(work === 'hash')
const seconds = (performance.now() - start) / 1000
process.stdout.write(JSON.stringify({ seconds, megabytes: peakMemory() }))

async function predict(hashes: boolean): Promise<void> {
  for await (const entry of predictedUpload(repository, rootPath, rules).entries()) {
    if (!hashes || entry.kind !== 'file') continue
    const hash = hashFile(entry, repository.objectFormat)
    for await (const piece of entry.body()) hash.update(piece)
    hash.digests()
  }
}

async function write(ending: string): Promise<void> {
  const upload = uploadOf(repository, rootPath, rules, { command: ending === 'zip' ? 'run-deploy' : 'builds-submit' })
  const { members } = await listUpload(upload, rules)
  const file = `${directory}.${ending}`
  const signal = new AbortController().signal
  await writeUpload(upload, members, { file, named: file, force: true, signal, leftovers: new Set() })
}
