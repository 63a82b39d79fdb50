import { shellQuoted } from '../model/shell-quoted.ts'
import type {
  RulePlace,
  StayingItem,
  UploadCommand,
  UploadItem,
  UploadListing,
  UploadObstacle,
  UploadSurvey,
  WrittenUpload,
} from '../model/upload.ts'
import { jsonText } from './json-text.ts'
import { folderText, leakRemarks, size } from './upload-remarks.ts'
import { visible } from './visible.ts'
import { count } from './words.ts'

/** Raised when a field changes its meaning or goes. */
const schemaVersion = 1

const commandTexts: Readonly<Record<UploadCommand, string>> = {
  'builds-submit': 'gcloud builds submit',
  'run-deploy': 'gcloud run deploy --source',
  'functions-deploy': 'gcloud functions deploy',
  'app-deploy': 'gcloud app deploy',
}

/** What would go up and what would not, for a person; every line is fit for a terminal. */
export function listText({ goesUp, stays, survey, rulesFrom }: UploadListing): string {
  const rules = rulesFrom === null ? 'with no rules' : `by ${rulesFrom}`
  return paragraphs([
    [`${commandTexts[survey.command]}, ${rules}`],
    ['goes up', ...indented(goesUp.map(itemText))],
    ['stays', ...indented(stays.map(stayingText))],
    [totalsText(goesUp, stays, survey), ...indented(survey.folders.slice(0, mostFolders).map(folderText))],
    leakRemarks(survey),
  ])
}

/** What stops gcloud, for a person; empty when nothing does. */
export function obstaclesText({ command, obstacles }: UploadSurvey): string {
  if (obstacles.length === 0) return ''
  const title = `${commandTexts[command]} would fail, and nothing go up`
  return paragraphs([[title, ...indented(obstacles.map(obstacleText))]])
}

/** An archive that was written, and how to submit it, for a person. */
export function writtenText({ file, entries, bytes, sha256 }: WrittenUpload): string {
  return paragraphs([
    [
      `wrote   ${file}`,
      `        ${count(entries, 'entry', 'entries')}, ${count(bytes, 'byte')}`,
      `sha256  ${sha256}`,
      `submit  ${submission(file)}`,
    ],
  ])
}

/** The same for programs; `archive` is null when none was written. */
export function listJson(listing: UploadListing, archive: WrittenUpload | null): string {
  const { goesUp, stays, survey } = listing
  const { command, obstacles, files, bytes, folders } = survey
  const document = {
    schemaVersion,
    command,
    goesUp: goesUp.map(({ path, kind, size, target }) => ({ path, kind, size, target })),
    stays: stays.map(stayingDocument),
    obstacles,
    totals: { entries: goesUp.length, files, bytes, folders },
    archive,
  }
  return jsonText(document)
}

/** How many folders are named; they are the heaviest. */
const mostFolders = 5

function paragraphs(blocks: readonly (readonly string[])[]): string {
  const texts = blocks.filter(block => block.length > 0).map(block => block.map(visible).join('\n'))
  return `${texts.join('\n\n')}\n`
}

function indented(lines: readonly string[]): readonly string[] {
  return (lines.length === 0 ? ['(nothing)'] : lines).map(line => `  ${line}`)
}

function itemText({ path, kind, size: bytes, target }: UploadItem): string {
  switch (kind) {
    case 'file':
      return `${path}  ${bytes}`
    case 'directory':
      return `${path}/`
    case 'symlink':
      return `${path} -> ${target}`
    case 'hardlink':
      return `${path}  as ${target}`
    default:
      return `${path}  no file`
  }
}

function stayingText({ path, isDirectory, why }: StayingItem): string {
  return `${path}${isDirectory ? '/' : ''}  ${why.kind === 'rule' ? ruleText(why.rule) : unruledTexts[why.kind]}`
}

function ruleText({ file, line, text }: RulePlace): string {
  return `${text} (${line === null ? file : `${file}:${line}`})`
}

const unruledTexts = {
  'broken-link': 'a symbolic link that leads nowhere, which gcloud leaves out',
  'directory-link': 'a symbolic link to a directory, which gcloud leaves out',
  socket: 'a socket, which gcloud leaves out',
} as const

/** What no rule drops has `rule` null and a `reason`. */
function stayingDocument({ path, why }: StayingItem): object {
  return why.kind === 'rule' ? { path, rule: why.rule, reason: null } : { path, rule: null, reason: why.kind }
}

function obstacleText({ path, reason }: UploadObstacle): string {
  return `${path}: ${reason}`
}

function totalsText(goesUp: readonly UploadItem[], stays: readonly StayingItem[], survey: UploadSurvey): string {
  const directories = goesUp.filter(({ kind }) => kind === 'directory').length
  const held = directories === 0 ? '' : ` and ${count(directories, 'directory', 'directories')}`
  return `${count(survey.files, 'file')}, ${size(survey.bytes)}${held} go up, ${stays.length} ${stays.length === 1 ? 'stays' : 'stay'}`
}

/** In which no file is taken for an option. */
function submission(file: string): string {
  return shellQuoted(['gcloud', 'builds', 'submit', file.startsWith('-') ? `./${file}` : file])
}
