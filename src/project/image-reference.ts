import { versionPattern } from './python-version.ts'

/** The tag of an image that is called `python`, at whatever registry: `3.11.9-slim`. */
const ownTag = new RegExp(`^(${versionPattern})(?:-|$)`)

/** The tag of another image that says which Python it brings: `python3.12-bookworm-slim`, `0.5-python3.12`. */
const namingTag = new RegExp(`(?:^|-)python(${versionPattern})(?:-|$)`)

/** The end of the name or the tag of an image that says the same in short: `2.9.0-py310`, `tf2-cpu.2-15.py310`. */
const shortTag = /[-.]py3(\d{1,2})(?:-(?:cpu|gpu|cu\d+))?$/

/** The name of Red Hat's and Software Collections' images: `python-311`, `python-312-minimal`, `python-39-c9s`. */
const collection = /^python-3(\d{1,2})(?:-(?:minimal|c\d+s))?$/

/**
 * Google's images without a distribution's tools, which hold the Python of a Debian release.
 *
 * @see https://github.com/GoogleContainerTools/distroless/blob/main/python3/README.md
 */
const distroless: Readonly<Record<string, string>> = {
  'python3-debian11': '3.9',
  'python3-debian12': '3.11',
  'python3-debian13': '3.13',
}

/** Name and tag of a reference, as `python` and `3.11.9-slim` of `docker.io/library/python:3.11.9-slim@sha256:…`. */
export function nameAndTag(reference: string): { readonly name: string; readonly tag: string } {
  const [tagged = ''] = reference.split('@')
  const [name = '', tag = ''] = tagged.slice(tagged.lastIndexOf('/') + 1).split(':')
  return { name, tag }
}

/** The version that the reference of an image promises, as `3.11.9` of `python:3.11.9-slim`; else null. */
export function pythonOfReference(reference: string): string | null {
  const { name, tag } = nameAndTag(reference)
  if (reference.includes('distroless/') && Object.hasOwn(distroless, name)) return distroless[name]!
  if (name === 'python') return ownTag.exec(tag)?.[1] ?? null
  const minor = collection.exec(name) ?? shortTag.exec(tag) ?? shortTag.exec(name)
  return namingTag.exec(tag)?.[1] ?? (minor === null ? null : `3.${minor[1]}`)
}
