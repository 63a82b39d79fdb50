import { maxEntries, maxLength, nullish, object, pipe, record, regex, string, unknown } from 'valibot'
import { text, textByName } from './fields.ts'

/** An entry of Cloud Logging has 256 KiB at the most. */
export const longText = pipe(string(), maxLength(1024 * 1024, 'is longer than any'))

const timestamp = nullish(
  pipe(text, regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/, 'is no time, as 2026-06-22T23:44:08.1Z')),
)

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry: what is used of it. */
export const entrySchema = object({
  insertId: nullish(text, ''),
  logName: nullish(text, ''),
  timestamp,
  receiveTimestamp: timestamp,
  resource: nullish(object({ type: nullish(text, ''), labels: textByName })),
  labels: textByName,
  textPayload: nullish(longText),
  jsonPayload: nullish(pipe(record(string(), unknown()), maxEntries(10_000, 'has more keys than any'))),
  protoPayload: nullish(
    object({
      /** The whole resource, where the entry tells that it is not ready. */
      response: nullish(record(string(), unknown())),
    }),
  ),
})
