import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { builtProgram } from '../support/program.ts'
import { git, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const posix = { name: 'a POSIX system', present: process.platform !== 'win32' }

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  testNeeding(posix, needsNative('3.11'))(`${signal} in the middle of a slow file ends every child`, async () => {
    await using folder = await temporaryFolder()
    const repository = join(folder.path, 'repository')
    await makeRepository(repository, { 'slow.py': 'x = 1\n', 'other.py': 'x = 2\n' })
    const pids = join(folder.path, 'pids')
    const python = join(folder.path, 'python')
    // What it says of itself is true; every source takes it long.
    const judging = `echo $$ >> ${pids}; exec /bin/sleep 600`
    const script = `case "$*" in *check.py*) ${judging};; *) exec ${nativePython('3.11')!.executable} "$@";; esac`
    await writeFile(python, `#!/bin/sh\n${script}\n`)
    await chmod(python, 0o755)

    const options = [
      '--python',
      python,
      '--deploy-python',
      '3.11',
      '--dev-python',
      '3.11',
      '--interpreters',
      'embedded',
      // A verdict that is remembered would be waited for in vain.
      '--no-cache',
    ]
    const child = spawn(process.execPath, [await builtProgram(), '--repo', repository, ...options])
    const err: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    const ended = once(child, 'close')
    const started = await pidsIn(pids)
    child.kill(signal)
    expect(await ended).toEqual([code, null])
    expect(Buffer.concat(err).toString()).toBe(`firstbreak: stopped by ${signal} before everything was looked at\n`)
    expect([...started, ...(await pidsIn(pids))].filter(isThere)).toEqual([])
    expect(await git(repository, 'status', '--porcelain', '--ignored')).toBe('')
  })
}

/** The processes that have been started, as soon as there is one. */
async function pidsIn(file: string): Promise<number[]> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text.includes('\n')) return text.trim().split('\n').map(Number)
    await setTimeout(20)
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // there is no such process
  }
}
