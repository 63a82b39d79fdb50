import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { assertMayBeRun } from '../../src/interpreters/run-permission.ts'
import { surveyNatives } from '../../src/interpreters/survey-natives.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { needsPosix } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const python = nativePython('3.13')
const inside = 'it lies in the repository, of which nothing is run'

/** A repository beside an empty folder for everything else; what is found with them. */
async function survey(top: string, environment: Readonly<Record<string, string>> = {}) {
  return surveyNatives({ environment, repository: join(top, 'repository'), root: join(top, 'root') })
}

testNeeding(needsPosix, needsNative('3.13'))('what .venv/bin leads to is found', async () => {
  await using folder = await temporaryFolder()
  await configure(folder.path, 'version = 3.13.0')
  await link(python!.executable!, join(folder.path, 'repository/.venv/bin/python'))
  await link('python', join(folder.path, 'repository/.venv/bin/python3'))
  expect(await survey(folder.path)).toEqual({ found: [{ ...python, from: '.venv' }], leftOut: [] })
})

testNeeding(needsPosix, needsNative('3.13'))(
  'what pyvenv.cfg calls home is found, behind a copy that is not run',
  async () => {
    await using folder = await temporaryFolder()
    await configure(folder.path, `version = 3.13.0\r\nhome = ${dirname(python!.executable!)}\r\n`)
    const own = join(folder.path, 'repository/.venv/bin/python3')
    await mkdir(dirname(own))
    await copyFile(python!.executable!, own)
    await chmod(own, 0o755)
    expect(await survey(folder.path)).toEqual({
      found: [{ ...python, from: '.venv' }],
      leftOut: [{ path: own, from: '.venv', reason: inside }],
    })
  },
)

testNeeding(needsPosix, needsNative('3.13'))(
  'nothing that lies in the repository is run, whoever names it',
  async () => {
    await using folder = await temporaryFolder()
    const repository = join(folder.path, 'repository')
    const tool = join(repository, 'tools/bin/python3')
    await mkdir(dirname(tool), { recursive: true })
    await copyFile(python!.executable!, tool)
    await chmod(tool, 0o755)
    await configure(folder.path, `home = ${dirname(tool)}`)
    await link(tool, join(repository, '.venv/bin/python'))
    await link(tool, join(folder.path, 'bin/python'))
    await link(repository, join(folder.path, 'alias'))
    const PATH = [join(folder.path, 'bin'), join(folder.path, 'alias/tools/bin')].join(':')
    const { found, leftOut } = await survey(folder.path, { PATH, CONDA_PREFIX: join(repository, 'tools') })
    expect(found).toEqual([])
    expect(leftOut).toEqual([
      { path: join(folder.path, 'bin/python'), from: 'PATH', reason: inside },
      { path: join(folder.path, 'alias/tools/bin/python3'), from: 'PATH', reason: inside },
      { path: join(repository, '.venv/bin/python'), from: '.venv', reason: inside },
    ])
  },
)

testNeeding(needsPosix, needsNative('3.13'))(
  'the repository cannot have a program run that is called otherwise',
  async () => {
    await using folder = await temporaryFolder()
    await configure(folder.path, '')
    const tool = join(folder.path, 'elsewhere/tool')
    await mkdir(dirname(tool))
    await copyFile(python!.executable!, tool)
    await chmod(tool, 0o755)
    await link(tool, join(folder.path, 'repository/.venv/bin/python'))
    expect((await survey(folder.path)).leftOut).toEqual([
      {
        path: join(folder.path, 'repository/.venv/bin/python'),
        from: '.venv',
        reason: 'it leads to tool, which is not called a Python',
      },
    ])
  },
)

testNeeding(needsPosix, needsNative('3.13'))('a folder without pyvenv.cfg is no virtual environment', async () => {
  await using folder = await temporaryFolder()
  await link(python!.executable!, join(folder.path, 'repository/.venv/bin/python'))
  expect(await survey(folder.path)).toEqual({ found: [], leftOut: [] })
})

test.each(['home = bin', 'home = //server/share', 'home =', `home = ${'/x'.repeat(40_000)}`])(
  'a pyvenv.cfg that names no folder of this machine leads nowhere: %.20s',
  async configuration => {
    await using folder = await temporaryFolder()
    await configure(folder.path, configuration)
    expect(await survey(folder.path)).toEqual({ found: [], leftOut: [] })
  },
)

const [user, stranger] = [userInfo().uid, 4711]
test.each([
  ['the own one of the user', user, true, false, true],
  ['the own one of root', 0, true, false, true],
  ["a stranger's", stranger, true, false, false],
  ["a stranger's, found elsewhere", stranger, true, true, true],
  ["a stranger's, named by the user", stranger, false, true, true],
])('%s, behind .venv', (_name, owner, byRepository, isElsewhere, isAllowed) => {
  const program = { path: '/other/bin/python3', size: 1, modified: 0, owner }
  const naming = { repository: '/repository', byRepository, isFoundElsewhere: () => isElsewhere }
  const ask = () => assertMayBeRun(program, naming)
  if (isAllowed) expect(ask).not.toThrow()
  else expect(ask).toThrow('the repository leads to it')
})

async function configure(top: string, text: string): Promise<void> {
  await mkdir(join(top, 'repository/.venv'), { recursive: true })
  await writeFile(join(top, 'repository/.venv/pyvenv.cfg'), text)
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await symlink(target, path)
}
