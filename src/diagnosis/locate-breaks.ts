import type { Sha256 } from '../model/digest.ts'
import type { Finding, SiteList, SourceLine } from '../model/finding.ts'
import type { CastInterpreter, Interpreter } from '../model/interpreter.ts'
import type { Content } from '../model/manifest.ts'
import type { Trace } from '../model/trace.ts'
import type { Judge, SameTree, Verdict } from '../model/verdict.ts'
import { parsePointer } from './changes/lfs-pointer.ts'
import { isGitCrypt } from './changes/rewritten.ts'
import { chooseSearched } from './choose-searched.ts'
import { chooseWitnesses } from './choose-witnesses.ts'
import type { Draft } from './drafts/draft.ts'
import type { Judged } from './drafts/judged.ts'
import { errorSites, onlyOne, type SiteMeans } from './error-sites.ts'
import { excerpt } from './excerpt.ts'
import { hasBrought } from './features.ts'
import type { Syntax } from './syntax.ts'

/** What it takes to look into files again. */
export interface Means {
  /** Yields the contents with these digests, each once. */
  readonly contents: (wanted: ReadonlySet<Sha256>) => AsyncIterable<Content>
  readonly judge: Judge
  readonly sameTree: SameTree
  /** Who can be asked besides those that were, the ones that cost least first. */
  readonly available: readonly Interpreter[]
  readonly syntax: () => Promise<Syntax>
  /** How many files are looked into at once: each is one question after the other. */
  readonly jobs: number
  /** Of how many contents every site is looked for; of the others the first is told. */
  readonly mostSearched: number
}

interface Located extends SiteList {
  readonly standsFor: Finding['evidence']['standsFor'] | null
  readonly excerpt: readonly SourceLine[]
}

/** Completes the drafts with every site of each break, the lines around them and the vector of verdicts; in the order of the drafts. */
export async function locateBreaks(drafts: readonly Draft[], judged: Judged, means: Means): Promise<Finding[]> {
  const located = await locate(drafts, judged, means)
  return drafts.map(draft => finish(draft, judged, located))
}

/** By digest and interpreter: a content that breaks at many paths is looked into once. */
async function locate(drafts: readonly Draft[], judged: Judged, means: Means): Promise<Map<string, Located>> {
  const searched = chooseSearched(drafts, means.mostSearched)
  const breaks = drafts.flatMap(({ breaks }) =>
    breaks !== null && searched.has(breaks.step.file.sha256) ? breaks : [],
  )
  const askers = new Map<Sha256, Map<string, (typeof breaks)[number]>>()
  for (const each of breaks) {
    const { sha256 } = each.step.file
    askers.set(sha256, (askers.get(sha256) ?? new Map()).set(each.interpreter.id, each))
  }
  const located = new Map<string, Located>()
  if (askers.size === 0) return located
  const syntax = await means.syntax()
  const lookInto = async ({ sha256, bytes }: Content) => {
    for (const { step, interpreter } of askers.get(sha256)!.values()) {
      const verdict = judged.verdictOf(step.file, interpreter)
      if (verdict.kind !== 'breaks') continue
      const asking = { ...askingOf(interpreter, judged, means), syntax, version: interpreter.version }
      const list = await errorSites(bytes, verdict, asking)
      located.set(locatedKey(sha256, interpreter), {
        ...list,
        excerpt: excerpt(bytes, list.sites),
        standsFor: standsFor(bytes),
      })
    }
  }
  await together(means.contents(new Set(askers.keys())), means.jobs, lookInto)
  return located
}

/** Does the work for each item, for `most` of them at a time; no item is asked for before there is room for it. */
async function together<T>(items: AsyncIterable<T>, most: number, work: (item: T) => Promise<void>): Promise<void> {
  const open = new Set<Promise<void>>()
  for await (const item of items) {
    const done = work(item).finally(() => open.delete(done))
    open.add(done)
    done.catch(() => undefined) // it is heard of below; until then the next item may be waited for
    if (open.size >= most) await Promise.race(open)
  }
  await Promise.all(open)
}

/** What bytes stand for that are no source; null for others. */
function standsFor(bytes: Uint8Array): Located['standsFor'] {
  if (parsePointer(bytes) !== null) return 'git-lfs'
  return isGitCrypt(bytes) ? 'git-crypt' : null
}

/** The interpreter that rejects a file, and those that can bear witness: the ones of this run first. */
function askingOf(
  interpreter: CastInterpreter,
  { interpreters }: Judged,
  { judge, sameTree, available }: Means,
): Pick<SiteMeans, 'ask' | 'witnessesFor' | 'sameTree'> {
  const others = [...interpreters, ...available]
  return {
    ask: source => judge(source, interpreter),
    witnessesFor: feature =>
      chooseWitnesses(feature, others).map(witness => ({
        id: witness.id,
        hasBrought: hasBrought(feature, witness.version),
        ask: source => judge(source, witness),
      })),
    sameTree: async (sources, features) => {
      const witness = others.find(({ version }) => features.every(feature => hasBrought(feature, version)))
      return witness === undefined ? null : sameTree(sources, witness)
    },
  }
}

function locatedKey(sha256: Sha256, { id }: CastInterpreter): string {
  return `${sha256} ${id}`
}

function finish(draft: Draft, judged: Judged, located: ReadonlyMap<string, Located>): Finding {
  const { code, severity, trace, shipped, breaks, evidence } = draft
  const known = breaks === null ? undefined : located.get(locatedKey(breaks.step.file.sha256, breaks.interpreter))
  const found =
    known ?? (breaks === null ? undefined : unsearched(judged.verdictOf(breaks.step.file, breaks.interpreter)))
  return {
    code,
    severity,
    path: trace.path,
    shipped,
    firstBreak: breaks === null ? null : { stage: breaks.step.stage.name, interpreter: breaks.interpreter.id },
    sites: found?.sites ?? [],
    sitesComplete: found?.complete ?? true,
    verdicts: verdictVector(trace, judged),
    evidence: {
      ...evidence,
      ...(found?.standsFor == null ? {} : { standsFor: found.standsFor }),
      ...(breaks !== null && known === undefined ? { unsearched: true } : {}),
    },
    excerpt: found?.excerpt ?? [],
  }
}

/** What the interpreter said when it was asked of the file as it is. */
function unsearched(verdict: Verdict): Located | undefined {
  if (verdict.kind !== 'breaks') return undefined
  return { ...onlyOne(verdict), excerpt: [], standsFor: null }
}

/** What each interpreter says of a file at each stage that holds it. */
export function verdictVector({ steps }: Trace, { interpreters, verdictOf }: Judged): Finding['verdicts'] {
  return steps.flatMap(({ stage, file }) => {
    if (file?.kind !== 'file') return []
    return interpreters.map(each => ({ stage: stage.name, interpreter: each.id, verdict: verdictOf(file, each).kind }))
  })
}
