import { PassThrough, Readable } from 'node:stream'
import type Docker from 'dockerode'
import type { RunningProgram } from '../../model/running-program.ts'
import { ByteReader } from '../byte-reader.ts'
import { type ContainerImage, removeContainer } from './container.ts'

/** Runs these words in a container of the image, which goes when they end, or we do. */
export async function startInContainer(
  docker: Docker,
  image: ContainerImage,
  words: readonly string[],
): Promise<RunningProgram> {
  const options = image.options(words)
  // By its name, which is known also where the engine's answer is not.
  const container = docker.getContainer(options.name!)
  try {
    await docker.createContainer(options)
    const stream = await container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: false })
    const exit = container.wait({ condition: 'next-exit' }) as Promise<{ readonly StatusCode: number }>
    const gone = exit.then(
      ({ StatusCode }) => wordsOfExit(StatusCode),
      (error: Error) => `the container engine lost it: ${error.message.trim()}`,
    )
    await container.start()
    const stdout = Readable.from(stdoutOf(stream), { objectMode: false })
    stdout.on('error', () => undefined) // whoever reads hears of it, and `gone` says why
    return { stdin: stream, stdout, gone, end: () => endOf(container, stream, gone) }
  } catch (error) {
    await removeContainer(container)
    return notStarted((error as Error).message.trim())
  }
}

async function endOf(container: Docker.Container, stream: NodeJS.ReadWriteStream, gone: Promise<string>) {
  await removeContainer(container)
  ;(stream as NodeJS.ReadWriteStream & { destroy(): void }).destroy()
  await gone
}

function notStarted(reason: string): RunningProgram {
  const stdout = new PassThrough()
  stdout.end()
  const gone = Promise.resolve(`it could not be started: ${reason}`)
  return { stdin: new PassThrough(), stdout, gone, end: async () => undefined }
}

function wordsOfExit(code: number): string {
  if (code === 137) return 'it was killed, as what takes too much memory is'
  return code > 128 ? `it was ended by signal ${code - 128}` : `it ended with exit code ${code}`
}

/**
 * What a program writes to stdout, out of the frames in which engines send it.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
async function* stdoutOf(stream: NodeJS.ReadWriteStream): AsyncGenerator<Uint8Array> {
  await using reader = new ByteReader(stream as AsyncIterable<Uint8Array>)
  for (;;) {
    const header = await reader.take(8)
    if (header.length < 8) return
    for (let left = header.readUInt32BE(4); left > 0; ) {
      const piece = await reader.some(left)
      if (piece === null) return
      yield piece
      left -= piece.length
    }
  }
}
