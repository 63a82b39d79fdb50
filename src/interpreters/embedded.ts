import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Interpreter } from '../model/interpreter.ts'

/** The CPythons that come with firstbreak: what version a release of the npm package pyodide holds, by its alias here. */
const builds = [
  { alias: 'cpython-3.10', release: '0.22.1', version: '3.10.2' },
  { alias: 'cpython-3.11', release: '0.25.1', version: '3.11.3' },
  { alias: 'cpython-3.12', release: '0.27.7', version: '3.12.7' },
  { alias: 'cpython-3.13', release: '0.29.4', version: '3.13.2' },
  { alias: 'cpython-3.14', release: '314.0.7', version: '3.14.2' },
] as const

const require = createRequire(import.meta.url)

/** Those that are installed, in order of version. None is loaded yet: that takes seconds. */
export function embeddedInterpreters(): readonly Interpreter[] {
  return builds
    .filter(({ alias, release }) => installedRelease(alias) === release)
    .map(({ release, version }) => ({
      id: `embedded-${version}`,
      version,
      provider: 'embedded',
      build: `cpython ${version}, pyodide ${release}, wasm32-emscripten`,
      executable: null,
    }))
}

/**
 * The folder of the package that holds an embedded interpreter.
 *
 * @throws Error when there is none of this version, or it is not installed.
 */
export function embeddedFolder(version: string): string {
  const build = builds.find(build => build.version === version)
  if (build === undefined) throw new Error(`no embedded CPython ${version} comes with firstbreak`)
  return dirname(require.resolve(`${build.alias}/package.json`))
}

/** Null when it is not installed. */
function installedRelease(alias: string): string | null {
  try {
    const { version } = require(`${alias}/package.json`) as { version: string }
    return version
  } catch {
    return null // whoever installs firstbreak may leave some out
  }
}
