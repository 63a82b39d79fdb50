import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { summarize } from '../../fixtures/incident/summarize.ts'

const schema = JSON.parse(await readFile(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

/** The report of a whole run, as its snapshot keeps it. */
async function recorded(name = 'everything-json'): Promise<Record<string, unknown>> {
  const run = await readFile(join(import.meta.dirname, `../cli/runs/${name}.txt`), 'utf8')
  return JSON.parse(run.slice(run.indexOf('{'), run.lastIndexOf('}') + 1))
}

test('a whole report is as the schema says', async () => {
  const report = await recorded()
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  expect(summarize(report as never).findings.length).toBeGreaterThan(2)
})

test('a report of declarations that disagree is as the schema says', async () => {
  const report = await recorded('policy-conflict-json')
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  expect(summarize(report as never).findings).toHaveLength(3)
})

test.each<[string, (report: { findings: [{ sites: [object] }] }) => void]>([
  ['a key that the schema does not know', report => Object.assign(report, { more: 1 })],
  ['an outcome that is none', report => Object.assign(report, { outcome: 'fine' })],
  ['a column of 0', ({ findings }) => Object.assign(findings[0].sites[0], { column: 0 })],
])('%s is not', async (_name, spoil) => {
  const report = await recorded()
  spoil(report as never)
  expect(validate(report)).toBe(false)
})
