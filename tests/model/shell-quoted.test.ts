import { execa } from 'execa'
import { expect, test } from 'vitest'
import { shellQuoted } from '../../src/model/shell-quoted.ts'
import { testNeeding } from '../support/needs.ts'
import { needsPosix } from '../support/programs.ts'

test('only what needs them stands in quotes', () => {
  const words = ['gcloud', 'run', '--region=us-central1', 'gs://b/o#7', 'a="b" AND c', "it's"]
  expect(shellQuoted(words)).toBe(`gcloud run --region=us-central1 'gs://b/o#7' 'a="b" AND c' 'it'\\''s'`)
})

testNeeding(needsPosix)('a shell takes it for the very words', async () => {
  const words = ['', ' ', "'", '"', '$(id)', '`id`', '\\', '*', '~', '!', 'a\nb', ';', '&', '|', '>x', '#', "'; id; '"]
  const { stdout } = await execa('sh', ['-c', `printf '%s\\0' ${shellQuoted(words)}`])
  expect(stdout.split('\0').slice(0, -1)).toEqual(words)
})
