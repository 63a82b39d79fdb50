import { createHash } from 'node:crypto'
import { parsePath, rootPath } from '../../model/path.ts'
import type { ImageSource } from '../../model/source.ts'
import { type ArchiveLimits, startMeter } from '../archive/archive-limits.ts'
import { readTar } from '../archive/tar.ts'
import type { Fail } from '../failure.ts'
import { entryOf, verified } from './layer.ts'

/** What a saved image holds at its top. */
const savedNames = /^(?:manifest\.json|index\.json|repositories|oci-layout|blobs|[0-9a-f]{64}(?:\.json|\.tar)?)$/

const systemFolders: ReadonlySet<string> = new Set(['bin', 'dev', 'lib', 'proc', 'usr'])

/**
 * Whether a tar holds a whole root filesystem, as `docker export` and mmdebstrap write it: `etc` and another folder of a
 * system at its top. Reads until a name tells.
 */
export async function isRootFilesystem(tar: AsyncIterable<Uint8Array>, fail: Fail): Promise<boolean> {
  let [hasSettings, hasSystem] = [false, false]
  for await (const { name } of readTar(tar, { fail, endMayBeMissing: false })) {
    const [top = ''] = (parsePath(name) ?? '').split('/')
    if (savedNames.test(top)) return false
    hasSettings ||= top === 'etc'
    hasSystem ||= systemFolders.has(top)
    if (hasSettings && hasSystem) return true
  }
  return false
}

/**
 * A root filesystem in a tar: one layer of which nothing else is known.
 *
 * @param bytes the tar, from its start each time.
 * @throws what `fail` makes, also from `entries()`, when it is cut off, leads out of itself or has changed.
 */
export async function rootFilesystem(
  bytes: () => AsyncIterable<Uint8Array>,
  name: string,
  { limits, fail }: { readonly limits: ArchiveLimits; readonly fail: Fail },
): Promise<ImageSource> {
  const hash = createHash('sha256')
  for await (const chunk of bytes()) hash.update(chunk)
  const digest = `sha256:${hash.digest('hex')}`
  return {
    stage: { name, place: 'image', kind: 'root-filesystem', reference: digest },
    image: {
      layers: [{ diffId: digest, createdBy: null }],
      workingDirectory: rootPath,
      environment: new Map(),
      entrypoint: [],
      command: [],
      user: '',
      volumes: [],
      platform: null,
    },
    remarks: [
      `${name} is a root filesystem: which layers it had, and what it starts and with which settings, is not known`,
    ],
    async *entries(only) {
      const meter = startMeter(() => 0, limits, fail)
      for await (const record of readTar(verified(bytes(), digest, fail), { fail, endMayBeMissing: false })) {
        meter.countEntry()
        const entry = entryOf(record, 0, fail)
        if (only === undefined || only.has(entry.path)) yield entry
      }
    },
  }
}
