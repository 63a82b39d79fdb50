import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Interpreter } from '../model/interpreter.ts'

/** What version a release of the npm package pyodide holds, by its alias here, and whether it can make memory snapshots. */
interface Build {
  readonly alias: string
  readonly release: string
  readonly version: string
  readonly hasSnapshots: boolean
}

/** The CPythons that come with firstbreak. */
const builds: readonly Build[] = [
  { alias: 'cpython-3.10', release: '0.22.1', version: '3.10.2', hasSnapshots: false },
  { alias: 'cpython-3.11', release: '0.25.1', version: '3.11.3', hasSnapshots: false },
  { alias: 'cpython-3.12', release: '0.27.7', version: '3.12.7', hasSnapshots: true },
  { alias: 'cpython-3.13', release: '0.29.4', version: '3.13.2', hasSnapshots: true },
  { alias: 'cpython-3.14', release: '314.0.7', version: '3.14.2', hasSnapshots: true },
  { alias: 'cpython-3.15', release: '315.0.0-alpha.2', version: '3.15.0rc1', hasSnapshots: true },
]

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
 * The build of an embedded interpreter, and the folder of the package that holds it.
 *
 * @throws Error when there is none of this version, or it is not installed.
 */
export function embeddedBuild(version: string): Build & { readonly folder: string } {
  const build = builds.find(build => build.version === version)
  if (build === undefined) throw new Error(`no embedded CPython ${version} comes with firstbreak`)
  return { ...build, folder: dirname(require.resolve(`${build.alias}/package.json`)) }
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
