import type { FindingCode, Severity } from '../../model/finding.ts'

/** What a finding of one code is, in plain sentences. */
export interface FindingHelp {
  /** A few words. */
  readonly title: string
  readonly meaning: string
  readonly remedy: string
  /** The severity that it has unless its circumstances say otherwise. */
  readonly severity: Severity
}

export const findingHelp: Readonly<Record<FindingCode, FindingHelp>> = {
  'version-skew': {
    title: 'Written for another Python than the one that runs it',
    meaning:
      'The bytes of the file are the same at every stage. Another CPython that was asked compiles them, and the one that will run them does not.',
    remedy:
      'Run it on a Python that takes what it is written in, or rewrite the places that are named so that the Python that runs it takes them.',
    severity: 'error',
  },
  'broken-source': {
    title: 'Broken as committed',
    meaning: 'The file does not compile on any CPython that was asked, and is like that in the commit already.',
    remedy: 'Mend what stops the compiler, and commit.',
    severity: 'error',
  },
  'uncommitted-change': {
    title: 'What goes up is not what is committed',
    meaning:
      'The working tree or the upload holds other bytes than the commit: the file was modified, staged, added or deleted, and not committed.',
    remedy: 'Commit the change or undo it, so that what is deployed is what was reviewed.',
    severity: 'warning',
  },
  'altered-in-upload': {
    title: 'Altered in the upload',
    meaning: 'The archive holds other bytes than the working tree, or than the commit.',
    remedy: 'Compare the two, see what happened to the bytes, and upload again from a clean checkout.',
    severity: 'warning',
  },
  'altered-in-image': {
    title: 'Altered in the image',
    meaning:
      'The image holds other bytes than what was uploaded. Where it is known, the layer and its instruction are named.',
    remedy: 'Look at what that instruction of the Dockerfile does to the file.',
    severity: 'warning',
  },
  'stale-in-image': {
    title: 'The image holds an earlier commit',
    meaning: 'The bytes in the image are those that the file had in an earlier commit.',
    remedy: 'Build the image again from what is uploaded, without a cache.',
    severity: 'error',
  },
  'missing-from-upload': {
    title: 'Not uploaded',
    meaning: 'A Python file or a submodule that git tracks does not go up. The rule that keeps it out is named.',
    remedy: 'If the service needs it, change the rule or check the files out.',
    severity: 'warning',
  },
  'missing-from-image': {
    title: 'Not in the image',
    meaning:
      'A Python file went up and is not in the image. The ignore rule, the COPY that leaves it out or the layer that deleted it is named.',
    remedy: 'If the service needs it, have the Dockerfile copy it.',
    severity: 'warning',
  },
  'unexpected-in-image': {
    title: 'In the image, and from nowhere',
    meaning: 'A Python file, or a directory of them, stands beside the source in the image, and did not go up.',
    remedy: 'Find out which layer wrote it, and whether the service imports it.',
    severity: 'warning',
  },
  'stale-bytecode': {
    title: 'Bytecode of another source',
    meaning: 'Python would run a .pyc file that was made of another source than the one that is there.',
    remedy: 'Keep __pycache__ out of the upload and the build, or compile again in the image.',
    severity: 'error',
  },
  'path-collision': {
    title: 'Paths that not every disk tells apart',
    meaning: 'Paths differ only in upper and lower case or in Unicode normalization.',
    remedy: 'Rename all but one of them.',
    severity: 'warning',
  },
  'policy-conflict': {
    title: 'Declarations that disagree',
    meaning: 'Two places declare Python versions that cannot both hold, as the Dockerfile and requires-python.',
    remedy: 'Make the declarations agree.',
    severity: 'warning',
  },
  'provenance-mismatch': {
    title: 'Not what the record names',
    meaning: 'The archive, the image or the commit that was looked at is not the one that a record of the build names.',
    remedy: 'Look at the one that the record names.',
    severity: 'error',
  },
  'syntax-warning': {
    title: 'The Python that runs it warns of it',
    meaning:
      'The CPython that runs the file compiles it, and warns of something in it, as of an invalid escape or of a comparison by `is` with a literal. Later versions may reject it.',
    remedy: 'Write what is meant: a raw string, `==` for `is`, a comma that is missing.',
    severity: 'note',
  },
  undecided: {
    title: 'Could not tell',
    meaning:
      'An interpreter crashed, ran out of time or is missing, or something that was asked for could not be looked at.',
    remedy: 'See to what is named, and run again: what could not be decided is not a pass.',
    severity: 'error',
  },
}
