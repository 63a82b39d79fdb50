import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { expect } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage, tarOf } from '../support/images.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { fc, runs } from '../support/random.ts'
import { type Files, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const stages = ['commit', 'worktree', 'upload', 'image'] as const
const codes = { worktree: 'uncommitted-change', upload: 'altered-in-upload', image: 'altered-in-image' } as const

const bodies = [
  'def f(a):\n    return a\n',
  'import os\nclass A:\n    x = {1: 2}\n',
  "name = f'{1 + 1}'\n",
  '\n',
  'a = (1,\n     2)\n',
]
const component = fc.stringMatching(/^[a-z_é][a-z0-9_]{0,6}$/)

/** Up to eight files; the number in each makes its content its own. */
const trees = fc
  .uniqueArray(fc.tuple(fc.array(component, { maxLength: 2 }), component), {
    minLength: 1,
    maxLength: 8,
    selector: ([directories, name]) => [...directories, name].join('/'),
  })
  .map(paths =>
    Object.fromEntries(
      paths.map(([directories, name], i) => [
        [...directories.map(each => `${each}_d`), `${name}.py`].join('/'),
        Buffer.from(`# ${i}\n${bodies[i % bodies.length]}`),
      ]),
    ),
  )

const changes = fc.oneof(
  fc.record({ at: fc.nat(), to: fc.integer({ min: 1, max: 255 }) }).map(({ at, to }) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes)
    const place = at % changed.length
    changed[place] = changed[place]! ^ to
    return changed
  }),
  fc.uint8Array({ minLength: 1, maxLength: 60 }).map(bytes => () => Buffer.from(bytes)),
  fc.constantFrom('print("replaced")\n', 'if:\n', 'match 1:\n    case _: pass\n').map(text => () => Buffer.from(text)),
)

/** What CPython itself says, asked in its own words. */
async function compiles(bytes: Buffer): Promise<boolean> {
  const program = 'import sys; compile(sys.stdin.buffer.read(), "x", "exec", dont_inherit=True)'
  const { exitCode } = await execa(nativePython('3.11')!.executable!, ['-I', '-S', '-W', 'ignore', '-c', program], {
    input: bytes,
    reject: false,
  })
  return exitCode === 0
}

interface Finding {
  readonly code: string
  readonly path: string
  readonly severity: string
  readonly firstBreak: { readonly stage: string } | null
  readonly evidence: { readonly after?: { readonly stage: string } }
}

async function verifyWay(
  at: Readonly<Record<(typeof stages)[number], Files>>,
): Promise<{ code: number; findings: Finding[] }> {
  await using folder = await temporaryFolder()
  const [repository, archive, image] = ['repository', 'source.tgz', 'image.tar'].map(name =>
    join(folder.path, name),
  ) as [string, string, string]
  await makeRepository(repository, at.commit)
  await writeFiles(repository, at.worktree)
  await writeFile(archive, gzipSync(await tarOf(at.upload)))
  const copied = Object.fromEntries(Object.entries(at.image).map(([path, bytes]) => [`app/${path}`, bytes]))
  await saveImage(image, [{ 'etc/os-release': 'ID=none\n' }, copied], { workingDirectory: '/app' })
  const options = ['--upload', archive, '--image', image, '--deploy-python', '3.11', '--dev-python', '3.12']
  const { code, out, err } = await firstbreak(repository, [...options, '--interpreters', 'native', '--format', 'json'])
  if (out === '') throw new Error(err)
  return { code, findings: JSON.parse(out).findings }
}

testNeeding(needsNative('3.11', '3.12'))(
  'a change injected at one stage is found at that stage, and only there',
  async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.nat(), fc.constantFrom(...stages), changes, async (tree, pick, stage, change) => {
        const paths = Object.keys(tree)
        const path = paths[pick % paths.length]!
        const changed = change(tree[path]!)
        fc.pre(!changed.equals(tree[path]!))
        const from = stages.indexOf(stage)
        const at = stages.map((_, i) => (i < from ? tree : { ...tree, [path]: changed }))
        const { code, findings } = await verifyWay(Object.fromEntries(stages.map((name, i) => [name, at[i]])) as never)

        const broken = !(await compiles(changed))
        expect(code).toBe(broken ? 1 : 0)
        const told = findings.map(({ code, path, severity, firstBreak, evidence }) => ({
          changed: codes[stage as keyof typeof codes] === code,
          path,
          severity,
          stage: firstBreak?.stage ?? evidence.after?.stage,
        }))
        if (stage === 'commit') {
          expect(told).toEqual(broken ? [{ changed: false, path, severity: 'error', stage: 'commit' }] : [])
        } else {
          expect(told).toEqual([{ changed: true, path, severity: broken ? 'error' : 'warning', stage }])
        }
      }),
      { numRuns: runs(25) },
    )
  },
)
