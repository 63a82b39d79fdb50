import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Io } from '../../../src/cli/io.ts'
import { main } from '../../../src/cli/main.ts'
import { git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

test('on a terminal, what is being done is erased before what stops the push is said', async () => {
  await using folder = await temporaryFolder()
  const repository = join(folder.path, 'repository')
  await makeRepository(repository, { 'a.py': 'x = (1\n' })
  const head = (await git(repository, 'rev-parse', 'HEAD')).trim()
  let shown = ''
  const sink = {
    write: (text: string) => {
      shown += text
    },
    columns: 60,
  }
  const io: Io = {
    cwd: repository,
    environment: { ...process.env, FIRSTBREAK_CACHE_DIR: join(folder.path, 'cache'), NO_COLOR: '1' },
    input: () => Readable.from([Buffer.from(`refs/heads/main ${head} refs/heads/main ${'0'.repeat(40)}\n`)]),
    out: sink,
    err: sink,
    signal: new AbortController().signal,
    divertSignals: () => () => {},
    leftovers: new Set(),
  }
  const args = ['hook', 'pre-push', '--interpreters', 'embedded', '--deploy-python', '3.12', 'origin', 'nowhere']
  expect(await main(args, io)).toBe(1)
  expect(shown).toContain(' …')
  expect(shown).toContain('\r\u001b[Kfirstbreak: not pushed')
})
