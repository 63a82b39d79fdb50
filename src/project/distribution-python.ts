/**
 * The Python that a release's package `python3` is, by the number and the name of the release.
 *
 * @see https://packages.debian.org/search?keywords=python3&searchon=names&exact=1&suite=all
 * @see https://packages.ubuntu.com/search?keywords=python3&searchon=names&exact=1&suite=all
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
]

/** What a build takes to get another Python than its distribution's. */
const otherSources = /\bpyenv\b|conda\b|\bmamba\b|\buv\b|[=/]python:\d/

/** `python3`, `python3-pip`, `python3.12-venv`, `python3=3.11.2-1+b1`. */
const pythonPackage = /^python(?:(?<version>3\.\d+)|3)(?:-[a-z]+)*(?:=.*)?$/

/** The Python of a Debian or Ubuntu release, by its image's name and tag; null for every other image. */
export function distributionPython(name: string, tag: string): string | null {
  return releases.find(([release]) => release.test(`${name}:${tag}`))?.[1] ?? null
}

/**
 * The Python that the instructions of a build on such a release install with apt: the release's `own`, or the one whose
 * package is named. Null when they install none or several, or may get one from elsewhere.
 */
export function installedPython(own: string, instructions: readonly string[]): string | null {
  const text = instructions.join('\n').replace(/\\\r?\n/g, ' ')
  if (otherSources.test(text)) return null
  const packages = text.split(/[;&|\n]/).flatMap(packagesOf)
  const matches = packages.map(word => pythonPackage.exec(word)).filter(match => match !== null)
  const [version, ...others] = new Set(matches.map(({ groups }) => groups?.version ?? own))
  return others.length > 0 ? null : (version ?? null)
}

/** What a command has apt install; nothing for other commands. */
function packagesOf(command: string): string[] {
  const words = command.split(/\s+/)
  const apt = words.findIndex(word => /^(?:\S*\/)?apt(?:-get)?$/.test(word))
  const install = words.indexOf('install', apt)
  return apt === -1 || install === -1 ? [] : words.slice(install + 1)
}
