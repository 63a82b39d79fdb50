import type { Change } from './change.ts'
import { decodeUtf8, isAscii } from './text.ts'

const forms = { NFC: 'composed', NFD: 'decomposed' } as const

/** The same characters, put together of other code points. */
export const unicodeNormalization: Change = {
  kind: 'unicode-normalization',
  explain(before, after) {
    if (isAscii(before) || isAscii(after)) return null
    const [was, is] = [decodeUtf8(before), decodeUtf8(after)]
    if (was === null || is === null) return null
    for (const [form, word] of Object.entries(forms)) {
      if (was.normalize(form) === is) return `its characters were ${word} (${form})`
      if (is.normalize(form) === was) return `its characters were ${word} (${form}) and are no longer`
    }
    return null
  },
}
