import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { imageRecords, saveImage, tarOf } from '../support/images.ts'
import { git, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), { 'app/a.py': 'x = 1\n', 'README.md': 'text\n' })
  await makeRepository(at('no-python'), { 'README.md': 'text\n' })
  await mkdir(at('nowhere'))
  await git(folder.path, 'init', '--quiet', at('empty'))
  const tgz = gzipSync(await tarOf({ 'app/a.py': 'x = 1\n' }))
  const damaged = Buffer.from(tgz)
  damaged[damaged.length - 8]! ^= 0xff
  const image = await tarOf(await imageRecords([{ 'app/a.py': 'x = 1\n' }]))
  await Promise.all(
    Object.entries({
      'good.tgz': tgz,
      'cut.tgz': tgz.subarray(0, 40),
      'damaged.tgz': damaged,
      'empty.tgz': '',
      'text.tgz': 'this is no archive\n',
      'up.tar': await tarOf([{ name: '../../etc/cron.d/x.py', content: 'x' }]),
      'no-manifest.tar': await tarOf({ 'layer.tar': 'x' }),
      'cut-image.tar': image.subarray(0, 2000),
      'empty-image.tar': '',
      '\u001b[31mred.tgz': 'x',
    }).map(([name, bytes]) => writeFile(at(name), bytes)),
  )
  await saveImage(at('escaping.tar'), [[{ name: '../a.py', content: 'x' }]])
  const records = await imageRecords([{ 'app/a.py': 'x = 1\n' }])
  const corrupted = records.map(record =>
    record.name.endsWith('layer.tar')
      ? { ...record, content: Buffer.from(record.content as Buffer).fill(0x20, 512, 515) }
      : record,
  )
  await writeFile(at('corrupted.tar'), await tarOf(corrupted))
  await writeFile(at('missing-layer.tar'), await tarOf(records.filter(({ name }) => !name.endsWith('layer.tar'))))
})
afterAll(() => folder[Symbol.asyncDispose]())

/** Arguments, with the folder's files written as `@name`; what the message must name. */
const cases: readonly (readonly [string, readonly string[], string])[] = [
  ['no repository', ['--repo', '@nowhere'], 'nowhere'],
  ['a folder that is not there', ['--repo', '@gone'], 'gone'],
  ['an empty repository', ['--repo', '@empty'], 'commit'],
  ['an unknown revision', ['--rev', 'v9.9'], 'v9.9'],
  ['a revision that looks like an option', ['--rev', '--all'], '--all'],
  ['a source that is not there', ['--source', 'services/api'], 'services/api'],
  ['a source outside the repository', ['--source', '../x'], '../x'],
  ['no Python file at all', ['--repo', '@no-python'], 'nothing to check'],
  ['everything excluded', ['--exclude', '**'], 'nothing to check'],
  ['an archive that is not there', ['--upload', '@gone.tgz'], 'gone.tgz'],
  ['an archive that is cut', ['--upload', '@cut.tgz'], 'cut.tgz'],
  ['an archive with a wrong check sum', ['--upload', '@damaged.tgz'], 'damaged.tgz'],
  ['an empty file as archive', ['--upload', '@empty.tgz'], 'empty.tgz'],
  ['a text as archive', ['--upload', '@text.tgz'], 'text.tgz'],
  ['a folder as archive', ['--upload', '@nowhere'], 'nowhere'],
  ['an archive that leads outside', ['--upload', '@up.tar'], '../../etc/cron.d/x.py'],
  ['a name that would colour the terminal', ['--upload', '@\u001b[31mred.tgz'], '[31mred.tgz'],
  ['an option that would colour the terminal', ['--\u001b[31mred'], "unknown option '--\\x1b[31mred'"],
  ['an option that would be a command to a CI runner', ['--##vso[x]'], "unknown option '--#\\x23vso[x]'"],
  ['an image that is not there', ['--image', '@gone.tar'], 'gone.tar'],
  ['an image without a manifest', ['--image', '@no-manifest.tar'], 'no-manifest.tar'],
  ['an image that is cut', ['--image', '@cut-image.tar'], 'cut-image.tar'],
  ['an empty file as image', ['--image', '@empty-image.tar'], 'empty-image.tar'],
  ['an image with a damaged layer', ['--image', '@corrupted.tar'], 'layer 0'],
  ['an image that lacks a layer', ['--image', '@missing-layer.tar'], 'layer'],
  ['an image that leads outside', ['--image', '@escaping.tar'], '../a.py'],
  ['two images of one name', ['--image', 'a=@good.tgz', '--image', 'a=@good.tgz'], 'stage a already'],
  ['an option that is none', ['--no-such-option'], '--no-such-option'],
  ['a command that is none', ['verfy'], 'verfy'],
  ['a version that is none', ['--deploy-python', 'latest'], 'latest'],
  ['a program that is no Python', ['--python', '@good.tgz'], 'good.tgz'],
  ['jobs that are none', ['--jobs', '0'], '--jobs 0'],
  ['a format that is none', ['--format', 'yaml'], 'yaml'],
  ['a mapping that is none', ['--map', '/app'], '/app'],
  ['a Dockerfile that is not there', ['--dockerfile', 'gone/Dockerfile'], 'gone/Dockerfile'],
  ['a report that cannot be written', ['--format', 'json=@nowhere'], 'nowhere'],
]

describe('ends with 2, names the input, and shows no stack', () => {
  test.each(cases)('%s', async (_name, args, named) => {
    const { code, out, err } = await firstbreak(at('repository'), [
      ...args.map(arg => arg.replace('@', `${folder.path}/`)),
      ...['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12'].filter(
        (_, i) => i < 2 || !args.includes('--deploy-python'),
      ),
    ])
    expect(err).toContain(named)
    expect(err).not.toMatch(/^ +at /m)
    expect(err).not.toMatch(/bug in firstbreak/)
    expect(err.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })
})

test.each([
  [['--fomat'], 'verify'],
  [['gate'], 'gate'],
  [['seal', 'check'], 'seal check'],
  [['hook', 'install', '--x'], 'hook install'],
])('%j is answered with where the right words are listed', async (args, command) => {
  const { code, err } = await firstbreak(at('repository'), args)
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`\n(firstbreak ${command} --help lists`) })
})

test('nothing is written where archives and images lead', async () => {
  await firstbreak(at('repository'), ['--upload', at('up.tar')])
  await expect(readFile(join(folder.path, '..', 'a.py'))).rejects.toThrow('ENOENT')
  expect(await git(at('repository'), 'status', '--porcelain')).toBe('')
})
