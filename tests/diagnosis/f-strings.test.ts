import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect } from 'vitest'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { SiteList } from '../../src/model/finding.ts'
import { sitesIn } from '../support/error-sites.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { fStrings, moduleOf } from './f-string-corpus.ts'

const syntax = await loadSyntax()

const bench = openJudge({ jobs: 2 })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax }

describe.each(['3.8', '3.9', '3.10', '3.11'])('CPython %s', version => {
  const testIt = testNeeding(needsNative(version))

  for (const [source, feature] of fStrings) {
    testIt(`${JSON.stringify(source)} is ${feature ?? 'fine'}`, async () => {
      const { sites, complete } = await sitesIn(`a = 1\nx = ${source}\ny = 2\n`, nativePython(version)!, means)
      expect({ features: sites.map(site => site.feature?.id), complete }).toEqual({
        features: feature === null ? [] : [feature],
        complete: true,
      })
    })
  }

  testIt('each of them in one module', async () => {
    const { sites, complete } = await sitesIn(
      moduleOf(fStrings.map(([source]) => source)),
      nativePython(version)!,
      means,
    )
    const expected = fStrings.flatMap(([, feature]) => feature ?? [])
    expect({ features: sites.map(site => site.feature?.id), complete }).toEqual({ features: expected, complete: true })
  })

  for (const [name, ending] of [
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    testIt(`with ${name} line endings`, async () => {
      const text = moduleOf(fStrings.map(([source]) => source))
      const plain = await sitesIn(text, nativePython(version)!, means)
      const other = await sitesIn(text.replaceAll('\n', ending), nativePython(version)!, means)
      const lines = (list: SiteList) => list.sites.map(({ start, feature }) => [start?.line, feature?.id])
      expect(lines(other)).toEqual(lines(plain))
    })
  }
})

testNeeding(needsNative('3.11', '3.12'))('3.11 stops where it would stop in each f-string by itself', async () => {
  const text = moduleOf(fStrings.map(([source]) => source))
  const { sites } = await sitesIn(text, nativePython('3.11')!, means)
  expect(sites.map(site => site.start?.line)).toEqual(await linesAlone(text))
})

/** The f-strings as CPython 3.12 itself sees them, each alone given to 3.11, and the lines at which that stops. */
async function linesAlone(text: string): Promise<number[]> {
  const lines: number[] = []
  for (const [line, segment] of segments(text)) {
    const verdict = await bench.judge(Buffer.from(`(${segment})\n`), nativePython('3.11')!)
    if (verdict.kind === 'breaks') lines.push(line + verdict.at!.line - 1)
  }
  return lines
}

/** Prints the line and the text of every f-string that lies in no other. */
const tokenizing = `
import io, json, sys, tokenize
text = sys.stdin.buffer.read().decode('utf-8')
lines, found, depth = text.splitlines(True), [], 0
for token in tokenize.generate_tokens(io.StringIO(text).readline):
    if token.type == tokenize.FSTRING_START:
        depth += 1
        if depth == 1: start = token.start
    if token.type == tokenize.FSTRING_END:
        depth -= 1
        if depth == 0:
            rows = lines[start[0] - 1:token.end[0]]
            rows[-1] = rows[-1][:token.end[1]]
            rows[0] = rows[0][start[1]:]
            found.append([start[0], ''.join(rows)])
print(json.dumps(found))
`

function segments(text: string): [line: number, segment: string][] {
  const { executable } = nativePython('3.12')!
  return JSON.parse(execFileSync(executable!, ['-I', '-c', tokenizing], { input: text, encoding: 'utf8' }))
}
