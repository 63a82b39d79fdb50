import type { Autopsy, Crash, CrashPlace, HiddenBreak } from '../model/autopsy.ts'
import type { Report } from '../model/report.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, short, stageTitle } from './words.ts'
import { wrap } from './wrap.ts'

/** What the log says, where that is, whether it fails so here, and what it could not show. */
export function crashLines({ crash, hidden, verification }: Autopsy, style: Style): string[] {
  const unseen = hiddenLines(hidden, crash, style)
  const about = unseen.length === 0 ? [] : ['', style.strong('What it could not show'), ...unseen]
  if (crash === null) return unseen.length === 0 ? [] : about.slice(1)
  const { traceback, place, reproduction, times } = crash
  const { exception, message } = traceback
  const told = exception === null ? cutOff(traceback) : message === '' ? exception : `${exception}: ${message}`
  const when = [traceback.subject, traceback.at].filter(part => part !== null).join(', ')
  const often = times > 1 ? `, ${times} times` : ''
  const lines = [
    `${told}${when === '' ? '' : ` (${when}${often})`}`,
    ...(place === null ? [] : [whereItIs(place, traceback.kind, verification)]),
    `${stateWords[reproduction.state]}: ${reproduction.evidence}`,
  ]
  return [style.strong('What the log says'), ...lines.flatMap(line => wrap(style, visible(line), '  ')), ...about]
}

/** What there is of a traceback without its last line. */
function cutOff({ frames }: Crash['traceback']): string {
  const last = frames.at(-1)!
  const inside = last.function === null ? '' : `, in ${last.function}`
  return `A traceback that is cut off behind ${last.path}:${last.line}${inside}`
}

const stateWords = { reproduced: 'Reproduced', contradicted: 'Contradicted', 'not-examined': 'Not reproduced' } as const

function whereItIs(place: CrashPlace, kind: Crash['traceback']['kind'], report: Report | null): string {
  const { containerPath, line, path, by, commit, blame, stage } = place
  const at = (name: string) => `${name}${line === null ? '' : `:${line}`}`
  if (path === null) return `${at(containerPath ?? '')} is none of the files that were looked at`
  if (by === 'module') return `${path} is the module that it does not find`
  const named =
    by === 'message'
      ? `${at(path)} is the one file of which an interpreter says so`
      : `${at(containerPath ?? '')} is ${at(path)}`
  const guess = by === 'ending' ? ' (by the ending of its path)' : ''
  if (commit !== null) {
    const changed =
      blame === null ? '' : `; last changed by ${short(blame.id)} of ${blame.date.slice(0, 10)}, ${blame.summary}`
    return `${named} of commit ${short(commit)}${guess}${changed}`
  }
  if (stage === null || report === null) return named + guess
  const isCommitLooked = report.stages.some(({ place }) => place === 'commit')
  const verb = kind === 'syntax' ? 'the line is' : 'it is'
  return `${named} as ${stageTitle(report, stage)} has it${guess}${isCommitLooked ? `: ${verb} in no commit that was looked at` : ''}`
}

function hiddenLines(hidden: readonly HiddenBreak[], crash: Crash | null, style: Style): string[] {
  return hidden.flatMap(({ path, lines, isSameFile, complete }) => {
    const more = complete ? '' : ', and perhaps more'
    const places = `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${more}`
    if (isSameFile) {
      const first = crash?.place?.line
      const text =
        first == null
          ? `${path} fails at ${places} as well`
          : `Fixing line ${first} would have failed next at ${lines.join(', ')}${more}`
      return wrap(style, visible(`${text}: ${count(lines.length, 'more place')} in the same file`), '  ')
    }
    return wrap(
      style,
      visible(`${path} fails as soon as it is imported${lines.length === 0 ? '' : `: ${places}`}`),
      '  ',
    )
  })
}
