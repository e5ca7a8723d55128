import type { Booster } from '../booster.ts'
import type { BoosterParams } from '../params.ts'
import type { Rows } from '../rows.ts'
import type { CustomMetric } from './custom-metric.ts'
import type { EvalSet } from './evaluation.ts'
import type { QuantileMatrix } from './quantile-matrix.ts'

/** What a callback sees after each iteration. */
export interface IterationEvent {
  /** Counts from 0; a continued training counts on. */
  readonly iteration: number
  readonly total: number
  /** By evaluation set, by metric, the value after this iteration. */
  readonly evals: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface TrainingData {
  /** NaN where a value is missing; or the bins of a matrix, made once for several trainings. */
  readonly x: Rows | QuantileMatrix
  /** 0 or 1 for each row. */
  readonly y: ArrayLike<number>
  /** How much each row counts; 1 when absent. */
  readonly weight?: ArrayLike<number>
  /** Different names; f0, f1, … when absent. */
  readonly featureNames?: readonly string[]
  /** Measured after each iteration; early stopping watches the last. */
  readonly evalSets?: readonly EvalSet[]
  /** Measures of one's own, taken after those of `evalMetric`; early stopping watches the last of all. */
  readonly customMetrics?: readonly CustomMetric[]
  /** A model to continue: its trees come first, and new ones are grown on what they leave. */
  readonly model?: Booster
  /** Called after each iteration; false stops the training and keeps what is there. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing goes on
  readonly onIteration?: (event: IterationEvent) => boolean | void
  /** Looked at after each iteration: an aborted training throws the signal's reason. */
  readonly signal?: AbortSignal
}

/** Makes a booster of data; who trains may be another engine on another machine. */
export interface Trainer {
  train(params: Partial<BoosterParams>, data: TrainingData): Promise<Booster>
}
