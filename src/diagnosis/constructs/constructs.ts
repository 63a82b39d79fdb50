import { definitionConstructs } from './definition-constructs.ts'
import { expressionConstructs } from './expression-constructs.ts'
import { fStringConstructs } from './f-string-constructs.ts'
import { python2Constructs } from './python-2-constructs.ts'
import type { ConstructRow } from './recognise.ts'
import { statementConstructs } from './statement-constructs.ts'

/** Every construct that is told in a tree; one row a feature. Of those that apply to the smallest node, the first is the one that is named. */
export const constructs: readonly ConstructRow[] = [
  ...fStringConstructs,
  ...expressionConstructs,
  ...definitionConstructs,
  ...statementConstructs,
  ...python2Constructs,
]
