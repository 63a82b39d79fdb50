export { autopsy, type Case } from './autopsy.ts'
export { checkSeal, type ToCheck } from './check-seal.ts'
export { readBuild } from './evidence/read-build.ts'
export { readLog } from './evidence/read-log.ts'
export { readProvenance } from './evidence/read-provenance.ts'
export { readRevision } from './evidence/read-revision.ts'
export { readSeal } from './evidence/read-seal.ts'
export type { WantedFile } from './flow/find-file.ts'
export { findInterpreters, type Search, surveyInterpreters } from './interpreters/find-interpreters.ts'
export { interpreterAt } from './interpreters/interpreter-at.ts'
export type { NativeSearch, Survey } from './interpreters/survey-natives.ts'
export type {
  Autopsy,
  Change,
  Crash,
  CrashPlace,
  CustodyLink,
  HiddenBreak,
  Missing,
  Records,
  Remedy,
} from './model/autopsy.ts'
export type { BuildRecord, StorageObject } from './model/build-record.ts'
export type { ChangeDetail, ChangeKind, Hunk, HunkLine } from './model/change.ts'
export type { Claim, DeploymentRecord } from './model/deployment.ts'
export type { BlobId, ObjectFormat, Sha256 } from './model/digest.ts'
export type { Environment } from './model/environment.ts'
export { type FailureCode, VerifierError } from './model/errors.ts'
export type { FileTrace, LineCommits, TracedChange, TracedLine, TracedStage } from './model/file-trace.ts'
export type {
  Collision,
  Conflict,
  Evidence,
  Feature,
  Finding,
  FindingCode,
  Severity,
  Site,
  SourceLine,
} from './model/finding.ts'
export type { GitFacts } from './model/git-facts.ts'
export type { History, PastChange, PastCommit } from './model/history.ts'
export type { Hypothesis, HypothesisId } from './model/hypothesis.ts'
export type { DifferingFile, FileInImage, ImageComparison } from './model/image-comparison.ts'
export type { HeldPython, ImageDescription, ImagePlatform } from './model/image-description.ts'
export type { CastInterpreter, DeclaredVersion, Interpreter, Provider, Role } from './model/interpreter.ts'
export type { LineCommit, LineHistory, LineOrigin } from './model/line-history.ts'
export type { CrashKind, Frame, LogRecord, Traceback } from './model/log.ts'
export type { FoundInterpreter, LeftOut } from './model/machine.ts'
export { type Path, parsePath, rootPath } from './model/path.ts'
export type { LayerSummary, Outcome, Report, StageSummary } from './model/report.ts'
export type { Seal, SealCheck, SealedFile, SealedInterpreter, SealedVerdict, UnsealedFile } from './model/seal.ts'
export type { Entry, ImageFacts, ImageSource, Platform, Source } from './model/source.ts'
export type { Place, Stage, StageKind } from './model/stage.ts'
export type { PathMapping } from './model/trace.ts'
export type { Position, Verdict } from './model/verdict.ts'
export type { Plan } from './plan.ts'
export type { Placed, ProjectDeclarations } from './project/declarations.ts'
export type { ProjectFiles, ReadFile } from './project/project-file.ts'
export type { ProjectPlace } from './project/project-place.ts'
export { readProject } from './project/read-project.ts'
export type { SupportedVersions } from './project/supported-versions.ts'
export { autopsyJson } from './report/autopsy-json.ts'
export { autopsyText } from './report/autopsy-text.ts'
export { github } from './report/github/github.ts'
export { markdownSummary } from './report/github/markdown-summary.ts'
export { gitlab } from './report/gitlab.ts'
export { json } from './report/json.ts'
export { junit } from './report/junit.ts'
export { type FormatName, type Rendering, type Reporter, reporters } from './report/reporters.ts'
export { type SarifOptions, sarif } from './report/sarif/sarif.ts'
export { sealStatement } from './report/seal-statement.ts'
export { plainStyle, type Style } from './report/style.ts'
export { type TextOptions, text } from './report/text.ts'
export { traceJson } from './report/trace/trace-json.ts'
export { traceText } from './report/trace/trace-text.ts'
export { seal } from './seal.ts'
export { archive } from './sources/archive/archive.ts'
export { gitFacts } from './sources/git/git-facts.ts'
export { gitHistory } from './sources/git/git-history.ts'
export { gitLines } from './sources/git/git-lines.ts'
export { gitTree } from './sources/git/git-tree.ts'
export { openRepository, type Repository } from './sources/git/repository.ts'
export { worktree } from './sources/git/worktree.ts'
export { type ImageSearch, image } from './sources/image/image.ts'
export { parsePlatform } from './sources/image/image-platform.ts'
export { predictedUpload } from './sources/upload/predicted-upload.ts'
export { type UploadRules, uploadRules } from './sources/upload/upload-rules.ts'
export { traceFile } from './trace-file.ts'
export { verify } from './verify.ts'
