import type { Command } from 'commander'
import type { KnownFile } from '../../flow/count-unchanged.ts'
import type { Interpreter } from '../../model/interpreter.ts'
import type { Path } from '../../model/path.ts'
import type { Stage } from '../../model/stage.ts'
import type { Plan } from '../../plan.ts'
import type { ProjectDeclarations } from '../../project/declarations.ts'
import { projectOptions } from '../../project/project-options.ts'
import type { ProjectPlace } from '../../project/project-place.ts'
import { readProject } from '../../project/read-project.ts'
import { gitHistory } from '../../sources/git/git-history.ts'
import type { ListedItem } from '../../sources/git/git-item.ts'
import { type Listing, listedFiles, listedSource, listTree } from '../../sources/git/git-listing.ts'
import type { GitObjects } from '../../sources/git/git-objects.ts'
import type { PushedTree } from '../../sources/git/git-push.ts'
import type { Repository } from '../../sources/git/repository.ts'
import type { PushPlan } from '../../verify-push.ts'
import { directoryOption, excluding, jobsOption, searchedOption, versionOption } from '../option-values.ts'
import { placeOptions } from '../place-options.ts'
import { mergeOptions } from '../verify-options.ts'
import { prepareForFew } from './brief-work.ts'
import { assertChoices, type PrePushOptions } from './pre-push-options.ts'

/** What the plans of one push have in common. */
export interface Planning {
  readonly repository: Repository
  readonly objects: GitObjects
  readonly command: Command
  /** Looks for interpreters where it is allowed to. */
  readonly find: (allow: PrePushOptions['interpreters']) => Promise<readonly Interpreter[]>
  readonly means: Pick<Plan, 'cacheDirectory' | 'progress' | 'signal' | 'log'>
}

/** A plan, and what else the options say. */
export interface PreparedPush {
  readonly plan: PushPlan
  readonly options: PrePushOptions
}

/**
 * What is to be done about one commit: by its own word, not by that of the working tree.
 *
 * @throws VerifierError for what cannot be read.
 */
export async function preparePush(tree: PushedTree, planning: Planning): Promise<PreparedPush> {
  const { repository, objects, command, find, means } = planning
  const given = command.opts<PrePushOptions>()
  const files = listedFiles(objects, tree.listing)
  const project = await projectOptions(files.read, directoryOption(given.source ?? '', '--source'))
  const options = mergeOptions<PrePushOptions>(command, project)
  assertChoices(options)
  const place = placeOptions(options)
  const asked = new Set<Path>()
  const read: typeof files.read = path => {
    asked.add(path)
    return files.read(path)
  }
  const declarations = await readProject({ read, list: files.list }, place)
  const declaresAnew = [...asked].some(path => tree.changed.has(path))
  const stage: Stage = { name: 'commit', place: 'commit', kind: 'git', reference: tree.id }
  const [changed, unchanged] = partition(tree)
  const plan: PushPlan = {
    plan: {
      objectFormat: repository.objectFormat,
      sourceDirectory: place.source,
      mappings: [],
      dependencies: false,
      isExcluded: excluding(options.exclude),
      dockerBuild: null,
      declarations,
      roles: { deploy: versionOption(options.deployPython, '--deploy-python'), dev: null },
      pythons: [],
      pathPython: null,
      available: await find(options.interpreters),
      inImages: [],
      history: gitHistory(repository, tree.id, place.source),
      ignoreRule: () => null,
      git: null,
      build: null,
      jobs: jobsOption(options.jobs),
      mostSearched: searchedOption(false),
      remarks: [],
      ...means,
    },
    refs: tree.refs,
    range: options.range,
    changed,
    unchanged,
    sourceOf: items => listedSource(objects, stage, items as readonly ListedItem[]),
    expecting: prepareForFew,
    before: declaresAnew && tree.base !== null ? await declaredAt(planning, tree.base, place) : null,
  }
  return { plan, options }
}

/** Regular files and links: those that the remote lacks, and those that it has. */
function partition({ listing, changed }: PushedTree): readonly [KnownFile[], KnownFile[]] {
  const parts: [ListedItem[], ListedItem[]] = [[], []]
  for (const item of listing.values()) if (item.mode.startsWith('100')) parts[changed.has(item.path) ? 0 : 1].push(item)
  return parts
}

async function declaredAt(
  { repository, objects }: Planning,
  base: string,
  place: ProjectPlace,
): Promise<ProjectDeclarations> {
  const listing: Listing = await listTree(repository, base)
  const files = listedFiles(objects, listing)
  // A Dockerfile that is named now need not have been there.
  const dockerfile = place.dockerfile !== null && listing.has(place.dockerfile) ? place.dockerfile : null
  return readProject(files, { ...place, dockerfile })
}
