import type { Autopsy, Crash } from '../model/autopsy.ts'
import { json } from './json.ts'
import { jsonText } from './json-text.ts'

/** Raised when a field changes its meaning or goes. */
const schemaVersion = 1

/** The autopsy for programs: same inputs, same bytes. `verification` is what `firstbreak --format json` writes. */
export function autopsyJson(autopsy: Autopsy): string {
  const { tool, outcome, deployment, custody, crash, hidden, remedy, missing, remarks, verification } = autopsy
  const document = {
    schemaVersion,
    tool,
    outcome,
    deployment:
      deployment === null
        ? null
        : {
            kind: deployment.kind,
            name: deployment.name,
            failure: deployment.failure,
            ready: deployment.ready,
          },
    custody,
    crash: crash === null ? null : crashDocument(crash),
    hidden,
    remedy,
    missing,
    remarks,
    verification: verification === null ? null : JSON.parse(json(verification)),
  }
  return jsonText(document)
}

function crashDocument({ traceback, times, place, reproduction }: Crash): object {
  const { kind, exception, message, at, subject, frames } = traceback
  return { kind, exception, message, at, subject, times, place, reproduction, frames }
}
