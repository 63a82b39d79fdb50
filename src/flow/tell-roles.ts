import type { Casting } from '../interpreters/cast-interpreters.ts'
import { type DeclaredVersion, type ImageInterpreter, minorVersion } from '../model/interpreter.ts'
import type { Manifest } from '../model/manifest.ts'
import type { ImageSource, Source } from '../model/source.ts'
import type { ProjectDeclarations } from '../project/declarations.ts'
import { imagePythons } from '../project/image-pythons.ts'
import { admits } from '../project/supported-versions.ts'

/** Who is asked for, and on whose word. */
export interface Roles extends Casting {
  /** All that the deploy role rests on. */
  readonly deployed: readonly DeclaredVersion[]
  /** What the images hold. */
  readonly images: readonly DeclaredVersion[]
  readonly remarks: readonly string[]
}

/** What is said of roles before the stages are read. */
interface Said {
  readonly declarations: ProjectDeclarations
  readonly roles: { readonly deploy: DeclaredVersion | null; readonly dev: DeclaredVersion | null }
  readonly pythons: readonly DeclaredVersion[]
  readonly pathPython: DeclaredVersion | null
  readonly inImages: readonly ImageInterpreter[]
}

interface Holder {
  readonly source: Source | ImageSource
  readonly manifest: Manifest
}

/** Each role goes to what is said first: by the user, by the images, by the project, by the machine. */
export function tellRoles(said: Said, holders: readonly Holder[]): Roles {
  const { declarations, pathPython } = said
  const found = holders.flatMap(holder => ('image' in holder.source ? [pythonOfImage(said, holder)] : []))
  const remarks = found.flatMap(each => each.remarks)
  const images = found.flatMap(({ python }) => python ?? [])
  const declared = images.length > 0 ? images : declarations.deploy === null ? [] : [declarations.deploy]
  const { deploy: asked } = said.roles
  const deployed = asked === null ? declared : [asked]
  const plays = (own: ImageInterpreter) => asked === null || speaksFor(own, asked)
  const inImages = said.inImages.map(interpreter => ({
    interpreter,
    roles: plays(interpreter) ? (['deploy'] as const) : [],
  }))
  const isPlayed = (version: DeclaredVersion) =>
    asked === null ? found.some(({ own, python }) => own !== null && python === version) : said.inImages.some(plays)
  const deploy = deployed.filter(version => !isPlayed(version))
  const { supported } = declarations
  if (deployed.length === 0) {
    const range = supported === null ? 'every CPython at hand from 3.10' : `every CPython that ${supported.from} admits`
    remarks.push(`nothing tells which Python will run this; asked ${range}. Pass --deploy-python, or --image`)
  }
  const supports = (minor: string) => supported === null || admits(supported.specifier, minor)
  const dev = said.roles.dev ?? declarations.dev ?? pathPython
  return { inImages, deploy, deployed, dev, others: said.pythons, supports, images, remarks }
}

/** What an image's Python is: in its own words, where it was asked. */
function pythonOfImage(said: Said, { source, manifest }: Holder) {
  const { name } = source.stage
  const own = said.inImages.find(({ stage }) => stage === name) ?? null
  const shown = imagePythons((source as ImageSource).image.environment, manifest.python.keys())
  const python = own === null ? (shown[0] ?? null) : { version: own.version, from: `${own.executable} in ${name}` }
  const others = shown.filter(
    ({ version }) => python !== null && minorVersion(version) !== minorVersion(python.version),
  )
  const remarks = others.map(({ version, from }) => `${name} holds CPython ${version} as well (${from})`)
  return { own, python, remarks }
}

/** Whether it is of the version that was asked for, as far as that says. */
function speaksFor({ version: own }: ImageInterpreter, { version }: DeclaredVersion): boolean {
  return own === version || own.startsWith(`${version}.`)
}
