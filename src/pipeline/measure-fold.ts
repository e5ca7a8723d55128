import { parseParams, trainBooster } from '../model/index.ts'
import type { Fold } from './tune-folds.ts'
import type { Metric } from './tune-metric.ts'

/** What training on one fold came to. */
export interface FoldResult {
  /** The metric on the fold's validation rows. */
  readonly value: number
  /** How many trees gave it. */
  readonly trees: number
  /** A probability for each validation row, where the task asks for them. */
  readonly scores?: Float32Array
}

export interface FoldTask {
  /** XGBoost's names. With `early_stopping_rounds` the iteration with the best metric counts. */
  readonly params: Readonly<Record<string, unknown>>
  readonly metric: Metric
  readonly withScores?: boolean
}

/** Trains on a fold's earlier rows and measures on its later ones. Blocks until it is done. */
export function measureFold(fold: Fold, { params, metric, withScores = false }: FoldTask): FoldResult {
  // "error" is the cheapest of XGBoost's metrics, one of which must be there
  const parsed = parseParams({ ...params, eval_metric: 'error' })
  const { x, y, validation, featureNames } = fold
  const stops = parsed.earlyStoppingRounds !== undefined
  const booster = trainBooster(parsed, {
    x,
    y,
    featureNames,
    ...(stops && {
      evalSets: [{ name: 'validation', ...validation }],
      customMetrics: [watchedMetric(metric)],
    }),
  })
  const trees = booster.trees.length
  if (booster.bestScore !== undefined && !withScores) return { value: booster.bestScore, trees }
  const scores = booster.predict(validation.x, { nJobs: parsed.nJobs })
  const value = booster.bestScore ?? metric.measure(validation.y, scores)
  return { value, trees, ...(withScores && { scores }) }
}

function watchedMetric({ name, direction, measure }: Metric) {
  return {
    name,
    maximise: direction === 'maximize',
    evaluate: ({ labels, probabilities }: { labels: Uint8Array; probabilities: Float32Array }) =>
      measure(labels, probabilities),
  }
}
