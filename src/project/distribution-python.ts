import type { Instruction } from './base-image.ts'

/** A release of a distribution. */
export interface Release {
  /** The Python that its package `python3` is. */
  readonly python: string
  /** What installs its packages. */
  readonly installer: 'apt' | 'apk'
}

/**
 * The Python that a release's package `python3` is, by the number and the name of the release.
 *
 * @see https://packages.debian.org/search?keywords=python3&searchon=names&exact=1&suite=all
 * @see https://packages.ubuntu.com/search?keywords=python3&searchon=names&exact=1&suite=all
 * @see https://pkgs.alpinelinux.org/packages?name=python3
 */
const releases: readonly (readonly [RegExp, string])[] = [
  [/^debian:(?:10|buster)\b/, '3.7'],
  [/^debian:(?:11|bullseye)\b/, '3.9'],
  [/^debian:(?:12|bookworm)\b/, '3.11'],
  [/^debian:(?:13|trixie)\b/, '3.13'],
  [/^ubuntu:(?:18\.04|bionic)\b/, '3.6'],
  [/^ubuntu:(?:20\.04|focal)\b/, '3.8'],
  [/^ubuntu:(?:22\.04|jammy)\b/, '3.10'],
  [/^ubuntu:(?:24\.04|noble)\b/, '3.12'],
  [/^alpine:3\.15\b/, '3.9'],
  [/^alpine:3\.1[67]\b/, '3.10'],
  [/^alpine:3\.1[89]\b/, '3.11'],
  [/^alpine:3\.2[0-3]\b/, '3.12'],
  [/^alpine:3\.24\b/, '3.14'],
]

/** The tag of an image of something else that is made on a release: `12.4.1-runtime-ubuntu22.04`. */
const madeOn = /-(ubuntu)(\d\d\.\d\d)$/

/** What a build takes to get another Python than its distribution's. */
const otherSources = /\bpyenv\b|conda\b|\bmamba\b|\buv\b|[=/]python:\d/

/** `python3`, `python3-pip`, `python3.12-venv`, `python3=3.11.2-1+b1`; of Alpine also `py3-pip`, which brings it. */
const pythonPackages = {
  apt: /^python(?:(?<version>3\.\d+)|3)(?:-[a-z]+)*(?:=.*)?$/,
  apk: /^(?:python3(?:-[a-z]+)*|py3-[\w-]+)(?:[=<>~].*)?$/,
}
const installCommands = { apt: [/^(?:\S*\/)?apt(?:-get)?$/, 'install'], apk: [/^(?:\S*\/)?apk$/, 'add'] } as const

/** What a container starts with a Python whatever its version: `python3 main.py`. */
const startsAny = /^\s*(?:CMD|ENTRYPOINT)\b.*\bpython3?(?![\w.-])/is

/** The release of Debian, Ubuntu or Alpine that an image is, or is made on, by its name and tag; null for every other image. */
export function releaseOf(name: string, tag: string): Release | null {
  const [, system = name, number = tag] = madeOn.exec(tag) ?? []
  const python = releases.find(([release]) => release.test(`${system}:${number}`))?.[1]
  return python === undefined ? null : { python, installer: system === 'alpine' ? 'apk' : 'apt' }
}

/** The Python that a build installs on a release. */
export interface Installed {
  readonly version: string
  /** Where that version is named, 1-based; null where it is the release's own. */
  readonly line: number | null
}

/**
 * The Python that the instructions of a build install on a release: its own, or the one whose package is named. Null when they install
 * none or several, may get one from elsewhere, or name one and start whichever is there.
 */
export function installedPython(
  { python, installer }: Release,
  instructions: readonly Instruction[],
): Installed | null {
  if (instructions.some(({ text }) => otherSources.test(text))) return null
  const found = instructions.flatMap(({ text, line }) =>
    packagesIn(text, installer).map(version => ({ version: version ?? python, line: version === null ? null : line })),
  )
  const [first] = found
  if (first === undefined || found.some(({ version }) => version !== first.version)) return null
  const isStarted = first.line === null || isSaid(first.version, instructions)
  return isStarted || !instructions.some(({ text }) => startsAny.test(text)) ? first : null
}

/** Whether something else than its installation speaks of that Python: a link to it, an environment made with it, what is started. */
function isSaid(version: string, instructions: readonly Instruction[]): boolean {
  const word = new RegExp(String.raw`\bpython${version.replace('.', String.raw`\.`)}(?![\w.-])`)
  return instructions.some(({ text }) =>
    commandsOf(text).some(command => packagesOf(command, 'apt').length === 0 && word.test(command)),
  )
}

/** Of each package of Python that an instruction installs, the version in its name, or null. */
function packagesIn(text: string, installer: Release['installer']): (string | null)[] {
  return commandsOf(text)
    .flatMap(command => packagesOf(command, installer))
    .map(word => pythonPackages[installer].exec(word))
    .filter(match => match !== null)
    .map(({ groups }) => groups?.version ?? null)
}

function commandsOf(text: string): string[] {
  return text.replace(/\\\r?\n/g, ' ').split(/[;&|\n]/)
}

/** What a command has installed; nothing for other commands. */
function packagesOf(command: string, installer: Release['installer']): string[] {
  const [program, verb] = installCommands[installer]
  const words = command.split(/\s+/)
  const at = words.findIndex(word => program.test(word))
  const install = words.indexOf(verb, at)
  return at === -1 || install === -1 ? [] : words.slice(install + 1)
}
