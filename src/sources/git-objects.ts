import { VerifierError } from '../model/errors.ts'
import { assertSuccess, cutShort, endGit, incompleteClone, startGit } from './git-process.ts'
import { partReader, type Section } from './part-reader.ts'
import type { Repository } from './repository.ts'

/** One `git cat-file --batch`, which answers as long as it is asked; started when it is first asked. */
export interface GitObjects extends AsyncDisposable {
  /**
   * The bytes of an object. Those of the one asked for before cannot be read any more.
   *
   * @throws VerifierError when git does not have the object.
   */
  open(id: string): Promise<Section>
}

/** Gives access to the objects of `repository`; dispose of it to end git. */
export function gitObjects(repository: Repository): GitObjects {
  let conversation: ReturnType<typeof converse> | undefined
  let isDisposed = false
  return {
    async open(id) {
      if (isDisposed) throw new Error('a body can be read only before the next entry is asked for')
      conversation ??= converse(repository)
      return conversation.ask(id)
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true
      if (conversation !== undefined) await endGit(conversation.git)
    },
  }
}

function converse(repository: Repository) {
  const git = startGit(repository.directory, ['cat-file', '--batch'])
  const answers = partReader(git.stdout, () => cutShort(repository.directory))
  let current: Section | undefined

  async function ask(id: string): Promise<Section> {
    await finishCurrent()
    git.stdin.write(`${id}\n`)
    const heading = (await answers.until(0x0a))?.toString('latin1')
    if (heading === undefined) {
      await assertSuccess(git, repository.directory)
      throw cutShort(repository.directory)
    }
    const size = /^[0-9a-f]+ [a-z]+ ([0-9]+)$/.exec(heading)?.[1]
    if (size === undefined) throw new VerifierError('git-failed', missingObject(id))
    current = answers.section(Number(size))
    return current
  }

  async function finishCurrent(): Promise<void> {
    if (current === undefined) return
    await current.end()
    await answers.until(0x0a)
    current = undefined
  }

  return { git, ask }
}

/** What to say of an object that a repository names and does not hold. */
export function missingObject(id: string): string {
  return `git does not have the object ${id}, and ${incompleteClone}`
}
