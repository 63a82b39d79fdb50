import { type HeldPython, type ImageDescription, platformTitle } from '../model/image-description.ts'

/** What an image runs, and on what: `runs CPython 3.12.4, /usr/bin/python3 (which it starts); Debian 12, glibc, amd64`. */
export function imageTitle({ pythons: [python], platform }: ImageDescription): string {
  const where = platformTitle(platform)
  return [python === undefined ? 'shows no CPython' : runs(python), ...(where === '' ? [] : [where])].join('; ')
}

function runs({ version, path, reachedBy }: HeldPython): string {
  if (path === null) return `holds CPython ${version}`
  return `runs CPython ${version}, ${path} (${reachedBy === 'start' ? 'which it starts' : 'the first on its PATH'})`
}
