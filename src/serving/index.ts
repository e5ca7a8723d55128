export { type AppDependencies, buildApp } from './app.ts'
export {
  type Decision,
  type DecisionLog,
  type Label,
  type LabelReceipt,
  openDecisionLog,
  type StoredDecision,
} from './decision-log.ts'
export { isLoopback } from './guard-browser.ts'
export { type ListenOptions, listen } from './listen.ts'
export { lockHome } from './lock-home.ts'
export { type ModelSource, type ServedModel, type WatchInput, watchModels } from './model-source.ts'
export { createScorer, type Score, type Scorer, type ScorerInput, type TransactionFacts } from './scorer.ts'
export { LABEL_SOURCES, type LabelSource, METRICS, type MetricDefinition } from './telemetry.ts'
