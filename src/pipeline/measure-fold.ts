import { type CustomMetric, type IterationEvent, parseParams, trainBooster } from '../model/index.ts'
import { canReach } from './can-reach.ts'
import type { Fold } from './tune-folds.ts'
import type { Metric } from './tune-metric.ts'

/** What training on one fold came to. */
export interface FoldResult {
  /** The metric on the fold's validation rows. */
  readonly value: number
  /** How many trees gave it. */
  readonly trees: number
  /** How many were grown. */
  readonly grown: number
  /** A probability for each validation row, where the task asks for them. */
  readonly scores?: Float32Array
}

export interface FoldTask {
  /** XGBoost's names. With `early_stopping_rounds` the number of trees with the best metric counts. */
  readonly params: Readonly<Record<string, unknown>>
  readonly metric: Metric
  /** A value to beat: growing ends where it is out of reach. Needs early stopping. */
  readonly rival?: number | undefined
  readonly withScores?: boolean
}

/** Trees between two looks at the metric, which cost about a tenth of a tree each. */
const TREES_A_LOOK = 5

/** Trains on a fold's earlier rows and measures on its later ones. Blocks until it is done. */
export function measureFold(
  fold: Fold,
  { params: given, metric, rival, withScores = false }: FoldTask,
): FoldResult {
  // "error" is the cheapest of XGBoost's metrics, one of which must be there
  const params = parseParams({ ...given, eval_metric: 'error' })
  const { x, y, validation, featureNames } = fold
  const stops = params.earlyStoppingRounds !== undefined
  const goesOn =
    stops && rival !== undefined ? rivalry(metric, { rival, learningRate: params.learningRate }) : () => true
  let grown = 0
  const booster = trainBooster(params, {
    x,
    y,
    featureNames,
    ...(stops && {
      evalSets: [{ name: VALIDATION, ...validation }],
      customMetrics: [seldom(metric, params.nEstimators)],
    }),
    onIteration: (event) => {
      grown = event.iteration + 1
      return goesOn(event)
    },
  })
  const trees = booster.trees.length
  if (booster.bestScore !== undefined && !withScores) return { value: booster.bestScore, trees, grown }
  const scores = booster.predict(validation.x, { nJobs: params.nJobs })
  const value = booster.bestScore ?? metric.measure(validation.y, scores)
  return { value, trees, grown, ...(withScores && { scores }) }
}

const VALIDATION = 'validation'

/** The metric at every fifth tree and at the last; between them it stays as it was. */
function seldom({ name, direction, measure }: Metric, total: number): CustomMetric {
  let calls = 0
  let last = Number.NaN
  return {
    name,
    maximise: direction === 'maximize',
    evaluate: ({ labels, probabilities }) => {
      if (calls % TREES_A_LOOK === 0 || calls === total - 1) last = measure(labels, probabilities)
      calls++
      return last
    },
  }
}

/** Says after each tree whether the rival is within reach. */
function rivalry(
  { name, direction }: Metric,
  { rival, learningRate }: { readonly rival: number; readonly learningRate: number },
): (event: IterationEvent) => boolean {
  const sign = direction === 'maximize' ? 1 : -1
  const curve: number[] = []
  return ({ evals, total }) => {
    const value = sign * evals[VALIDATION]![name]!
    curve.push(Math.max(value, curve.at(-1) ?? value))
    return canReach(sign * rival, { curve, total, learningRate })
  }
}
