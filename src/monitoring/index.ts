export { qValues } from './drift/benjamini-hochberg.ts'
export { changeTest } from './drift/change-test.ts'
export { type ChiSquare, chiSquareTest, chiSquareTwoSample } from './drift/chi-square.ts'
export type {
  ColumnDrift,
  ColumnStatus,
  DriftAction,
  DriftFinding,
  FindingKind,
} from './drift/column-drift.ts'
export { type CompareOptions, compareProfile } from './drift/compare-profile.ts'
export type { MethodOptions } from './drift/evidently-drift.ts'
export type { MethodName } from './drift/evidently-methods.ts'
export type { DriftMetric, DriftTest, MetricValue } from './drift/evidently-shape.ts'
export type { DataDefinition } from './drift/evidently-types.ts'
export { ksTest } from './drift/ks-test.ts'
export type { MethodChoice } from './drift/method-choice.ts'
export { type BinnedCounts, type PsiTest, populationStabilityIndex, psiTest } from './drift/psi.ts'
export { driftAction, type PsiBand, psiAction, psiBand } from './drift/psi-band.ts'
export {
  adviseRetraining,
  type RetrainAdvice,
  type RetrainAdviceOptions,
  type WeighedColumn,
} from './drift/retrain-advice.ts'
export {
  correctedJensenShannonDistance,
  hellingerDistance,
  jensenShannonDistance,
  klDivergence,
  totalVariationDistance,
} from './drift/share-distances.ts'
export { shareTest } from './drift/share-test.ts'
export { wassersteinDistance } from './drift/wasserstein.ts'
export { type Proportion, zTest } from './drift/z-test.ts'
export {
  ABTest,
  type ABTestOptions,
  type AbVerdict,
  type AliasRegistry,
  type ArmResult,
  type Predictor,
} from './experiments/ab-test.ts'
export { type Arm, type Assignment, assign, assignmentHash, bucketRanges } from './experiments/assign.ts'
export { aucDifferencePower, aucPower, aucVariance } from './experiments/auc-power.ts'
export {
  bernoulliConfidenceSequence,
  type ConfidenceSequence,
  confidenceSequence,
  normalLogMixture,
  normalMixtureBoundary,
} from './experiments/confidence-sequence.ts'
export type { ArmEvidence, ExperimentEvidence, PairedEvidence } from './experiments/experiment-evidence.ts'
export {
  type ExperimentPlan,
  type ExperimentPlanInput,
  experimentPlan,
  type GuardrailMargins,
  type Spending,
} from './experiments/experiment-plan.ts'
export { type ExperimentReport, experimentReport } from './experiments/experiment-report.ts'
export type {
  DifferenceSummary,
  ExperimentLook,
  ExperimentStatus,
  ExperimentVerdict,
  GuardrailName,
  GuardrailSummary,
  NaiveVerdict,
  Recommendation,
  VerdictArm,
  VerdictReason,
} from './experiments/experiment-verdict.ts'
export { gatherEvidence } from './experiments/gather-evidence.ts'
export {
  crossingProbability,
  type GroupSequentialBounds,
  groupSequentialBounds,
} from './experiments/group-sequential.ts'
export { judgeExperiment } from './experiments/judge-experiment.ts'
export { type McnemarTest, mcnemarTest } from './experiments/mcnemar-test.ts'
export { naiveFalseAlarmRate } from './experiments/naive-verdict.ts'
export type { Outcome } from './experiments/outcome.ts'
export {
  type ExperimentNeeds,
  type PlanInput,
  type PlannedEffect,
  planExperiment,
} from './experiments/plan-experiment.ts'
export { type DeltaDifference, relativeDifference } from './experiments/ratio-test.ts'
export {
  type SampleRatio,
  type SequentialSampleRatio,
  sampleRatioMismatch,
  sequentialSampleRatio,
} from './experiments/sample-ratio.ts'
export { spentAlpha } from './experiments/spending.ts'
export { type WeightedRates, weightedRates } from './experiments/weighted-rates.ts'
export {
  type Moments,
  momentsOf,
  studentTestOfMoments,
  type WelchTest,
  welchTest,
  welchTestOfMoments,
} from './experiments/welch-test.ts'
export { buildProfile, profileTexts } from './profile/build-profile.ts'
export { countAgainst, countTextColumn } from './profile/count-against.ts'
export { mergeColumns, mergeProfiles } from './profile/merge-profiles.ts'
export { parseProfile } from './profile/parse-profile.ts'
export type {
  CategoryProfile,
  ColumnProfile,
  NumberProfile,
  Profile,
} from './profile/profile.ts'
export { countInParts, profileInParts } from './profile/profile-parts.ts'
export {
  type AnyMethod,
  type DataDriftOptions,
  DataDriftPreset,
  DataSummaryPreset,
  type ReportMetric,
  ValueDrift,
} from './report/metrics.ts'
export {
  Report,
  type ReportDict,
  type ReportInput,
  type ReportOptions,
  type ReportResult,
} from './report/report.ts'
export { type DriftCheck, runDriftMonitoring } from './report/run-drift-monitoring.ts'
