import type { FindingCode } from '../../model/finding.ts'
import { findingHelp } from './finding-help.ts'

/** Every code, in the order in which `ruleIndex` counts them. */
const codes = Object.keys(findingHelp) as FindingCode[]

export function ruleIndex(code: FindingCode): number {
  return codes.indexOf(code)
}

/** A reportingDescriptor for each code, found in this run or not. */
export function rules(): object[] {
  return codes.map(code => {
    const { title, meaning, remedy, severity } = findingHelp[code]
    return {
      id: code,
      shortDescription: { text: title },
      fullDescription: { text: meaning },
      help: { text: `${meaning}\n\n${remedy}`, markdown: `${meaning}\n\n**What to do:** ${remedy}` },
      defaultConfiguration: { level: severity },
      properties: {
        tags: ['python', 'deployment'],
        precision: 'very-high',
        'problem.severity': problemSeverity(severity),
      },
    }
  })
}

/** In the words of code scanning. */
function problemSeverity(severity: 'error' | 'warning' | 'note'): string {
  return severity === 'note' ? 'recommendation' : severity
}
