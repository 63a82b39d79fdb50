/** A step of an image's history: its text, and whether it is said to have made no layer. */
export interface HistoryStep {
  readonly text: string
  readonly isEmpty: boolean
}

/** What never writes a file. */
const settings =
  /^(?:\/bin\/sh -c #\(nop\) +)?(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) /

/** What always writes one. */
const copies = /^(?:\/bin\/sh -c #\(nop\) +)?(?:COPY|ADD) /

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
    } else if (text !== '' && !settings.test(text)) before.push(text)
  }
  return instructions
}

/** A RUN may well have changed nothing, and made no layer; a COPY that made none was put into the next one. */
function instructionOf(own: string, before: readonly string[]): string | null {
  const mayWrite = own !== '' && !settings.test(own)
  if (before.length === 0 || (mayWrite && !before.some(text => copies.test(text)))) return own || null
  const all = mayWrite ? [...before, own] : before
  return all.length === 1 ? all[0]! : `one of ${all.join('; ')}`
}
