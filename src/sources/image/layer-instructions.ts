import { keywordOf } from '../../model/layer-instruction.ts'

/** A step of an image's history: its text, and whether it is said to have made no layer. */
export interface HistoryStep {
  readonly text: string
  readonly isEmpty: boolean
}

const settings = /^(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)$/

/** Whether a step of a history is one that never makes a layer. */
export function isSetting(text: string): boolean {
  return settings.test(keywordOf(text))
}

/** A WORKDIR makes a layer where the directory is new, and no file. */
function writesNoFile(text: string): boolean {
  return isSetting(text) || keywordOf(text) === 'WORKDIR'
}

function alwaysWrites(text: string): boolean {
  return ['COPY', 'ADD'].includes(keywordOf(text))
}

/**
 * The instruction of each layer, lowest first; null where it is not told. A builder that makes one layer of several instructions
 * (buildah, podman without `--layers`, `docker build --squash`) says that only the last one made it, be it a CMD: such a layer
 * is told to be of `one of A; B; C`.
 */
export function layerInstructions(steps: readonly HistoryStep[]): (string | null)[] {
  const instructions: (string | null)[] = []
  let before: string[] = []
  for (const { text, isEmpty } of steps) {
    if (!isEmpty) {
      instructions.push(instructionOf(text, before))
      before = []
    } else if (text !== '' && !writesNoFile(text)) before.push(text)
  }
  return instructions
}

/** A RUN may well have changed nothing, and made no layer; a COPY that made none was put into the next one. */
function instructionOf(own: string, before: readonly string[]): string | null {
  const mayWrite = own !== '' && !writesNoFile(own)
  if (before.length === 0 || (mayWrite && !before.some(alwaysWrites))) return own || null
  const all = mayWrite ? [...before, own] : before
  return all.length === 1 ? all[0]! : `one of ${all.join('; ')}`
}
