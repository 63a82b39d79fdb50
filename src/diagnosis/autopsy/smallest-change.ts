import type { Change, Remedy } from '../../model/autopsy.ts'
import type { Finding } from '../../model/finding.ts'
import { compareVersions, minorVersion } from '../../model/interpreter.ts'
import { copiesFrom } from '../../model/layer-instruction.ts'
import type { Path } from '../../model/path.ts'
import type { Report } from '../../model/report.ts'
import { shellQuoted } from '../../model/shell-quoted.ts'

/** What there is to change beside the files. */
export interface Surroundings {
  /** How to have the image built on another Python, as an order; whether that is only to build it again. */
  readonly newerPython: (minor: string) => { readonly says: string; readonly isBuildOnly: boolean }
}

/**
 * The fewest places that must be touched so that nothing which ships is rejected: file by file, or by another Python and then
 * what that leaves. Of two ways with as many places, the one that keeps the Python.
 */
export function smallestChange(report: Report, missing: readonly Finding[], surroundings: Surroundings): Remedy {
  const broken = report.findings.filter(isInTheWay)
  const carried = missing.map(carry)
  const single = [...together(broken.map(finding => byItself(finding, report))), ...carried]
  const target = targetOf(broken)
  const mended = target === null ? [] : broken.filter(finding => isMendedBy(target, finding, report))
  if (target === null || mended.length === 0 || rejectsMore(report, target)) return { changes: single, instead: [] }
  const { says, isBuildOnly } = surroundings.newerPython(target)
  const base: Change = { kind: isBuildOnly ? 'build-again' : 'base-image', says, places: 1, mends: pathsOf(mended) }
  const rest = broken.filter(finding => !mended.includes(finding))
  const other = [base, ...together(rest.map(finding => byItself(finding, report))), ...carried]
  return placesOf(single) <= placesOf(other) ? { changes: single, instead: other } : { changes: other, instead: single }
}

/** Whether a start may stumble over it. */
export function isInTheWay({ severity, firstBreak, shipped, evidence }: Finding): boolean {
  return severity === 'error' && firstBreak !== null && shipped !== false && evidence.installed !== true
}

/** The first version that has every construct of at least one file; null where there is no such file. */
function targetOf(broken: readonly Finding[]): string | null {
  const needs = broken.flatMap(({ sites }) => sites.flatMap(({ feature }) => feature?.since ?? []))
  return needs.sort(compareVersions).at(-1) ?? null
}

/** Where an interpreter of that version or a later one was asked, it has the word. */
function isMendedBy(target: string, { sites, verdicts, firstBreak }: Finding, { interpreters }: Report): boolean {
  const able = interpreters.filter(({ version }) => minorVersion(version) === target)
  const said = verdicts.filter(
    ({ stage, interpreter }) => stage === firstBreak?.stage && able.some(({ id }) => id === interpreter),
  )
  if (said.length > 0) return said.every(({ verdict }) => verdict === 'compiles')
  return (
    sites.length > 0 &&
    sites.every(({ feature }) => feature?.since != null && compareVersions(feature.since, target) <= 0)
  )
}

/** Whether that version rejects more of what is at the end of the way than the one that runs it now. */
function rejectsMore({ stages, interpreters }: Report, target: string): boolean {
  const rejected = new Map(stages.at(-1)?.rejectedBy.map(({ interpreter, files }) => [interpreter, files]))
  const of = (ids: readonly { readonly id: string }[]) => ids.map(({ id }) => rejected.get(id) ?? 0)
  const newer = of(interpreters.filter(({ version }) => minorVersion(version) === target))
  const now = of(interpreters.filter(({ roles }) => roles.includes('deploy')))
  return newer.length > 0 && now.length > 0 && Math.min(...newer) > Math.max(...now)
}

