/**
 * The Python that a release's package `python3` is, by the number and the name of the release.
 *
 * @see https://packages.debian.org/search?keywords=python3&searchon=names&exact=1&suite=all
 * @see https://packages.ubuntu.com/search?keywords=python3&searchon=names&exact=1&suite=all
 */
const releases: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  debian: [
    [/^(?:10|buster)\b/, '3.7'],
    [/^(?:11|bullseye)\b/, '3.9'],
    [/^(?:12|bookworm)\b/, '3.11'],
    [/^(?:13|trixie)\b/, '3.13'],
  ],
  ubuntu: [
    [/^(?:18\.04|bionic)\b/, '3.6'],
    [/^(?:20\.04|focal)\b/, '3.8'],
    [/^(?:22\.04|jammy)\b/, '3.10'],
    [/^(?:24\.04|noble)\b/, '3.12'],
  ],
}

/** What a build takes to get another Python than its distribution's. */
const otherSources = /\bpyenv\b|conda\b|\bmamba\b|\buv\b|[=/]python:\d/

/** The arguments of an `apt-get install`, up to the end of the command. */
const aptInstall = /\bapt(?:-get)?\s[^;&|]*?\binstall\b([^;&|]*)/g

/** `python3`, `python3-pip`, `python3.12-venv`, `python3=3.11.2-1+b1`. */
const pythonPackage = /^python3(?<minor>\.\d+)?(?:-[a-z]+)*(?:=.*)?$/

/** The Python of a Debian or Ubuntu release, by its image's name and tag; null for every other image. */
export function distributionPython(name: string, tag: string): string | null {
  return releases[name]?.find(([release]) => release.test(tag))?.[1] ?? null
}

/**
 * The Python that the instructions of a build on such a release install with apt: the release's `own`, or the one whose
 * package is named. Null when they install none or several, or may get one from elsewhere.
 */
export function installedPython(own: string, instructions: readonly string[]): string | null {
  const text = instructions.join('\n').replace(/\\\r?\n/g, ' ')
  if (otherSources.test(text)) return null
  const packages = [...text.matchAll(aptInstall)].flatMap(([, words = '']) => words.split(/\s+/))
  const matches = packages.map(word => pythonPackage.exec(word)).filter(match => match !== null)
  const [version, ...others] = new Set(
    matches.map(({ groups }) => (groups?.minor === undefined ? own : `3${groups.minor}`)),
  )
  return others.length > 0 ? null : (version ?? null)
}
