import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'

/** Makes the error for a `problem` with one image or one part of it, which it names; `{ cause }` keeps what was caught. */
export type Fail = (problem: string, options?: ErrorOptions) => VerifierError

/** Failures of the image that the user called `name`. */
export function failureOfImage(name: string): Fail {
  return (problem, options) =>
    new VerifierError('image-unreadable', `cannot read the image ${quoted(name)}: ${problem}`, options)
}

/** A failure of the container engine. */
export function engineFailure(message: string, options?: ErrorOptions): VerifierError {
  return new VerifierError('engine-failed', message, options)
}

/** Failures of one part of what `fail` is about. */
export function failureOfPart(fail: Fail, part: string): Fail {
  return (problem, options) => fail(`${part}: ${problem}`, options)
}

/** `error` as it is where it already says what to do, else as the failure `problem` with it as the cause. */
export function asFailure(error: unknown, fail: Fail, problem: string): VerifierError {
  return error instanceof VerifierError ? error : fail(problem, { cause: error })
}

/** Text out of an image, `quoted`; of a long one, the start. */
export function excerpt(text: string): string {
  return quoted(text.length > 120 ? `${text.slice(0, 120)}…` : text)
}