/** How one file is mended with the Python that there is. */
function byItself(finding: Finding, report: Report): Change {
  const { code, path, sites, evidence, firstBreak } = finding
  const name = path ?? ''
  const mends = path === null ? [] : [path]
  const one = { places: 1, mends }
  if (evidence.standsFor === 'git-lfs') {
    return {
      kind: 'upload-again',
      says: 'fetch what Git LFS pointers stand for with git lfs pull, and upload again',
      ...one,
    }
  }
  if (code === 'stale-in-image')
    return { kind: 'build-again', says: 'build the image again without a cache, from what is uploaded', ...one }
  if (code === 'altered-in-image') return { kind: 'layer', says: inLayer(finding), ...one }
  if (code === 'altered-in-upload') return { kind: 'upload-again', says: 'upload again from a clean checkout', ...one }
  if (code === 'uncommitted-change' && compiles(finding, 'commit', firstBreak?.interpreter)) {
    const commit = report.stages.find(({ place }) => place === 'commit')?.reference ?? 'HEAD'
    return {
      kind: 'revert',
      says: `undo the change that is in no commit: ${shellQuoted(['git', 'checkout', commit.slice(0, 12), '--', name])}`,
      ...one,
    }
  }
  if (compiles(finding, 'worktree', firstBreak?.interpreter)) {
    return {
      kind: 'upload-again',
      says: `commit ${name} as it is on disk, where it compiles, and upload again`,
      ...one,
    }
  }
  const lines = sites.flatMap(({ start }) => start?.line ?? [])
  const where = lines.length === 0 ? name : `${name}:${lines.join(', ')}`
  const advice = [...new Set(sites.flatMap(({ suggestion }) => suggestion?.advice ?? []))]
  const isRewrite = advice.length > 0 && sites.every(({ suggestion }) => suggestion !== null)
  return {
    kind: isRewrite ? 'rewrite' : 'mend',
    says: isRewrite ? `rewrite ${where}: ${advice.join('; ')}` : `mend ${where}`,
    places: Math.max(1, sites.length),
    mends,
  }
}

function compiles({ verdicts }: Finding, at: string, by: string | undefined): boolean {
  return verdicts.some(
    ({ stage, interpreter, verdict }) => stage === at && interpreter === by && verdict === 'compiles',
  )
}

function inLayer({ evidence: { layer, fromStage } }: Finding): string {
  if (layer === undefined) return 'look at what the build does to it'
  if (fromStage !== undefined && fromStage.runs?.length !== 0) {
    const runs = (fromStage.runs ?? []).map(({ from }) => from).join(', ')
    return `take out what the stage ${fromStage.name} of the build does to it${runs === '' ? '' : `, at ${runs}`}`
  }
  if (copiesFrom(layer.createdBy ?? '') !== undefined)
    return 'build the image again, from what is uploaded: the build was given other bytes'
  return `take out what layer ${layer.index}, ${layer.createdBy ?? 'whose instruction is not recorded'}, does to it`
}

/** A module that an import does not find. */
function carry({ path, evidence }: Finding): Change {
  const { rule, copies = [], deletedBy } = evidence
  const says =
    rule !== undefined
      ? `let ${path} travel: change ${rule.file}${rule.line === null ? '' : `:${rule.line}`}, ${rule.text}`
      : deletedBy !== undefined
        ? `let ${path} stay: layer ${deletedBy.index}, ${deletedBy.createdBy ?? 'whose instruction is not recorded'}, deletes it`
        : copies.length > 0
          ? `copy ${path} in the Dockerfile, beside ${copies.at(-1)!.from} ${copies.at(-1)!.text}`
          : `let ${path} travel into the image`
  return { kind: 'carry', says, places: 1, mends: path === null ? [] : [path] }
}

/** What is to be done once for several files is one change. */
function together(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>()
  for (const change of changes) {
    const known = merged.get(change.says)
    merged.set(change.says, known === undefined ? change : { ...known, mends: [...known.mends, ...change.mends] })
  }
  return [...merged.values()]
}

function placesOf(changes: readonly Change[]): number {
  return changes.reduce((sum, { places }) => sum + places, 0)
}

function pathsOf(findings: readonly Finding[]): Path[] {
  return findings.flatMap(({ path }) => path ?? [])
}
