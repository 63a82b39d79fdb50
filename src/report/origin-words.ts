import type { Report } from '../model/report.ts'
import { stageTitle } from './words.ts'

/** That bytes never changed, the beginning of a sentence; where no commit was looked at, nobody can tell. */
export function neverChanged(report: Report): string {
  return hasCommit(report) ? 'The bytes never changed, the interpreter did:' : 'Of the bytes that were looked at,'
}

/** That a file was broken from the start, the beginning of a sentence. */
export function fromTheStart(report: Report): string {
  return hasCommit(report)
    ? 'Already broken as committed'
    : `Broken as ${stageTitle(report, report.stages[0]!.name)} has it`
}

function hasCommit({ stages }: Report): boolean {
  return stages.some(({ place }) => place === 'commit')
}
