import { versionPattern } from './python-version.ts'

/** The tag of an image that is called `python`, at whatever registry: `3.11.9-slim`. */
const ownTag = new RegExp(`^(${versionPattern})(?:-|$)`)

/** The tag of another image that says which Python it brings: `python3.12-bookworm-slim`, `0.5-python3.12`. */
const namingTag = new RegExp(`(?:^|-)python(${versionPattern})(?:-|$)`)

/** The version that the reference of an image promises, as `3.11.9` of `docker.io/library/python:3.11.9-slim@sha256:…`; else null. */
export function pythonOfReference(reference: string): string | null {
  const [tagged = ''] = reference.split('@')
  const [name, tag = ''] = tagged.slice(tagged.lastIndexOf('/') + 1).split(':')
  const pattern = name === 'python' ? ownTag : namingTag
  return pattern.exec(tag)?.[1] ?? null
}
