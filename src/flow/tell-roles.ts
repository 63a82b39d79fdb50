import type { Casting } from '../interpreters/cast-interpreters.ts'
import type { ImageDescription } from '../model/image-description.ts'
import type { DeclaredVersion, ImageInterpreter } from '../model/interpreter.ts'
import type { ProjectDeclarations } from '../project/declarations.ts'
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

/**
 * Each role goes to what is said first: by the user, by the images, by the project, by the machine.
 *
 * @param described what each image is, by the name of its stage.
 */
export function tellRoles(said: Said, described: ReadonlyMap<string, ImageDescription>): Roles {
  const { declarations, pathPython } = said
  const found = [...described].map(([stage, { pythons }]) => ({
    stage,
    isOwn: said.inImages.some(each => each.stage === stage),
    python: pythons[0] === undefined ? null : { version: pythons[0].version, from: pythons[0].from },
  }))
  const remarks = [...described.values()].flatMap(each => each.remarks)
  const images = found.flatMap(({ python }) => python ?? [])
  const declared = images.length > 0 ? images : declarations.deploy === null ? [] : [declarations.deploy]
  const { deploy: asked } = said.roles
  const deployed = asked === null ? declared : [asked]
  const plays = (own: ImageInterpreter) => asked === null || speaksFor(own, asked)
  const inImages = said.inImages.map(interpreter => ({
    interpreter,
    roles: plays(interpreter) ? (['deploy'] as const) : [],
  }))
  const ofOthers = found.flatMap(({ isOwn, python, stage }) =>
    isOwn || python === null ? [] : [{ ...python, images: [stage] }],
  )
  const isPlayed = asked !== null && said.inImages.some(plays)
  const deploy = asked === null && images.length > 0 ? ofOthers : isPlayed ? [] : deployed
  const { supported } = declarations
  if (deployed.length === 0) {
    const range = supported === null ? 'every CPython at hand from 3.10' : `every CPython that ${supported.from} admits`
    remarks.push(`nothing tells which Python will run this; asked ${range}. Pass --deploy-python, or --image`)
  }
  const supports = (minor: string) => supported === null || admits(supported.specifier, minor)
  const dev = said.roles.dev ?? declarations.dev ?? pathPython
  return { inImages, deploy, deployed, dev, others: said.pythons, supports, images, remarks }
}

/** Whether it is of the version that was asked for, as far as that says. */
function speaksFor({ version: own }: ImageInterpreter, { version }: DeclaredVersion): boolean {
  return own === version || own.startsWith(`${version}.`)
}
