export type FailureCode =
  | 'bad-usage'
  | 'git-failed'
  | 'file-unreadable'
  | 'record-unreadable'
  | 'gcloud-failed'
  | 'archive-unreadable'
  | 'image-unreadable'
  | 'engine-failed'
  | 'interpreter-missing'
  | 'nothing-to-check'
  | 'no-such-file'
  | 'source-changed'
  | 'upload-unwritable'

/** The verifier could not do its work. A broken Python file is never one of these: that is a finding. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: FailureCode

  /** `message` names the input, says what was tried and what to do. */
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
