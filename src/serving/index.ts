export { type AppDependencies, buildApp } from './http/app.ts'
export { isLoopback } from './http/guard-browser.ts'
export { type ListenOptions, listen } from './http/listen.ts'
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
export {
  openServingDatabase,
  openServingFile,
  type ServingDatabase,
  type ServingDatabaseOptions,
} from './log/serving-database.ts'
export { type ModelSource, type ServedModel, type WatchInput, watchModels } from './models/model-source.ts'
export {
  createScorer,
  type Score,
  type Scorer,
  type ScorerInput,
  type TransactionFacts,
} from './models/scorer.ts'
export { METRICS, type MetricDefinition } from './telemetry/metrics.ts'
export { LABEL_SOURCES, type LabelSource } from './telemetry/telemetry.ts'
