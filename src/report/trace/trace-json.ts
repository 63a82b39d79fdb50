import type { FileTrace, TracedStage } from '../../model/file-trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import { findingDocument, interpreterDocument } from '../json.ts'
import { fileConclusion } from './file-conclusion.ts'

/** Raised when a field changes its meaning or goes. */
const schemaVersion = 1

/** One file over the stages, for programs: same inputs, same bytes. */
export function traceJson(trace: FileTrace): string {
  const { path, report, stages, commits } = trace
  const { tool, outcome, interpreters, roles, findings, remarks } = report
  const document = {
    schemaVersion,
    tool,
    outcome,
    conclusion: fileConclusion(trace),
    path,
    interpreters: interpreters.map(interpreterDocument),
    roles,
    stages: stages.map(stageDocument),
    findings: findings.map(findingDocument),
    commits,
    remarks,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function stageDocument({ stage, file, verdicts, change, layers }: TracedStage): object {
  const inImage = (path: string) => (stage.place === 'image' ? `/${path}` : path)
  return {
    ...stage,
    file:
      file === null
        ? null
        : {
            path: inImage(file.path),
            kind: file.kind,
            target: file.target ?? null,
            size: file.size,
            sha256: file.sha256,
            blobId: file.blobId,
            layer: stage.place === 'image' ? file.layer : null,
          },
    verdicts: verdicts.map(({ interpreter, verdict }) => ({ interpreter, ...verdictDocument(verdict) })),
    change,
    layers: layers === null ? null : { path: inImage(layers.path), writes: layers.writes },
  }
}

function verdictDocument(verdict: Verdict): object {
  const nowhere = { line: null, column: null }
  switch (verdict.kind) {
    case 'compiles':
      return { verdict: verdict.kind, message: null, ...nowhere }
    case 'breaks':
      return { verdict: verdict.kind, message: verdict.message, ...(verdict.at ?? nowhere) }
    case 'undecided':
      return { verdict: verdict.kind, message: verdict.reason, ...nowhere }
  }
}
