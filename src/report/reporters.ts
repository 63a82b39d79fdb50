import type { Report } from '../model/report.ts'
import { github } from './github/github.ts'
import { gitlab } from './gitlab.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { type SarifOptions, sarif } from './sarif/sarif.ts'
import { type TextOptions, text } from './text.ts'

/** What a report is written with besides the report itself. */
export interface Rendering extends TextOptions, SarifOptions {}

/** The same report, the same text. None of them looks at anything but what it is given. */
export type Reporter = (report: Report, rendering: Rendering) => string

/** By the names that `--format` takes. */
export const reporters = { text, json, sarif, junit, github, gitlab } satisfies Record<string, Reporter>

export type FormatName = keyof typeof reporters
