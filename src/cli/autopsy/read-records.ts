import { readLog } from '../../evidence/read-log.ts'
import { readProvenance } from '../../evidence/read-provenance.ts'
import { readRevision } from '../../evidence/read-revision.ts'
import type { Records } from '../../model/autopsy.ts'
import { VerifierError } from '../../model/errors.ts'
import type { LogRecord } from '../../model/log.ts'
import { quoted } from '../../model/quoted.ts'
import { buildOption } from '../build-file.ts'
import type { Io } from '../io.ts'
import { recordFile } from '../record-file.ts'
import type { AutopsyOptions } from './autopsy-options.ts'

const mebibyte = 1024 * 1024

/** The records that files hold. @throws VerifierError for one that cannot be read, or is not what it should be. */
export async function readRecords(options: AutopsyOptions, io: Io): Promise<Records> {
  const revision = {
    kind: 'a revision',
    command: 'gcloud run revisions describe REVISION --region REGION --format=json',
    largest: 16 * mebibyte,
  }
  const provenance = {
    kind: 'a provenance',
    command: 'gcloud artifacts docker images describe IMAGE@DIGEST --show-provenance --format=json',
    largest: 64 * mebibyte,
  }
  const log = { kind: 'a log', command: 'gcloud logging read FILTER --format=json', largest: 256 * mebibyte }
  return {
    deployment: await recordFile(options.revision, revision, io, readRevision),
    build: await buildOption(options.build, io),
    provenance: (await recordFile(options.provenance, provenance, io, readProvenance)) ?? [],
    log: await recordFile(options.log, log, io, logOf),
  }
}

/** @throws VerifierError as well where it says nothing: whoever passes it counts on that it does. */
function logOf(bytes: Buffer, file: string): LogRecord {
  const log = readLog(bytes, file)
  if (log.entries > 0) return log
  throw new VerifierError(
    'record-unreadable',
    `cannot read a log from ${quoted(file)}: it has no entry; is it a log, does its filter name the revision, and does its --freshness reach back to it?`,
  )
}

/** Where no record of the deployment was given, an entry of the log may carry it: the newest one counts. */
export function withDeploymentOfLog(records: Records): Records {
  const deployment = records.deployment ?? records.log?.deployments.at(-1) ?? null
  return { ...records, deployment }
}
