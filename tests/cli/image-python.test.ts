import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { type ImageWorkshop, imageWorkshop, needsEngine } from '../support/engine.ts'
import { saveImage } from '../support/images.ts'
import { containersOf, untilNone, untilRunning } from '../support/leftovers.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { builtProgram } from '../support/program.ts'
import { type Files, git, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { hanger, idler, liar, naysayer } from './image-python.ts'

const needs = [needsEngine, needsNative('3.11', '3.12')]
const test = testNeeding(...needs)

let workshop: ImageWorkshop
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let repository: string
let honest: string

const files: Files = { 'app/fine.py': 'x = 1\n', 'app/new.py': "f'{'x'}'\n" }

beforeAll(async () => {
  if (!needs.every(({ present }) => present)) return
  workshop = imageWorkshop()
  folder = await temporaryFolder()
  repository = join(folder.path, 'repository')
  await makeRepository(repository, files)
  honest = await imageOf('CMD ["python3", "app/fine.py"]')
})
afterAll(async () => {
  await workshop?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

/** An image with the files of the repository; `python` is put in front of its own Python, on PATH. */
async function imageOf(instructions: string, python?: string, minor: string | null = '3.11'): Promise<string> {
  const more = python === undefined ? '' : 'COPY python3 /opt/bin/python3\nENV PATH=/opt/bin:/usr/local/bin:/bin\n'
  const dockerfile = `FROM ${await workshop.base(minor)}\n${more}WORKDIR /srv\nCOPY app app\n${instructions}\n`
  return workshop.build(dockerfile, { ...files, ...(python === undefined ? {} : { python3: python }) })
}

async function run(image: string, ...args: readonly string[]) {
  const all = ['--repo', repository, '--image', image, '--dev-python', '3.12', '--upload', 'none', '--format', 'json']
  const { code, out, err } = await firstbreak(folder.path, [...all, ...args])
  if (out === '') throw new Error(err)
  const report = JSON.parse(out)
  const errors = report.findings.filter(({ severity }: { severity: string }) => severity === 'error')
  const interpreters = report.interpreters.map(
    ({ id, roles, checks }: { id: string; roles: string[]; checks: string[] }) =>
      [id, ...roles, ...checks.map(each => `checks ${each}`)].join(' '),
  )
  return { code, report, errors, interpreters, remarks: report.remarks.join('\n') as string }
}

const version = () => nativePython('3.11')!.version

describe("an image's own Python", () => {
  test('is who judges, checked by another build', async () => {
    const { code, errors, interpreters, report, remarks } = await run(honest)
    expect(code).toBe(1)
    expect(interpreters).toEqual([
      `image-${version()} deploy`,
      expect.stringMatching(/^native-3\.12\.\d+ dev$/),
      `native-${version()} checks image-${version()}`,
    ])
    expect(report.interpreters[0]).toMatchObject({ provider: 'image', version: version(), standsInFor: null })
    expect(errors).toMatchObject([
      { code: 'version-skew', path: 'app/new.py', firstBreak: { interpreter: `image-${version()}` } },
    ])
    expect(report.roles.deploy).toEqual([{ version: version(), from: '/usr/local/bin/python3 in image' }])
    expect(remarks.split('\n')[0]).toBe(
      `ran /usr/local/bin/python3 of image, which it starts, in a container without network, privileges or anything to write to: it is CPython ${version()}; --run-image never does without`,
    )
    expect(report.stages.at(-1).pythons).toEqual([
      {
        version: version(),
        from: '/usr/local/bin/python3 in image',
        prefix: '/usr/local',
        path: '/usr/local/bin/python3',
        reachedBy: 'start',
      },
    ])
    const platform = report.hypotheses.find(({ id }: { id: string }) => id === 'platform-differs')
    expect(platform).toMatchObject({
      state: 'refuted',
      evidence: expect.stringContaining(
        `; CPython ${version()} of image and CPython ${version()} (native) gave equal verdicts on 2 contents`,
      ),
    })
    expect(await containersOf(workshop.docker, honest)).toEqual([])
    const { out } = await firstbreak(folder.path, ['--repo', repository, '--image', honest, '--dev-python', '3.12'])
    expect(out).toContain(`CPython ${version()} (the image's own), as /usr/local/bin/python3 in image says`)
    expect(out).toContain(`also asked   CPython ${version()} (native), to check CPython ${version()} of the image`)
  })

  test('may be checked by another patch release', async () => {
    const { code, interpreters } = await run(honest, '--interpreters', 'embedded')
    expect(code).toBe(1)
    expect(interpreters).toContain(`embedded-3.11.3 checks image-${version()}`)
  })

  test('is asked once of each image', async () => {
    const { interpreters } = await run(`cloud=${honest}`, '--image', `local=${honest}`)
    expect(interpreters.slice(0, 2)).toEqual([`image-${version()}@cloud deploy`, `image-${version()}@local deploy`])
  })

  test('is asked where another one is said to be deployed', async () => {
    const { code, interpreters } = await run(honest, '--deploy-python', '3.12')
    expect(code).toBe(0)
    expect(interpreters).toEqual([
      expect.stringMatching(/^native-3\.12\.\d+ deploy dev$/),
      `image-${version()}`,
      `native-${version()} checks image-${version()}`,
    ])
  })

  test('is found where nothing starts it', async () => {
    const { remarks } = await run(await imageOf('CMD ["/bin/sh"]'))
    expect(remarks).toContain('ran /usr/local/bin/python3 of image, the first on its PATH, as it starts no Python,')
  })

  test('is found through a script and a shell', async () => {
    const image = await workshop.build(
      `FROM ${await workshop.base('3.11')}\nWORKDIR /srv\nCOPY . .\nENTRYPOINT ["./start.sh"]\nCMD exec serve --bind :$PORT\nENV PATH=/srv/bin:/bin\n`,
      {
        ...files,
        'start.sh': '#!/bin/sh\nset -e\nexec "$@"\n',
        'bin/serve': '#!/usr/local/bin/python3.11\n',
      },
    )
    expect((await run(image)).remarks).toContain('ran /usr/local/bin/python3.11 of image, which it starts,')
  })
})

describe('is not run', () => {
  test('with --run-image never', async () => {
    const { code, interpreters, remarks } = await run(honest, '--run-image', 'never')
    expect(code).toBe(1)
    expect(interpreters[0]).toMatch(/^native-3\.11\.\d+ deploy$/)
    expect(remarks).toContain('the Python of image itself was not run, as --run-image never says')
  })

  test('of a file', async () => {
    const file = join(folder.path, 'image.tar')
    await saveImage(file, [{ 'srv/app/fine.py': 'x = 1\n' }], { environment: ['PYTHON_VERSION=3.11.7'] })
    const { interpreters, remarks } = await run(file)
    expect(interpreters.join()).not.toContain('image')
    expect(remarks).not.toMatch(/\bran?\b/)
  })

  test('where the image holds none', async () => {
    const { remarks } = await run(await imageOf('CMD ["/bin/sh"]', undefined, null), '--deploy-python', '3.11')
    expect(remarks).toContain('nothing of image was run: neither what it starts nor its PATH leads to a Python')
  })

  test('on the word of a repository, which may only forbid it', async () => {
    const pyproject = (value: string) => ({ ...files, 'pyproject.toml': `[tool.firstbreak]\nrun-image = "${value}"\n` })
    const [auto, never] = [join(folder.path, 'auto'), join(folder.path, 'never')]
    await makeRepository(auto, pyproject('auto'))
    await makeRepository(never, pyproject('never'))
    expect(await firstbreak(auto, ['--image', honest])).toMatchObject({
      code: 2,
      err: 'firstbreak: [tool.firstbreak] run-image can only be "never": give "auto" as --run-image instead\n',
    })
    expect((await run(honest, '--repo', never)).remarks).toContain('was not run')
  })
})

describe('an image that is not to be trusted', () => {
  for (const [name, python, reason] of [
    ['prints rubbish', '#!/bin/sh\necho rubbish\n', 'it does not say that it is a Python'],
    ['prints without end', '#!/bin/sh\nwhile :; do echo rubbish; done\n', 'it does not answer as a Python does'],
    ['dies at start', '#!/bin/sh\nexit 3\n', 'it does not answer as a Python does'],
    ['starts no end of processes', '#!/bin/sh\n"$0" & "$0" & "$0"\n', 'it does not answer as a Python does'],
    ['is no program', 'rubbish', 'it does not answer as a Python does'],
    [
      'is no CPython',
      `#!/bin/sh\n/usr/local/bin/python3.11 "$@" | while read a; do echo "\${a%%cpython*}pypy\${a#*cpython}"; done\n`,
      'it is no CPython: it says it is pypy, of Python',
    ],
  ] as const) {
    test(`whose Python ${name} is judged by another one, and that is said`, async () => {
      const image = await imageOf('CMD ["python3"]', python)
      const { code, errors, interpreters, remarks } = await run(image)
      expect({ code, found: errors[0].code }).toEqual({ code: 1, found: 'version-skew' })
      expect(interpreters[0]).toMatch(/^native-3\.11\.\d+ deploy$/)
      expect(remarks).toContain(`and cannot use it: ${reason}`)
      await untilNone(workshop.docker, image)
    })
  }

  test('what it alone takes, nobody can tell', async () => {
    const { code, errors, remarks, report } = await run(await imageOf('CMD ["python3"]', liar))
    expect(code).toBe(2)
    expect(errors).toMatchObject([
      {
        code: 'undecided',
        path: 'app/new.py',
        evidence: {
          reason: expect.stringContaining(
            `CPython ${version()} of image takes it, and CPython ${version()} (native) rejects it: `,
          ),
        },
      },
    ])
    expect(remarks).toContain('disagree: the image takes 1 content that the other rejects, so nobody can tell')
    expect(report.hypotheses.find(({ id }: { id: string }) => id === 'platform-differs')).toMatchObject({
      state: 'confirmed',
      evidence: expect.stringContaining('gave different verdicts on 1 of 2 contents'),
    })
  })

  test('what it alone rejects is broken, and said to be disputed', async () => {
    const { code, errors, remarks } = await run(await imageOf('CMD ["python3"]', naysayer(1)))
    expect(code).toBe(1)
    expect(errors).toMatchObject([
      { path: 'app/fine.py', evidence: { contradictedBy: [`native-${version()}`] } },
      { path: 'app/new.py' },
    ])
    expect(remarks).toContain('disagree: the image rejects 1 content that the other takes')
  })

  test('a place outside the file is no answer', async () => {
    const { code, errors } = await run(await imageOf('CMD ["python3"]', naysayer(Number.MAX_SAFE_INTEGER)))
    expect(code).toBe(2)
    expect(errors[0].evidence.reason).toContain('it writes what is no answer')
  })

  test('what it said is remembered for no other', async () => {
    expect((await run(await imageOf('CMD ["python3"]', liar))).code).toBe(2)
    expect((await run(honest)).code).toBe(1)
  })
})

describe('a run that is ended', () => {
  for (const [signal, name, python] of [
    ['SIGINT', 'is being asked', hanger],
    ['SIGINT', 'judges', idler],
    ['SIGTERM', 'judges', idler],
    ['SIGKILL', 'judges', idler],
  ] as const) {
    test(`by ${signal} while an image's Python ${name} leaves no container and nothing else`, async () => {
      const image = await imageOf('CMD ["python3"]', python)
      const args = [await builtProgram(), '--repo', repository, '--image', image, '--dev-python', '3.12', '--no-cache']
      const child = spawn(process.execPath, args, { stdio: 'ignore' })
      const ended = once(child, 'close')
      await untilRunning(workshop.docker, image)
      child.kill(signal)
      expect(await ended).toEqual(signal === 'SIGKILL' ? [null, signal] : [{ SIGINT: 130, SIGTERM: 143 }[signal], null])
      await untilNone(workshop.docker, image)
      expect(await git(repository, 'status', '--porcelain', '--ignored')).toBe('')
    })
  }
})
