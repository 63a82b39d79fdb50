import type { Cast } from '../interpreters/cast-interpreters.ts'
import { castInterpreters } from '../interpreters/cast-interpreters.ts'
import { VerifierError } from '../model/errors.ts'
import type { ImageDescription } from '../model/image-description.ts'
import type { CastInterpreter, DeclaredVersion } from '../model/interpreter.ts'
import type { Plan } from '../plan.ts'
import type { Roles } from './tell-roles.ts'
import { tellRoles } from './tell-roles.ts'

/** The interpreters of a run. */
export interface CastRoles {
  readonly roles: Roles
  readonly interpreters: readonly CastInterpreter[]
  /** What was asked for and is not at hand. */
  readonly missing: Cast['missing']
  readonly remarks: readonly string[]
}

/**
 * Who judges, in what role. That a development Python which nobody asked for is not at hand is only said.
 *
 * @throws VerifierError when there is nobody.
 */
export function castRoles(plan: Plan, described: ReadonlyMap<string, ImageDescription>): CastRoles {
  const roles = tellRoles(plan, described)
  const { interpreters, missing, unchecked } = castInterpreters(roles, plan.available)
  const isInferredDev = ({ roles: [role] }: (typeof missing)[number]) => role === 'dev' && plan.roles.dev === null
  const absent = missing.filter(isInferredDev).map(({ version, from }) => `no CPython ${version} to ask (${from})`)
  const trusted = unchecked.map(
    ({ version, stage }) =>
      `no other build of CPython ${version} is at hand: what that of ${stage} says is held against none`,
  )
  const remarks = [...roles.remarks, ...absent, ...trusted]
  const wanted = missing.filter(each => !isInferredDev(each))
  if (interpreters.length === 0) throw noInterpreter(wanted)
  return { roles, interpreters, missing: wanted, remarks }
}

function noInterpreter(missing: readonly DeclaredVersion[]): VerifierError {
  const wanted = missing.map(({ version, from }) => `CPython ${version} (${from})`).join(', ')
  return new VerifierError(
    'interpreter-missing',
    `no interpreter to ask${wanted === '' ? '' : `: ${wanted} is not on this machine`}; install it, or pass --interpreters auto`,
  )
}
