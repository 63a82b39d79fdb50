import { isOfImage } from '../model/interpreter.ts'
import type { Report } from '../model/report.ts'

/** `3.11.7 deploy`, in the order of the report's interpreters: those that would be called alike also by whose or what they are. */
export function interpreterLabels({ interpreters }: Report): string[] {
  const labels = interpreters.map(({ version, roles }) => `${version} ${roles.join('+')}`.trimEnd())
  return labels.map((label, i) => {
    const interpreter = interpreters[i]!
    const isAlone = labels.filter(each => each === label).length === 1
    return isAlone ? label : `${label} (${isOfImage(interpreter) ? interpreter.stage : interpreter.provider})`
  })
}
