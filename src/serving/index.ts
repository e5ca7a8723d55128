export { evaluateExperiment } from './experiments/evaluate-experiment.ts'
export { createEvaluationHandle, type EvaluationHandle } from './experiments/evaluation-handle.ts'
export type { Experiment as AbExperiment, ExperimentActor } from './experiments/experiment.ts'
export {
  startAnswer,
  statusAnswer,
  toExperimentAnswer,
  toMoveAnswer,
} from './experiments/experiment-answer.ts'
export {
  createExperimentDesk,
  type ExperimentDesk,
  type ExperimentRequest,
} from './experiments/experiment-desk.ts'
export type { ExperimentHealth } from './experiments/experiment-health.ts'
export { watchExperiment } from './experiments/experiment-source.ts'
export { createExperimentStore, type ExperimentStore } from './experiments/experiment-store.ts'
export { actOnVerdict, promoteChallenger, rollBackExperiment } from './experiments/promote-challenger.ts'
export { reportPage, reportPicture } from './experiments/report-page.ts'
export { type AppDependencies, buildApp } from './http/app.ts'
export { isLoopback } from './http/guard-browser.ts'
export { findPort, type ListenOptions, listen } from './http/listen.ts'
export type { ShareMetrics } from './http/metrics.ts'
export { createTransactionId, type TransactionIdInput } from './log/create-transaction-id.ts'
export type { Decision, Label, LabelReceipt, ShadowScore, StoredDecision } from './log/decision.ts'
export {
  createDecisionLog,
  type DecisionLog,
  type DecisionLogOptions,
  openDecisionLog,
} from './log/decision-log.ts'
export type { CommitFacts, Durability } from './log/group-writer.ts'
export { lockHome } from './log/lock-home.ts'
export type { OutcomeCounts, Outcomes, OutcomesQuery } from './log/outcomes.ts'
export { type DayRow, readDay } from './log/read-day.ts'
export { type DecisionDay, deleteDay, listDays, noteExport } from './log/retention.ts'
export {
  openServingDatabase,
  openServingFile,
  type ServingDatabase,
  type ServingDatabaseOptions,
} from './log/serving-database.ts'
export { type ModelSource, type ServedModel, type WatchInput, watchModels } from './models/model-source.ts'
export { FALLBACKS, type Fallback } from './models/score-or-fallback.ts'
export {
  createScorer,
  type Score,
  type Scorer,
  type ScorerInput,
  type TransactionFacts,
} from './models/scorer.ts'
export type { MetricSnapshot } from './telemetry/join-metrics.ts'
export { METRICS, type MetricDefinition } from './telemetry/metrics.ts'
export { createMetricsHub } from './telemetry/metrics-hub.ts'
export { LABEL_SOURCES, type LabelSource } from './telemetry/telemetry.ts'
