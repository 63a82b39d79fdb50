import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a gcloud answers, by the beginning of what it is asked. */
export type Answers = Readonly<Record<string, object | { readonly fails: string } | { readonly copies: string }>>

/** A gcloud that answers from a table, and writes down what it was asked. */
export interface FakeGcloud {
  /** To be put on PATH. */
  readonly folder: string
  /** What it was asked so far, in order, each as its words. */
  readonly calls: () => Promise<readonly (readonly string[])[]>
}

/**
 * Puts a program called gcloud into `folder`. It prints the answer to the first question that what it is asked begins with, as JSON;
 * `copies` is the file that goes where `storage cp` is told, and whatever `fails` is said on stderr with exit code 1, as is
 * that it does not know the question.
 */
export async function fakeGcloud(folder: string, answers: Answers): Promise<FakeGcloud> {
  await mkdir(folder, { recursive: true })
  const table = join(folder, 'answers.json')
  await writeFile(table, JSON.stringify(answers))
  const program = `#!${process.execPath}
const { appendFileSync, copyFileSync, readFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify(args) + '\\n')
const answers = JSON.parse(readFileSync(${JSON.stringify(table)}, 'utf8'))
const question = Object.keys(answers).find(each => args.join(' ').startsWith(each))
const answer = answers[question]
if (answer === undefined || 'fails' in answer) {
  console.error('Some words before.\\nERROR: (gcloud) ' + (answer?.fails ?? 'no answer to ' + args.join(' ')))
  process.exit(1)
}
if ('copies' in answer) copyFileSync(answer.copies, args.at(-1))
else console.log(JSON.stringify(answer))
`
  await writeFile(join(folder, 'gcloud'), program)
  await chmod(join(folder, 'gcloud'), 0o755)
  const calls = async () => {
    const lines = await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
    return lines
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
  }
  return { folder, calls }
}
