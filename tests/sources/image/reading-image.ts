import { expect } from 'vitest'
import { VerifierError } from '../../../src/model/errors.ts'
import { type Path, textOfName } from '../../../src/model/path.ts'
import type { Entry, ImageSource, Platform, Source } from '../../../src/model/source.ts'
import { failureOfImage } from '../../../src/sources/failure.ts'
import { savedImage, tarMedium } from '../../../src/sources/image/image-saved.ts'
import { drain } from '../../support/drain.ts'

/** The image in a tar at hand, which comes in pieces of so many bytes. */
export function imageIn(
  tar: () => Uint8Array,
  pieceSize = 100_000,
  platform: Platform | null = null,
): Promise<ImageSource> {
  async function* bytes() {
    const all = tar()
    for (let at = 0; at < all.length; at += pieceSize) yield all.subarray(at, at + pieceSize)
  }
  return savedImage(tarMedium(bytes, failureOfImage('image.tar')), { name: 'image', platform })
}

/** What a source records, a line an entry: the layer, the kind, the path, and the text or the target. Reads every body. */
export async function listEntries(source: Source, only?: ReadonlySet<Path>): Promise<string[]> {
  const lines: string[] = []
  for await (const entry of source.entries(only)) {
    lines.push([entry.layer, entry.kind, entry.path, await detailOf(entry)].join(' ').trim())
  }
  return lines
}

async function detailOf(entry: Entry): Promise<string> {
  if (entry.kind === 'symlink') return textOfName(entry.target)
  if (entry.kind === 'hardlink') return entry.target
  return entry.kind === 'file' ? Buffer.concat(await drain(entry.body())).toString() : ''
}

/** What reading it to its end fails with, without the image's name. */
export async function failureOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(VerifierError)
  const { code, message } = error as VerifierError
  expect(code).toBe('image-unreadable')
  expect(message).not.toContain('\n')
  return message.replace(/^cannot read the image ".*?": /, '')
}

/** What reading a tar at hand to its end fails with. */
export function failureOfTar(tar: Uint8Array): Promise<string> {
  return failureOf(imageIn(() => tar).then(source => listEntries(source)))
}
