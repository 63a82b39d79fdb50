import { bom } from './bom.ts'
import type { Change } from './change.ts'
import { conflictMarkers } from './conflict-markers.ts'
import { encoding } from './encoding.ts'
import { exportSubst } from './export-subst.ts'
import { ident } from './ident.ts'
import { lfsPointer } from './lfs-pointer.ts'
import { lineEndings } from './line-endings.ts'
import { nulBytes } from './nul-bytes.ts'
import { trailingWhitespace } from './trailing-whitespace.ts'
import { truncated } from './truncated.ts'
import { unicodeNormalization } from './unicode-normalization.ts'

/**
 * In the order in which they are tried: what says more comes first. UTF-16 comes before NUL bytes, of which it is full; and
 * blanks that went from the end come before truncation, which they would be too.
 */
export const changes: readonly Change[] = [
  lfsPointer,
  bom,
  encoding,
  ident,
  exportSubst,
  lineEndings,
  nulBytes,
  conflictMarkers,
  unicodeNormalization,
  trailingWhitespace,
  truncated,
]
