import type { CacheState, FoundInterpreter, HookState, LeftOut, Machine, Tool } from '../model/machine.ts'
import { jsonText } from './json-text.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count } from './words.ts'
import { wrap } from './wrap.ts'

/** Raised when a field changes its meaning or goes. */
const schemaVersion = 1

/** Whether verify has what it cannot do without: git, and an interpreter. */
export function canVerify({ git, interpreters }: Machine): boolean {
  return 'version' in git && interpreters.length > 0
}

/** What was found here, for a person. */
export function doctorText(machine: Machine, style: Style): string {
  const { git, interpreters, leftOut, containerEngine, gcloud, hook, cache } = machine
  const short = (path: string) => visible(shortened(path, machine.home))
  const engine = containerEngine.address === null ? '' : style.dim(`  ${visible(containerEngine.address)}`)
  const lines = [
    verdict(machine, style),
    '',
    `git               ${toolText(git, style.bad)}`,
    `container engine  ${toolText(containerEngine, style.doubtful)}${engine}`,
    `gcloud            ${toolText(gcloud, style.doubtful)}`,
    `pre-push hook     ${hook === null ? style.doubtful('none: there is no repository here') : hookText(hook, short, style)}`,
    `cache             ${cache === null ? style.doubtful('none: there is no home folder') : cacheText(cache, short, style)}`,
    '',
    interpreters.length === 0 ? style.bad('no interpreter') : style.strong(count(interpreters.length, 'interpreter')),
    ...interpreters.flatMap(each => interpreterLines(each, short, style)),
    ...(leftOut.length === 0 ? [] : ['', style.strong('found, and not used')]),
    ...leftOutLines(leftOut, short, style),
  ]
  return `${lines.join('\n')}\n`
}

/** The same for programs. Paths are as on this machine, but for the user's own folder, which is `~`. */
export function doctorJson(machine: Machine): string {
  const { git, interpreters, leftOut, containerEngine, gcloud, hook, cache, home } = machine
  const { address } = containerEngine
  const document = {
    schemaVersion,
    canVerify: canVerify(machine),
    git: toolDocument(git),
    interpreters: interpreters.map(({ id, version, provider, build, executable, from }) => {
      const path = executable === null ? null : shortened(executable, home)
      return { id, version, provider, from, path, build }
    }),
    leftOut: leftOut.map(({ path, from, reason }: LeftOut) => ({ path: shortened(path, home), from, reason })),
    containerEngine: { address, ...toolDocument(containerEngine) },
    gcloud: toolDocument(gcloud),
    hook: hook && {
      state: hook.kind,
      path: shortened(hook.file, home),
      chained: hook.kind === 'installed' && hook.isChained,
    },
    cache: cache && { directory: shortened(cache.directory, home), writable: cache.isWritable, bytes: cache.bytes },
  }
  return jsonText(document)
}

function hookText(hook: HookState, short: (path: string) => string, style: Style): string {
  const file = short(hook.file)
  switch (hook.kind) {
    case 'installed':
      return `${file}${hook.isChained ? ', and then the hook that was there before' : ''}`
    case 'idle':
      return style.doubtful(`${file} is never run: ${hook.reason}`)
    case 'other':
      return style.doubtful(`${file} does not name firstbreak itself: firstbreak hook install puts it before that one`)
    case 'absent':
      return style.doubtful('not installed: firstbreak hook install')
  }
}

function cacheText(
  { directory, isWritable, bytes }: CacheState,
  short: (path: string) => string,
  style: Style,
): string {
  return `${short(directory)}, ${isWritable ? count(bytes, 'byte') : style.doubtful('cannot be written to')}`
}

function verdict(machine: Machine, style: Style): string {
  if (canVerify(machine)) return `${style.good('READY')}  firstbreak can verify here`
  const missing = 'version' in machine.git ? 'a CPython' : 'git'
  return `${style.bad('NOT READY')}  firstbreak cannot verify here: install ${missing}, and put it on PATH`
}

function interpreterLines(
  { id, executable, from, build }: FoundInterpreter,
  short: (path: string) => string,
  style: Style,
): string[] {
  const place = executable === null ? 'comes with firstbreak' : `${short(executable)} (${visible(from)})`
  return [`  ${id.padEnd(17)} ${place}`, style.dim(`  ${' '.repeat(17)} ${visible(build)}`)]
}

/** Those of one folder that are left out for one reason stand together. */
function leftOutLines(leftOut: readonly LeftOut[], short: (path: string) => string, style: Style): string[] {
  const groups = new Map<string, string[]>()
  for (const { path, from, reason } of leftOut) {
    const [, folder = '', name = path] = /^(.*[\\/])(.*)$/s.exec(path) ?? []
    const place = `${short(folder)} (${visible(from)}): ${visible(reason)}`
    groups.set(place, [...(groups.get(place) ?? []), visible(name)])
  }
  return [...groups].flatMap(([place, names]) => [`  ${place}`, ...wrap(style, names.join(', '), '    ')])
}

function toolText(tool: Tool, mark: (text: string) => string): string {
  return 'version' in tool ? visible(tool.version) : mark(visible(tool.absent))
}

function toolDocument(tool: Tool): { readonly version: string | null; readonly absent: string | null } {
  return 'version' in tool ? { version: tool.version, absent: null } : { version: null, absent: tool.absent }
}

/** `~/x` for what lies in the user's own folder. */
function shortened(path: string, home: string | null): string {
  const isOwn = home !== null && path.startsWith(home) && /^(?:$|[\\/])/.test(path.slice(home.length))
  return isOwn ? `~${path.slice(home.length)}` : path
}
