import type { InferOutput } from 'valibot'
import { type BuildRecord, type StorageObject, urlOf } from '../model/build-record.ts'
import { quoted } from '../model/quoted.ts'
import type { fileHashes } from './fields.ts'
import type { FailRecord } from './json-record.ts'

const sizes = { MD5: 16, SHA256: 32 } as const
const names = { MD5: 'MD5', SHA256: 'SHA-256' } as const

/**
 * Those of the archive, in hex; where there is only one key, it is the archive's, however it is written.
 *
 * @throws VerifierError for one that is no base64 of as many bytes as it should be.
 */
export function recordedHashes(
  recorded: InferOutput<typeof fileHashes>,
  archive: StorageObject | null,
  fail: FailRecord,
): BuildRecord['hashes'] {
  const all = Object.entries(recorded)
  const own = archive === null ? undefined : all.find(([key]) => key === urlOf(archive))
  const [key, { fileHash }] = own ?? (all.length === 1 ? all[0]! : ['', { fileHash: [] }])
  return fileHash.flatMap(({ type, value }) => {
    if (type !== 'MD5' && type !== 'SHA256') return []
    const bytes = /^[\w+/-]+={0,2}$/.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0)
    if (bytes.length === sizes[type]) return { algorithm: names[type], hex: bytes.toString('hex') }
    throw fail(
      `its ${quoted(`sourceProvenance.fileHashes.${key}`)} states a ${names[type]} that is no base64 of ${sizes[type]} bytes`,
    )
  })
}
