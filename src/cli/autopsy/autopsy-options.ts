import type { Command } from 'commander'
import {
  addHowItRuns,
  addWhatIsRead,
  formatOption,
  repoOption,
  sourceOption,
  type VerifyOptions,
} from '../verify-options.ts'

/** What `firstbreak autopsy` was told. */
export interface AutopsyOptions extends Omit<VerifyOptions, 'rev' | 'upload' | 'failOn'> {
  readonly revision?: string
  readonly provenance?: string
  readonly log?: string
  readonly service?: string
  readonly job?: string
  readonly region?: string
  readonly project?: string
  readonly rev?: string
  readonly upload?: string
}

/** Adds autopsy to the program; `cores` is what `--jobs` is when nobody says. */
export function addAutopsy(program: Command, cores: number): Command {
  const command = program
    .command('autopsy')
    .description("a failed revision: from Google's records and logs back to the first break")
    .option('--service <name>', 'a service of Cloud Run: ask gcloud for its newest revision, build, log and archive')
    .option('--job <name>', 'the same for the newest execution of a job')
    .option('--region <region>', 'where that runs')
    .option('--project <project>', "whose it is (default: gcloud's own)")
    .option('--revision <file>', 'a revision or an execution, as gcloud run revisions describe --format=json prints it')
    .option(
      '--provenance <file>',
      'what gcloud artifacts docker images describe IMAGE@DIGEST --show-provenance --format=json printed',
    )
    .option('--log <file>', 'what gcloud logging read --format=json printed, or whatever the container wrote')
    .addOption(repoOption())
    .option('--rev <rev>', 'the commit (default: the one that the records name, then HEAD)')
    .addOption(sourceOption())
    .option(
      '--upload <none|auto|file>',
      'the source archive: not looked at, predicted, or a .tgz, .tar.gz, .tar or .zip, also gs://bucket/object[#generation] (default: none; with --service, what was built)',
    )
  addWhatIsRead(command).addOption(formatOption(['text', 'json']))
  return addHowItRuns(command, cores).addHelpText('after', afterHelp).allowExcessArguments(false)
}

const afterHelp = `
Any part may be left out: what is there is used, and what is missing is said
with what to pass. Without a repository the image and the log are looked at by
themselves. With --service or --job each command that gcloud is given is printed
on stderr.

Exit codes:
  0  nothing failed, and nothing that was looked at is broken
  1  something is broken
  2  could not tell: nothing explains the failure, records do not belong
     together, or an input cannot be read

Examples:
  $ firstbreak autopsy --service api --region us-central1
  $ firstbreak autopsy --job nightly --region us-central1 --project my-project
  $ firstbreak autopsy --revision revision.json --log log.json --image image.tar
  $ firstbreak autopsy --log crash.txt --image image.tar`
