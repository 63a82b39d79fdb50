/**
 * What it costs to read an image: a generated one of 1 GB and 30,000 files, as a tar beside `sha256sum` of it, and its folder of sources
 * in an engine beside `docker cp` of it; and beside what else shows which files differ: skopeo, umoci and sha256sum, and diffoscope on two
 * images that differ in one line. Each of our works runs in a process of its own, so that its memory can be told. Prints the tables
 * for docs/performance.md; medians of three rounds, of nine for the engine, but for what others do in many steps: that is done once. `npm run bench:image`.
 */
import { randomUUID } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { bundle } from '../scripts/bundle-program.ts'
import { temporaryFolder } from '../tests/support/temporary.ts'
import { source, writeBase, writeImage } from './generated-image.ts'
import { inTurns, median, ratio, rounds, secondsOf, table } from './measure.ts'

/** Seconds that diffoscope is given. */
const patience = 120

await using folder = await temporaryFolder()
const at = (name: string) => join(folder.path, name)
// As it is shipped, in one piece: what loading many small files costs, nobody pays.
await writeFile(at('package.json'), JSON.stringify({ type: 'module' }))
await bundle(join(import.meta.dirname, 'image-run.ts'), folder.path, join(import.meta.dirname, '../src'))
const program = at('image-run.js')
const reference = `firstbreak-bench:${randomUUID()}`

process.stdout.write(`${availableParallelism()} cores, Node ${process.version}, ${rounds} rounds\n`)
const base = await writeBase(folder.path)
await writeImage(at('a.tar'), base, reference, '')
await writeImage(at('b.tar'), base, reference, 'y = 1\n')
const megabytes = Math.round((await stat(at('a.tar'))).size / 1e6)

const memory = new Map<string, number>()
const tars = await inTurns({
  sha256sum: async () => void (await execa('sha256sum', [at('a.tar')])),
  read: () => measured('read', 'tar', at('a.tar')),
})
process.stdout.write(
  table(
    [`a tar of ${megabytes} MB`, 's', 'ratio', 'peak memory, MB'],
    [
      ['sha256sum', median(tars.sha256sum), '', ''],
      ['read', median(tars.read), ratio(tars.read, tars.sha256sum), peak('read')],
    ],
  ),
)
await besideEngine()
await besideOthers()

/** In an engine that holds the image, with a container at hand for the copy. */
async function besideEngine(): Promise<void> {
  await execa('docker', ['load', '--quiet', '--input', at('a.tar')])
  try {
    const { stdout: container } = await execa('docker', ['create', reference])
    const copy = `docker cp ${container}:/${source.folder} - > /dev/null`
    const works = {
      copy: async () => void (await execa('sh', ['-c', copy])),
      read: () => measured('folder', 'folder', reference, source.folder),
    }
    const folders = await inTurns(works, 3 * rounds).finally(() => execa('docker', ['rm', container]))
    process.stdout.write(
      table(
        [`its ${source.files} sources, in an engine`, 's', 'ratio', 'peak memory, MB'],
        [
          ['docker cp to /dev/null', median(folders.copy), '', ''],
          [
            'read, with a container of its own',
            median(folders.read),
            ratio(folders.read, folders.copy),
            peak('folder'),
          ],
        ],
      ),
    )
  } finally {
    await execa('docker', ['rmi', '--force', reference])
  }
}

async function besideOthers(): Promise<void> {
  const [layout, bundle] = [at('layout'), at('bundle')]
  const steps: [string, number][] = []
  const step = async (name: string, work: () => Promise<unknown>) =>
    void steps.push([name, await secondsOf(async () => void (await work()))])
  await step('skopeo copy', () =>
    execa('skopeo', ['--insecure-policy', 'copy', '--quiet', `docker-archive:${at('a.tar')}`, `oci:${layout}:a`]),
  )
  await step('umoci unpack', () => execa('umoci', ['unpack', '--rootless', '--image', `${layout}:a`, bundle]))
  await step('sha256sum of what was unpacked', () =>
    execa('sh', ['-c', 'find . -type f -print0 | xargs -0 sha256sum > /dev/null'], { cwd: join(bundle, 'rootfs') }),
  )
  const together = steps.reduce((sum, [, seconds]) => sum + seconds, 0)
  const both = await secondsOf(() => measured('both', 'tar', at('a.tar'), at('b.tar')))
  let isCut = false
  const diffoscope = await secondsOf(async () => {
    const args = ['--no-progress', '--text', '/dev/null', at('a.tar'), at('b.tar')]
    isCut = (await execa('diffoscope', args, { reject: false, timeout: patience * 1000, forceKillAfterDelay: 5000 }))
      .timedOut
  })
  process.stdout.write(
    table(
      ['the same image by others, once', 's', 'times reading the tar'],
      [
        ...steps.map(([name, seconds]) => [name, seconds, '']),
        ['all three', together, together / median(tars.read)],
        ['read: two images that differ in a line', both, both / median(tars.read)],
        [`diffoscope of these${isCut ? ', cut off' : ''}`, diffoscope, diffoscope / median(tars.read)],
      ],
    ),
  )
}

async function measured(name: string, ...args: readonly string[]): Promise<void> {
  const { stdout } = await execa(process.execPath, [program, ...args])
  const { megabytes } = JSON.parse(stdout) as { readonly megabytes: number }
  memory.set(name, Math.max(memory.get(name) ?? 0, megabytes))
}

function peak(name: string): string {
  return String(Math.round(memory.get(name)!))
}
