import { expect, test } from 'vitest'
import { prepareForFew } from '../../../src/cli/hook/brief-work.ts'
import { embeddedInterpreters } from '../../../src/interpreters/embedded.ts'
import { openJudge } from '../../../src/interpreters/judge.ts'

test('embedded interpreters judge as before where few files are to be looked at', async () => {
  prepareForFew(10)
  await using judges = openJudge({ jobs: 2 })
  const [first] = embeddedInterpreters()
  const last = embeddedInterpreters().find(({ version }) => version.startsWith('3.14.'))!
  for (const interpreter of [first!, last]) {
    expect(await judges.judge(Buffer.from('x = 1\n'), interpreter)).toEqual({ kind: 'compiles' })
    expect(await judges.judge(Buffer.from('x = (\n'), interpreter)).toMatchObject({ kind: 'breaks' })
  }
})
