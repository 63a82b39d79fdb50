import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'

/** The words of a command of gcloud. */
export interface GcloudArguments {
  /** `builds submit`, `beta` and `alpha` left out. */
  readonly command: string
  /** What stands behind it and is neither an option nor its value. */
  readonly positionals: readonly string[]
  /** What an option was given, in order; '' for one without a value. */
  readonly options: ReadonlyMap<string, readonly string[]>
  /** Of them those behind each `--container`, by itself. */
  readonly containers: readonly ReadonlyMap<string, readonly string[]>[]
}

/** Of gcloud as a whole and of the commands whose positionals matter; they stand without a value. */
const switches = words(
  'help h quiet q log-http user-output-enabled async no-source suppress-logs no-cache cache promote stop-previous-version document',
)

/** The same, but the next word is their value. */
const valued =
  words(`account billing-project configuration flags-file flatten format impersonate-service-account project
  access-token-file trace-token verbosity filter limit page-size sort-by
  config t tag pack dir revision git-source-dir git-source-revision gcs-log-dir gcs-source-staging-dir ignore-file machine-type disk-size region
  service-account substitutions timeout polling-interval worker-pool default-buckets-behavior
  appyaml bucket image-url server v version`)

/**
 * Takes a command line of gcloud apart, without the program's own name. Whether a word is a value or stands for itself is
 * told by what is known of the option before it.
 *
 * @param commands those that are known, as `run deploy`.
 * @returns null for any other command.
 * @throws VerifierError when that of `commands` is asked with an option of which it is not known whether it takes the next word.
 */
export function gcloudArguments(args: readonly string[], commands: readonly string[]): GcloudArguments | null {
  const positionals: string[] = []
  /** The same, with what may be one. */
  const possible: string[] = []
  const unsure: string[] = []
  const options = new Map<string, string[]>()
  const containers: Map<string, string[]>[] = []
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!
    if (word === '--') {
      positionals.push(...args.slice(at + 1))
      break
    }
    const [, name, given] = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) {
      positionals.push(word)
      possible.push(word)
      continue
    }
    const next = args[at + 1]
    const isFollowed = given === undefined && next !== undefined && !/^-./.test(next)
    const takesNext = isFollowed && !switches.has(name.replace(/^no-/, '')) && !switches.has(name)
    if (takesNext && !valued.has(name)) {
      unsure.push(name)
      possible.push(next)
    }
    if (name === 'container') containers.push(new Map())
    for (const each of [options, ...containers.slice(-1)])
      each.set(name, [...(each.get(name) ?? []), given ?? (takesNext ? next : '')])
    if (takesNext) at++
  }
  const path = behindTrack(positionals)
  const asked = (words: readonly string[]) =>
    commands.find(each => each === words.slice(0, each.split(' ').length).join(' '))
  const command = asked(path)
  if (command === undefined) {
    const perhaps = asked(behindTrack(possible))
    if (perhaps !== undefined) throw notSure(perhaps, unsure[0]!)
    return null
  }
  assertSure(command, unsure)
  return { command, positionals: path.slice(command.split(' ').length), options, containers }
}

/** Commands of which nothing that stands for itself says what is sent. */
const named: readonly string[] = ['run deploy', 'run jobs deploy', 'run worker-pools deploy', 'functions deploy']

function assertSure(command: string, [unsure]: readonly string[]): void {
  if (unsure !== undefined && !named.includes(command)) throw notSure(command, unsure)
}

function behindTrack(words: readonly string[]): readonly string[] {
  return /^(?:alpha|beta|preview)$/.test(words[0] ?? '') ? words.slice(1) : words
}

function notSure(command: string, unsure: string): VerifierError {
  return new VerifierError(
    'bad-usage',
    `gcloud ${command}: it is not known whether --${quoted(unsure)} takes the word behind it, so what is sent is not either: write --${unsure}=VALUE, or put it last`,
  )
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}
