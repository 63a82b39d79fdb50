import { VerifierError } from '../../model/errors.ts'
import type { LineCommit, LineHistory, LineOrigin } from '../../model/line-history.ts'
import { type Path, parsePath } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import { isShallow } from './git-history.ts'
import { gitRecords, runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** What git is told so that nothing of the repository's or the user's configuration starts a program or changes what is printed. */
const settings = [
  '--no-pager',
  ...['log.showSignature=false', 'blame.showRoot=false', 'blame.ignoreRevsFile=', 'core.quotePath=false'].flatMap(
    each => ['-c', each],
  ),
]
const shape = ['--no-textconv', '--encoding=UTF-8']

/** Who wrote the lines of the files of `commit`, by `git blame` and `git log -L`. */
export function gitLines({ directory }: Repository, commit: string): LineHistory {
  return {
    async origins(path, lines) {
      if (lines.length === 0) return new Map()
      const args = ['blame', '--porcelain', '--no-progress', ...shape, ...rangesOf(lines).flatMap(each => ['-L', each])]
      return parseBlame(await runGit(directory, [...settings, ...args, commit, '--', argumentOf(path)]))
    },
    async changes(path, lines, most) {
      if (lines.length === 0) return []
      const format = ['-z', '--no-patch', '--format=tformat:%H%x00%ct%x00%an%x00%s', `--max-count=${most}`]
      const quiet = ['--no-ext-diff', '--no-show-signature', '--no-color', '--no-notes', ...shape]
      const ranges = rangesOf(lines).flatMap(each => ['-L', `${each}:${argumentOf(path)}`])
      const records: string[] = []
      for await (const record of gitRecords(directory, [...settings, 'log', ...format, ...quiet, ...ranges, commit]))
        records.push(record.toString('utf8'))
      return commitsOf(records)
    },
    isShallow: () => isShallow(directory),
  }
}

/** `3,5` for lines that follow one another. */
function rangesOf(lines: readonly number[]): string[] {
  const ranges: { readonly first: number; last: number }[] = []
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range?.last === line - 1) range.last = line
    else ranges.push({ first: line, last: line })
  }
  return ranges.map(({ first, last }) => `${first},${last}`)
}

/** @throws VerifierError for a name that cannot stand in a command line. */
function argumentOf(path: Path): string {
  if (path.isWellFormed()) return path
  throw new VerifierError('git-failed', `${quoted(path)} is not UTF-8, and git cannot be asked for it by name`)
}

function commitsOf(records: readonly string[]): LineCommit[] {
  const commits: LineCommit[] = []
  for (let i = 0; i + 3 < records.length; i += 4) {
    const [id = '', time = '', author = '', summary = ''] = records.slice(i, i + 4)
    commits.push({ id, date: dateOf(time), author, summary })
  }
  return commits
}

/** What git says of a commit stands only where it is first named. */
function parseBlame(output: Buffer): Map<number, LineOrigin> {
  const origins = new Map<number, LineOrigin>()
  const known = new Map<string, Map<string, string>>()
  let [id, line] = ['', 0]
  for (const text of output.toString('utf8').split('\n')) {
    const heading = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(text)
    const facts = known.get(id)
    if (text.startsWith('\t')) {
      origins.set(line, originOf(id, facts!))
    } else if (heading !== null) {
      id = heading[1]!
      line = Number(heading[2])
      if (!known.has(id)) known.set(id, new Map())
    } else if (text !== '') {
      const [name = ''] = text.split(' ', 1)
      facts?.set(name, text.slice(name.length + 1))
    }
  }
  return origins
}

function originOf(id: string, facts: ReadonlyMap<string, string>): LineOrigin {
  const name = facts.get('filename') ?? ''
  return {
    id,
    date: dateOf(facts.get('committer-time') ?? ''),
    author: facts.get('author') ?? '',
    summary: facts.get('summary') ?? '',
    // In quotes stand names with characters that git escapes.
    path: name.startsWith('"') ? null : parsePath(name),
    isFirst: facts.has('boundary'),
  }
}

/** Of seconds since 1970. */
function dateOf(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z')
}
