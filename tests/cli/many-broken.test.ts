import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { tgzOf } from '../support/archives.ts'
import { firstbreak } from '../support/command-line.ts'
import { saveImage } from '../support/images.ts'
import { needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { type Files, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const directories = [
  'app/routes',
  'app/models',
  'lib/core',
  'lib/util',
  'tests',
  'tools',
  'scripts/nightly',
  'services',
]
const lines = Array.from({ length: 20 }, (_, i) => `x${i} = ${i}\n`).join('')
const whole = (i: number) => `# file ${i}\n${lines}`

/** What is wrong with a file, and where that happens; none of it is repeated, so that no two have the same bytes. */
const ways: readonly {
  readonly from: 'commit' | 'worktree' | 'upload' | 'image'
  readonly broken: (i: number) => string
}[] = [
  { from: 'commit', broken: i => `${whole(i)}a = f"{x0['a']} {x1["b"]}"\n` },
  { from: 'commit', broken: i => `${whole(i)}type X = int\n` },
  { from: 'commit', broken: i => `${whole(i)}x = = 1\n` },
  { from: 'worktree', broken: i => `${whole(i)}y = (1\n` },
  { from: 'upload', broken: i => whole(i).replace('x9 =', '\0\0 =') },
  { from: 'image', broken: i => `${whole(i)}<<<<<<< HEAD\n` },
]

const stages = ['commit', 'worktree', 'upload', 'image'] as const

/** Told apart by what is wrong with them. */
const name = (i: number) => `m${i}_${i % ways.length}.py`

/** Every file at a stage: whole, or broken if that happens there or before. */
function filesAt(stage: (typeof stages)[number]): Files {
  return Object.fromEntries(
    Array.from({ length: 5000 }, (_, i) => {
      const { from, broken } = ways[i % ways.length]!
      const isBroken = stages.indexOf(from) <= stages.indexOf(stage)
      return [`${directories[i % directories.length]}/${name(i)}`, isBroken ? broken(i) : whole(i)]
    }),
  )
}

/** What a terminal shows at once. */
function expectScreenful(text: string): void {
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(50)
  expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
}

testNeeding(needsNative('3.11', '3.12'))(
  '5,000 broken files are told in a screenful, and all of them where that is asked for',
  async () => {
    await using folder = await temporaryFolder()
    const at = (name: string) => join(folder.path, name)
    await makeRepository(at('repository'), filesAt('commit'))
    await writeFiles(at('repository'), filesAt('worktree'))
    await writeFile(at('source.tgz'), await tgzOf(filesAt('upload')))
    const [up, down] = [filesAt('upload'), filesAt('image')]
    const under = (files: Files) =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`app/${path}`, text]))
    const altered = Object.fromEntries(Object.entries(down).filter(([path, text]) => up[path] !== text))
    await saveImage(at('image.tar'), [under(up), under(altered)], { instructions: ['COPY . .', 'RUN merge'] })
    const stagesOf = ['--upload', at('source.tgz'), '--image', at('image.tar')]
    const options = ['--interpreters', 'native', '--deploy-python', '3.11', '--dev-python', '3.12', ...stagesOf]
    const run = async (...more: string[]) => (await firstbreak(at('repository'), [...options, ...more])).out

    const short = (await run()).replaceAll(/(3\.1[12])\.\d+/g, '$1')
    expect(short).toContain('5,000 Python files in the image do not compile on CPython 3.11')
    expectScreenful(short)
    expect(short.match(/^error .*$/gm)).toEqual([
      'error version-skew  1,668 files  first break: the commit, on CPython 3.11',
      'error altered-in-image  833 files  first break: the image, on CPython 3.11',
      'error uncommitted-change  833 files  first break: the working tree, on CPython 3.11',
      'error altered-in-upload  833 files  first break: the uploaded archive, on CPython 3.11',
      'error broken-source  833 files  first break: the commit, on CPython 3.11',
    ])
    expect(short).toMatch(/rewrite at least [\d,]+\s+places/)
    // What is not looked for is said.
    expect(short.replaceAll(/\s+/g, ' ')).toContain('of 4,000 broken files only the first place is told')

    const alone = await run('--exclude', '**/*_[2-5].py')
    expectScreenful(alone)
    expect(alone.match(/^error .*$/gm)).toEqual([expect.stringMatching(/^error version-skew {2}1,668 files/)])

    const { findings, conclusion, hypotheses } = JSON.parse(await run('--format', 'json'))
    expect(findings).toHaveLength(5000)
    const searched = findings.filter((each: { evidence: { unsearched?: true } }) => !each.evidence.unsearched)
    expect(searched).toHaveLength(1000)
    expect(new Set(searched.map((each: { code: string }) => each.code)).size).toBe(5)
    expect(findings.every((each: { sites: object[] }) => each.sites.length > 0)).toBe(true)
    expect(conclusion).toContain('which explains 1,666 of 5,000 broken files')
    expect(hypotheses[0]).toMatchObject({ id: 'interpreter-differs', explains: 1668 })

    const long = await run('--verbose')
    for (let i = 0; i < 5000; i++) expect(long).toContain(`/${name(i)}`)
    expect(long).not.toContain('only the first place is told')
    expect(long).not.toMatch(/more (?:file|cause|place)s? /)
  },
)
