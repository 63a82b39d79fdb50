import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { features } from '../../src/diagnosis/features.ts'
import { firstbreak } from '../support/command-line.ts'

const pages = join(import.meta.dirname, '../../docs/findings')
const codes = (await readdir(pages)).filter(name => name !== 'README.md').map(name => name.replace(/\.md$/, ''))

const explain = (...args: string[]) => firstbreak('/', ['explain', ...args], {})

/** The words of a text, without the marks of Markdown and where its links lead. */
const words = (text: string) =>
  text
    .replaceAll(/```(?:console)?|^#+ |`/gm, '')
    .replaceAll(/\]\([^)]*\)|\[(?=[a-z/-]+\.md)/g, '')
    .split(/\s+/)
    .filter(word => word !== '')

test.each(codes)('%s is explained in the words of its page', async code => {
  const { code: exit, out, err } = await explain(code)
  expect({ exit, err }).toEqual({ exit: 0, err: '' })
  expect(words(out)).toEqual(words(await readFile(join(pages, `${code}.md`), 'utf8')))
  expect(out).not.toContain('```')
})

test.each(features.map(({ id }) => id))('%s is explained', async id => {
  const { code, out, err } = await explain(id)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    new RegExp(
      `^${id}\n\n[A-Z].* (?:since 3|before 3|in Python 2 only)[\\s\\S]*\nExample\n\n {2}[\\s\\S]*\nFor other Pythons\n\n[A-Z]`,
    ),
  )
})

test('what a construct is, since when, and how it is rewritten', async () => {
  const { out } = await explain('f-string-quote-reuse')
  await expect(out).toMatchFileSnapshot('runs/explain-feature.txt')
})

test('without a code, all of them are listed', async () => {
  const { code, out } = await explain()
  expect(code).toBe(0)
  await expect(out).toMatchFileSnapshot('runs/explain.txt')
  const listed = out.match(/^ {2}(?=\S)[\w-]+/gm)?.map(name => name.trim())
  expect(listed).toEqual([...codes.sort(), ...features.map(({ id }) => id)])
})

test.each([
  ['version-scew', 'did you mean "version-skew"? '],
  ['fstring-quote-reuse', 'did you mean "f-string-quote-reuse"'],
  ['STALE-IN-IMAGE', 'did you mean "stale-in-image"'],
  ['\u001b[31m', 'there is no finding or construct "\\u001b[31m": firstbreak explain lists all'],
  ['README', 'there is no finding or construct "README"'],
  ['../changes', 'there is no finding or construct "../changes"'],
])('%j is none', async (name, says) => {
  const { code, out, err } = await explain(name)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(says)
})
