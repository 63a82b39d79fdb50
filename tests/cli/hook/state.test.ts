import { chmod } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { hookState } from '../../../src/cli/hook/hook-state.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { firstbreak } from '../../support/command-line.ts'
import { testNeeding } from '../../support/needs.ts'
import { writeScript } from '../../support/program.ts'
import { needsPosix } from '../../support/programs.ts'
import { type Files, git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

/** Of a repository with these files, and with these hooks in `.git/hooks`, before and after `firstbreak hook install`. */
async function states({ files = {}, hook }: { readonly files?: Files; readonly hook?: string }) {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x = 1\n' })
  await writeFiles(folder.path, files)
  if ('.husky/_/husky.sh' in files) await git(folder.path, 'config', 'core.hooksPath', '.husky')
  if (hook !== undefined) await writeScript(join(folder.path, '.git/hooks/pre-push'), hook)
  const repository = await openRepository(folder.path)
  const state = async () => {
    const { file, ...rest } = await hookState(repository)
    return { ...rest, file: relative(repository.directory, file).replaceAll('\\', '/') }
  }
  const before = await state()
  await firstbreak(folder.path, ['hook', 'install'])
  return [before, await state()]
}

const file = '.git/hooks/pre-push'
const lefthook = { 'lefthook.yml': 'pre-commit:\n  commands: {}\n' }
const byHand = 'pre-push:\n  commands:\n    firstbreak:\n      run: npx firstbreak hook pre-push {1}\n'
const reason = 'lefthook install has not been run for it'

test.each<[string, Parameters<typeof states>[0], object, object]>([
  ['no hook', {}, { kind: 'absent', file }, { kind: 'installed', file, isChained: false }],
  [
    'a hook that names it in a comment',
    { hook: '# as firstbreak hook pre-push\nexit 0' },
    { kind: 'other', file },
    { kind: 'installed', file, isChained: true },
  ],
  [
    'a hook by hand',
    { hook: 'npx firstbreak hook pre-push "$@"' },
    { kind: 'installed', file, isChained: false },
    { kind: 'installed', file, isChained: true },
  ],
  [
    'husky',
    { files: { '.husky/_/husky.sh': '' } },
    { kind: 'absent', file: '.husky/pre-push' },
    { kind: 'installed', file: '.husky/pre-push', isChained: false },
  ],
  [
    'lefthook that has written no hook',
    { files: lefthook },
    { kind: 'absent', file: 'lefthook-local.yml' },
    { kind: 'idle', file: 'lefthook-local.yml', reason },
  ],
  [
    'lefthook that has',
    { files: lefthook, hook: 'call_lefthook run "pre-push" "$@"' },
    { kind: 'absent', file: 'lefthook-local.yml' },
    { kind: 'installed', file: 'lefthook-local.yml', isChained: false },
  ],
  [
    'lefthook that is told for everybody',
    { files: { 'lefthook.yml': byHand }, hook: 'call_lefthook run "pre-push" "$@"' },
    { kind: 'installed', file: 'lefthook.yml', isChained: false },
    { kind: 'installed', file: 'lefthook-local.yml', isChained: false },
  ],
])('%s', async (_name, given, before, after) => expect(await states(given)).toEqual([before, after]))

testNeeding(needsPosix)('a hook that git passes over, as it is not executable; doctor tells', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x = 1\n' })
  await firstbreak(folder.path, ['hook', 'install'])
  const hook = join(folder.path, file)
  const environment = { HOME: dirname(folder.path), PATH: process.env.PATH ?? '' }
  const doctor = async () => {
    const { out } = await firstbreak(folder.path, ['doctor', '--format', 'json'], environment)
    return (JSON.parse(out) as { readonly hook: unknown }).hook
  }
  expect(await doctor()).toMatchObject({ state: 'installed', chained: false })
  await chmod(hook, 0o644)
  expect(await doctor()).toMatchObject({ state: 'idle', path: expect.stringMatching(/\.git\/hooks\/pre-push$/) })
})
