export { ABTest, type ABTestOptions, type AliasRegistry, type ArmResult, type Predictor } from './ab-test.ts'
export type { AbDecision, AbVerdict, ArmSummary } from './ab-verdict.ts'
export { type Arm, type Assignment, assign, assignmentHash, bucketRanges } from './assign.ts'
export { buildProfile } from './build-profile.ts'
export { type ColumnDrift, type ColumnStatus, compareProfile } from './compare-profile.ts'
export { countAgainst } from './count-against.ts'
export type { DriftMetric, DriftTest } from './evidently-shape.ts'
export {
  type CategoryProfile,
  type ColumnProfile,
  mergeProfiles,
  type NumberProfile,
  type Profile,
  parseProfile,
} from './profile.ts'
export { type BinnedCounts, type PsiTest, populationStabilityIndex, psiTest } from './psi.ts'
export { type PsiBand, psiAction, psiBand } from './psi-band.ts'
export { DataDriftPreset, Report, type ReportDict, type ReportResult } from './report.ts'
export { type DriftCheck, runDriftMonitoring } from './run-drift-monitoring.ts'
export { type SampleRatio, sampleRatioMismatch } from './sample-ratio.ts'
export {
  type Moments,
  momentsOf,
  studentTestOfMoments,
  type WelchTest,
  welchTest,
  welchTestOfMoments,
} from './welch-test.ts'
