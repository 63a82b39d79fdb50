import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import type { Io } from './io.ts'

/** A place for what is fetched. */
export interface Scratch extends AsyncDisposable {
  /** A folder that only this user can enter, made when it is first asked for. */
  readonly folder: () => Promise<string>
}

/** Closing it removes the folder and all that is in it; until then it is among `io.leftovers`. */
export function openScratch({ environment, leftovers }: Pick<Io, 'environment' | 'leftovers'>): Scratch {
  let made: Promise<string> | undefined

  async function make(): Promise<string> {
    const place = environment.TMPDIR || tmpdir()
    const folder = await mkdtemp(join(place, 'firstbreak-')).catch(cause => {
      throw new VerifierError(
        'file-unreadable',
        `cannot make a temporary folder in ${place} (${cause.code}): set TMPDIR to one that can be written to`,
        { cause },
      )
    })
    leftovers.add(folder)
    return folder
  }

  return {
    folder() {
      made ??= make()
      return made
    },
    async [Symbol.asyncDispose]() {
      const folder = await made?.catch(() => undefined) // who asked for it has been told
      if (folder === undefined) return
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      leftovers.delete(folder)
    },
  }
}
