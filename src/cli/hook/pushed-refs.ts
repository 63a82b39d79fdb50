import { buffer } from 'node:stream/consumers'
import type { Environment } from '../../model/environment.ts'
import { VerifierError } from '../../model/errors.ts'
import { textOfName } from '../../model/path.ts'
import type { PushedRef, PushTarget } from '../../model/push.ts'
import { quoted } from '../../model/quoted.ts'
import type { Io } from '../io.ts'

/** What is pushed, and where to. */
export interface Push {
  readonly refs: readonly PushedRef[]
  readonly target: PushTarget
}

/**
 * What git tells a pre-push hook, on its stdin, which is read to its end, and as arguments: none of them where it is run by hand.
 * pre-commit keeps the stdin to itself and tells by variables.
 *
 * @throws VerifierError for what git does not write.
 */
export async function readPush(
  { input, environment }: Io,
  [name, url]: readonly (string | undefined)[],
): Promise<Push> {
  const stream = input()
  const text = stream === null ? '' : textOfName(await buffer(stream))
  if (environment.PRE_COMMIT === '1') return pushOfPreCommit(environment)
  if (stream === null) {
    throw new VerifierError(
      'bad-usage',
      'hook pre-push is run by git, which says on its stdin what is pushed: firstbreak hook install sees to that',
    )
  }
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return { refs: lines.map(parseLine), target: { name: name ?? '', url: url ?? name ?? '' } }
}

/** `<local ref> <local id> <remote ref> <remote id>`; the first is as the user wrote it, blanks and all. */
function parseLine(line: string): PushedRef {
  const match = /^(.+) ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})\r?$/.exec(line)
  if (match === null) {
    throw new VerifierError('bad-usage', `git does not write ${quoted(line)} to a pre-push hook: run it as one`)
  }
  const [, localRef, localId, remoteRef, remoteId] = match as unknown as [string, string, string, string, string]
  return { localRef, localId, remoteRef, remoteId }
}

const nothing = '0'.repeat(40)

/** One ref alone. In its stage `manual`, all of HEAD. https://pre-commit.com/#pre-push */
function pushOfPreCommit(environment: Environment): Push {
  const {
    PRE_COMMIT_TO_REF: to,
    PRE_COMMIT_FROM_REF: from,
    PRE_COMMIT_LOCAL_BRANCH: local = 'HEAD',
    PRE_COMMIT_REMOTE_BRANCH: remoteRef = local,
    PRE_COMMIT_REMOTE_NAME: name = '',
    PRE_COMMIT_REMOTE_URL: url = name,
  } = environment
  const ref = { localRef: local, localId: to || local, remoteRef, remoteId: from || nothing }
  return { refs: [ref], target: { name, url } }
}
