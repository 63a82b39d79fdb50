import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { openJudge } from '../../src/interpreters/judge.ts'
import { labelOf, labels, sources } from '../interpreters/sources.ts'
import { nativePythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const script = join(import.meta.dirname, '../../scripts/keep-python.sh')

for (const version of ['3.9.18', '3.10.13', '3.11.7', '3.12.1', '3.13.0']) {
  const whole = nativePythons.find(each => each.version === version)
  const minor = version.split('.', 2).join('.')

  testNeeding({ name: `CPython ${version}`, present: whole !== undefined })(
    `what is kept of ${version} says of every source what the whole of it says, and is small`,
    async () => {
      await using folder = await temporaryFolder()
      await execa('sh', [script, minor, dirname(dirname(whole!.executable!)), folder.path])
      const kept = { ...whole!, executable: join(folder.path, `bin/python${minor}`) }
      await using open = openJudge({ jobs: 2 })
      for (const [name, source] of sources) {
        const label = labels[version]![name]!
        expect([name, labelOf(await open.judge(source, kept), label?.line ?? null)]).toEqual([name, label])
      }
      const names = await readdir(join(folder.path, 'lib', `python${minor}`), { recursive: true })
      const needless = /(^|\/)(site-packages|tests?|ensurepip|idlelib|__pycache__)(\/|$)/
      expect(names.filter(path => needless.test(path))).toEqual([])
    },
  )
}
