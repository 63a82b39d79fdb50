import { readBuild } from '../evidence/read-build.ts'
import type { BuildRecord } from '../model/build-record.ts'
import type { Io } from './io.ts'
import { type RecordKind, recordFile } from './record-file.ts'

/** A build with a hundred steps is some 200 kB. */
const build: RecordKind = {
  kind: 'a build',
  command: 'gcloud builds describe ID --format=json',
  largest: 16 * 1024 * 1024,
}

/** Of `--build`. @throws VerifierError when the file cannot be read or holds no build; null without one. */
export function buildOption(file: string | undefined, io: Io): Promise<BuildRecord | null> {
  return recordFile(file, build, io, readBuild)
}
