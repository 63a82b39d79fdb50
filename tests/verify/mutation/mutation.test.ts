import { chmod, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { firstbreak } from '../../support/command-line.ts'
import { nativePythons, needsNative } from '../../support/native.ts'
import { testNeeding } from '../../support/needs.ts'
import { runs, seed } from '../../support/random.ts'
import { commitFiles, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { type Committed, damagesAt, isBytes, type Medium, media, type Told } from './damages.ts'
import { type Random, randomOf } from './random.ts'
import { realFiles } from './real-files.ts'
import { writeStage } from './write-stage.ts'

/** Files in an order of their own for each seed, each once. */
function shuffled(files: ReadonlyMap<string, Buffer>, random: Random): [string, Buffer][] {
  const all = [...files]
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all
}

interface Reported {
  readonly interpreters: readonly { readonly id: string; readonly roles: readonly string[] }[]
  readonly findings: readonly {
    readonly code: string
    readonly severity: string
    readonly path: string
    readonly firstBreak: { readonly stage: string } | null
    readonly evidence: {
      readonly after?: { readonly stage: string }
      readonly change?: string
      readonly changeDetail?: { readonly and?: string }
      readonly layer?: { readonly index: number }
    }
  }[]
  readonly remarks: readonly string[]
}

function toldOf({ findings }: Reported): Told[] {
  // What real files are warned of is their own, and no damage.
  return findings
    .filter(({ code }) => code !== 'syntax-warning')
    .map(({ code, severity, path, firstBreak, evidence }) => ({
      code,
      severity,
      path,
      stage: firstBreak?.stage ?? evidence.after?.stage ?? null,
      change: evidence.change ?? null,
      and: evidence.changeDetail?.and ?? null,
      layer: evidence.layer?.index ?? null,
    }))
}

const line = (told: Told) => JSON.stringify(told)

/** Which of these sources the interpreter that judged rejects, in its own words. */
async function rejected(executable: string, sources: readonly Buffer[]): Promise<ReadonlySet<Buffer>> {
  const program = `
import base64, json, sys, warnings
warnings.simplefilter('ignore')
def rejects(source):
    try: compile(source, 'x', 'exec', dont_inherit=True)
    except Exception: return True
    return False
print(json.dumps([rejects(base64.b64decode(each)) for each in json.load(sys.stdin)]))`
  const input = JSON.stringify(sources.map(source => source.toString('base64')))
  const { stdout } = await execa(executable, ['-I', '-S', '-c', program], { input })
  const answers = JSON.parse(stdout) as boolean[]
  return new Set(sources.filter((_, i) => answers[i]))
}

/** Damages many files at one stage, each in one way, and compares what is told with what was done. */
async function mutate(medium: Medium, seed: number): Promise<void> {
  const random = randomOf(seed * 10 + media.indexOf(medium))
  const committed: Committed = { now: new Map(), before: new Map(), links: new Map() }
  const files = shuffled(realFiles('3.11'), random)[Symbol.iterator]()
  const damages = damagesAt(medium, files, committed, random)
  // Some that nothing is done to.
  for (let i = 0; i < 20; i++) committed.now.set(...(files.next().value as [string, Buffer]))
  await using folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  const repository = at('repository')
  await makeRepository(repository, { '.gcloudignore': '.git\n', ...Object.fromEntries(committed.before) })
  await writeFiles(repository, Object.fromEntries(committed.now))
  for (const [link, target] of committed.links) await symlink(target, join(repository, link))
  await commitFiles(repository, {}, 'second')
  // That somebody may run a file is no concern of Python's.
  await chmod(join(repository, [...committed.now.keys()].at(-1)!), 0o755)

  const layers = new Map(damages.map(damage => [damage, medium === 'image' ? 2 + random.below(2) : null]))
  const options = await writeStage(medium, { at, repository, committed, damages, layers })
  const roles = ['--deploy-python', '3.11', '--dev-python', '3.12', '--interpreters', 'native']
  const { out, err } = await firstbreak(repository, [...options, ...roles, '--format', 'json'])
  if (out === '') throw new Error(`seed ${seed}: ${err}`)
  const report = JSON.parse(out) as Reported
  const { id } = report.interpreters.find(each => each.roles.includes('deploy'))!
  const sources = damages.flatMap(({ held }) => Object.values(held).filter(isBytes))
  const broken = await rejected(nativePythons.find(each => each.id === id)!.executable!, sources)
  const expected = damages.flatMap(damage => damage.told(bytes => broken.has(bytes), layers.get(damage)!))
  const told = toldOf(report)
  const name = (each: Told) => damages.find(({ held }) => each.path in held)?.way ?? 'nothing'
  const differing = (some: readonly Told[], others: readonly Told[]) => {
    const known = new Set(others.map(line))
    return some.filter(each => !known.has(line(each))).map(each => `${name(each)}: ${line(each)}`)
  }
  const where = `seed ${seed}, ${medium}`
  expect({ where, missing: differing(expected, told), wrong: differing(told, expected) }).toEqual({
    where,
    missing: [],
    wrong: [],
  })
  expect(told).toHaveLength(expected.length)
  if (medium === '.tgz') expect(report.remarks.join()).toContain('holds more than once, and with different bytes')
}

for (let run = 0; run < runs(1); run++) {
  for (const medium of media) {
    testNeeding(needsNative('3.11', '3.12'))(`real files damaged in every way, at ${medium}, seed ${seed + run}`, () =>
      mutate(medium, seed + run),
    )
  }
}
