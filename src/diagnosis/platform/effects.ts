import type { HeldPython, ImageDescription, ImagePlatform, PathShadow } from '../../model/image-description.ts'
import { minorVersion } from '../../model/interpreter.ts'

/** What the platform of an image does to the files in it, by what is known of both; each a clause of a sentence. */
export interface Effects {
  /** It runs other code than what was judged, or none. */
  readonly certain: readonly string[]
  /** It may; with what to do. */
  readonly possible: readonly string[]
}

/** Programs for the second run on machines of the first as well. */
const alsoRuns: readonly (readonly [string, string])[] = [
  ['amd64', '386'],
  ['arm64', 'arm'],
  ['ppc64', 'ppc64le'],
  ['ppc64le', 'ppc64'],
]

/**
 * How its architecture and its settings change what is run. Locale and encoding settings do nothing to it: CPython decodes source
 * files by their cookie, else as UTF-8, whatever LANG, LC_ALL, PYTHONUTF8 and PYTHONIOENCODING say.
 */
export function effectsOf(
  { platform, pythons }: Pick<ImageDescription, 'platform' | 'pythons'>,
  shadows: readonly PathShadow[],
): Effects {
  const { settings } = platform
  return {
    certain: [
      ...wrongArchitecture(platform, pythons[0]),
      ...foreignHome(settings.get('PYTHONHOME') ?? '', pythons),
      ...shadows.filter(({ isFirst }) => isFirst).map(each => `${shadowed(each)}, and Python imports those`),
    ],
    possible: [
      ...shadows
        .filter(({ isFirst }) => !isFirst)
        .map(each => `${shadowed(each)}: where the program starts decides which are imported, so take it out`),
      ...compilerSettings(settings),
    ],
  }
}

function wrongArchitecture({ architecture, pythonArchitecture }: ImagePlatform, python?: HeldPython): string[] {
  const [machine = ''] = architecture?.split('/') ?? []
  if (machine === '' || pythonArchitecture === null || machine === pythonArchitecture) return []
  if (alsoRuns.some(([on, runs]) => on === machine && runs === pythonArchitecture)) return []
  return [
    `its configuration says ${machine}, and ${python?.path ?? 'its Python'} is a program for ${pythonArchitecture}`,
  ]
}

/** Without its standard library no CPython starts. */
function foreignHome(home: string, [python]: readonly HeldPython[]): string[] {
  const prefix = home.split(':')[0]!.replace(/(?<=.)\/+$/, '')
  if (prefix === '' || python === undefined || python.prefix === null || python.prefix === prefix) return []
  return [
    `PYTHONHOME=${home} leads away from the standard library of CPython ${minorVersion(python.version)}, which is in ${python.prefix}`,
  ]
}

function shadowed({ directory, files }: PathShadow): string {
  const [{ path, insteadOf } = { path: '', insteadOf: '' }] = files
  const names = files.length === 1 ? '1 file' : `${files.length} files`
  return `PYTHONPATH names ${directory}, which holds ${names} of the source with other bytes, as /${path} instead of /${insteadOf}`
}

/** Whether a filter of PYTHONWARNINGS, `action:message:category:module:line`, makes errors of what the compiler warns of. */
function isCompileError(filter: string): boolean {
  const [action = '', , category = ''] = filter.split(':').map(field => field.trim())
  return /^e/.test(action) && ['', 'Warning', 'SyntaxWarning', 'DeprecationWarning'].includes(category)
}

/** Those that CPython heeds while it compiles; files are judged without them. */
function compilerSettings(settings: ReadonlyMap<string, string>): string[] {
  const [warnings, digits, optimize] = ['PYTHONWARNINGS', 'PYTHONINTMAXSTRDIGITS', 'PYTHONOPTIMIZE'].map(
    name => settings.get(name) ?? '',
  ) as [string, string, string]
  const judged = 'and the files were judged without it: take it out, or compile them in the image'
  return [
    ...(warnings.split(',').some(isCompileError)
      ? [`PYTHONWARNINGS=${warnings} makes errors of warnings, ${judged}`]
      : []),
    ...(digits === '' ? [] : [`PYTHONINTMAXSTRDIGITS=${digits} says how long a number may be, ${judged}`]),
    ...(optimize === '' ? [] : [`PYTHONOPTIMIZE=${optimize} leaves assert statements out unseen, ${judged}`]),
  ]
}
