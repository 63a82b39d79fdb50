export { findInterpreters, type Search, surveyInterpreters } from './interpreters/find-interpreters.ts'
export { interpreterAt } from './interpreters/interpreter-at.ts'
export type { NativeSearch, Survey } from './interpreters/survey-natives.ts'
export type { ChangeDetail, ChangeKind, Hunk, HunkLine } from './model/change.ts'
export type { BlobId, ObjectFormat, Sha256 } from './model/digest.ts'
export type { Environment } from './model/environment.ts'
export { type FailureCode, VerifierError } from './model/errors.ts'
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
export type { FoundInterpreter, LeftOut } from './model/machine.ts'
export { type Path, parsePath, rootPath } from './model/path.ts'
export type { LayerSummary, Outcome, Report, StageSummary } from './model/report.ts'
export type { Entry, ImageFacts, ImageSource, Platform, Source } from './model/source.ts'
export type { Place, Stage, StageKind } from './model/stage.ts'
export type { PathMapping } from './model/trace.ts'
export type { Position, Verdict } from './model/verdict.ts'
export type { Plan } from './plan.ts'
export type { Placed, ProjectDeclarations } from './project/declarations.ts'
export type { ProjectFiles, ReadFile } from './project/project-file.ts'
export { type ProjectPlace, readProject } from './project/read-project.ts'
export type { SupportedVersions } from './project/supported-versions.ts'
export { json } from './report/json.ts'
export { text } from './report/text.ts'
export { archive } from './sources/archive.ts'
export { gitFacts } from './sources/git-facts.ts'
export { gitHistory } from './sources/git-history.ts'
export { gitTree } from './sources/git-tree.ts'
export { type ImageSearch, image } from './sources/image.ts'
export { parsePlatform } from './sources/image-platform.ts'
export { predictedUpload } from './sources/predicted-upload.ts'
export { openRepository, type Repository } from './sources/repository.ts'
export { type UploadRules, uploadRules } from './sources/upload-rules.ts'
export { worktree } from './sources/worktree.ts'
export { verify } from './verify.ts'
