import { VerifierError } from '../../model/errors.ts'
import { partReader, type Section } from '../part-reader.ts'
import { assertSuccess, cutShort, endGit, incompleteClone, startGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** One `git cat-file --batch`, which answers as long as it is asked; started when it is first asked. */
export interface GitObjects extends AsyncDisposable {
  /**
   * The bytes of an object. Those of the one asked for before cannot be read any more. `next` are the objects that are
   * likely to be opened after this one, in this order: git is asked for them ahead, so that nobody waits for anybody. One that
   * is opened otherwise costs that they are asked for again.
   *
   * @throws VerifierError when git does not have the object.
   */
  open(id: string, next?: readonly string[]): Promise<Section>
}

/** Gives access to the objects of `repository`; dispose of it to end git. */
export function gitObjects(repository: Repository): GitObjects {
  let conversation: ReturnType<typeof converse> | undefined
  let isDisposed = false
  return {
    async open(id, next = []) {
      if (isDisposed) throw new Error('a body can be read only before the next entry is asked for')
      conversation ??= converse(repository)
      return conversation.ask([id, ...next])
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
  /** What git was asked for and has not answered, in that order. */
  let asked: readonly string[] = []
  let current: Section | undefined

  /** Opens the first of the wanted. */
  async function ask(wanted: readonly string[]): Promise<Section> {
    await finishCurrent()
    const passed = uselessAnswers(asked, wanted)
    const left = asked.slice(passed)
    // Not one at a time: each writing is a system call, here and in git.
    if (left.length <= wanted.length / 2) {
      git.stdin.write(wanted.slice(left.length).join('\n').concat('\n'))
      asked = [...asked, ...wanted.slice(left.length)]
    }
    for (let i = 0; i < passed; i++) {
      await readAnswer()
      await finishCurrent()
    }
    const answer = await readAnswer()
    if (answer === null) throw new VerifierError('git-failed', missingObject(wanted[0]!))
    return answer
  }

  /** Null when git does not have the object. */
  async function readAnswer(): Promise<Section | null> {
    const heading = (await answers.until(0x0a))?.toString('latin1')
    if (heading === undefined) {
      await assertSuccess(git, repository.directory)
      throw cutShort(repository.directory)
    }
    asked = asked.slice(1)
    const size = /^[0-9a-f]+ [a-z]+ ([0-9]+)$/.exec(heading)?.[1]
    if (size === undefined) return null
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

/** How many of the first answers to come are for nobody: those before the first of the wanted, or all where the order is another. */
function uselessAnswers(asked: readonly string[], wanted: readonly string[]): number {
  const first = asked.indexOf(wanted[0]!)
  const isExpected = first !== -1 && asked.slice(first).every((id, i) => id === wanted[i])
  return isExpected ? first : asked.length
}

/** What to say of an object that a repository names and does not hold. */
export function missingObject(id: string): string {
  return `git does not have the object ${id}, and ${incompleteClone}`
}
