import { setImmediate } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import type { Matrix } from '../../math/matrix.ts'
import { Booster } from '../booster.ts'
import { marginOf } from '../logistic.ts'
import type { BoosterParams } from '../params.ts'
import { completeParams } from '../parse-params.ts'
import { giveBackMemory } from '../threads/lend-memory.ts'
import type { Tree } from '../tree.ts'
import { boost } from './boost.ts'
import { type CustomMetric, isWatchedMaximised } from './custom-metric.ts'
import { createEarlyStopping, type EarlyStopping } from './early-stopping.ts'
import { type EvalSet, Evaluation, metricsOf } from './evaluation.ts'
import { observationOf, type TrainingObservation } from './observe-training.ts'
import { type QuantileMatrix, quantileMatrix } from './quantile-matrix.ts'
import { estimateBaseScore, rowWeights } from './row-weights.ts'
import type { Trainer, TrainingData } from './trainer.ts'
import { checkLabels, checkNames, checkWeight, matrixOf } from './training-data.ts'

/** Nodes of all trees together: they take 2 GiB, and another while they predict. */
const NODES_MAX = 2 ** 26

/** `trainBooster` with a breath after each iteration, in which timers, requests and signals get their turn. */
export const embeddedTrainer: Trainer = {
  async train(params, data) {
    const training = iterate(params, data)
    for (;;) {
      const step = training.next()
      if (step.done) return step.value
      await setImmediate()
    }
  },
}

/**
 * Trains gradient-boosted trees for `binary:logistic` with XGBoost's histogram algorithm
 * (Chen & Guestrin 2016, https://arxiv.org/abs/1603.02754; `tree_method=hist`).
 *
 * Parameters left out have XGBoost's defaults. Without sampling and up to 8 × `maxBin` rows the trees are
 * XGBoost's own, node for node; beyond, cuts differ as `quantileMatrix` says, and sampling draws from our
 * generator. Differences from XGBoost: after early stopping the trees past the best iteration are dropped
 * (as its `EarlyStopping(save_best=True)`), so that every reader of the model scores alike. The same seed
 * gives the same model on any number of threads. Labels of one class train a model that gives every row that
 * class, up to 1e-6.
 *
 * Blocks until it is done; `embeddedTrainer` does not. Errors: `PARAM_UNKNOWN`, `PARAM_INVALID`;
 * `TRAINING_DATA_INVALID` for labels other than 0 and 1, infinite values, negative or infinite weights, no rows,
 * wrong lengths, an evaluation set of one class under `auc` or `aucpr`, and a model that cannot be continued;
 * `MEMORY_TOO_SMALL`, `MODEL_TOO_LARGE`. Cost O(rows × columns × depth) an iteration.
 *
 * @example
 * const x = { rowCount: 4, columnCount: 1, values: Float32Array.of(1, 2, 3, 4) }
 * const booster = trainBooster({ minChildWeight: 0 }, { x, y: [0, 0, 1, 1] })
 * booster.predict(x)[3] > 0.9 // true
 */
export function trainBooster(params: Partial<BoosterParams>, data: TrainingData): Booster {
  const training = iterate(params, data)
  for (;;) {
    const step = training.next()
    if (step.done) return step.value
  }
}

/** Trains, and pauses after each iteration; in the end others may use the memory. */
function* iterate(params: Partial<BoosterParams>, data: TrainingData): Generator<void, Booster> {
  const checked = checkTraining(params, data)
  const observation = observationOf({ params: checked.complete, data })
  let booster: Booster
  try {
    booster = yield* growOnBins(checked, observation ? observed(data, observation) : data)
  } catch (error) {
    observation?.end({ error })
    throw error
  }
  observation?.end({ booster })
  return booster
}

/** The same data, each iteration told to the observation too. */
function observed(data: TrainingData, observation: TrainingObservation): TrainingData {
  return {
    ...data,
    onIteration: (event) => {
      observation.iteration(event)
      return data.onIteration?.(event)
    },
  }
}

function* growOnBins(checked: Checked, data: TrainingData): Generator<void, Booster> {
  const { x, complete, evaluation } = checked
  let made: QuantileMatrix | undefined
  try {
    if ('cuts' in x) return yield* growTrees(checked, data, checkBins(x, complete))
    made = binRows(x, data.weight, complete)
    return yield* growTrees(checked, data, made)
  } finally {
    evaluation.end()
    if (made !== undefined) giveBackMemory(made.memory)
  }
}

type Checked = ReturnType<typeof checkTraining>

function* growTrees(checked: Checked, data: TrainingData, matrix: QuantileMatrix): Generator<void, Booster> {
  const { complete, x, baseScore, stopping, evaluation } = checked
  const trees: Tree[] = [...(data.model?.trees ?? [])]
  const treesBefore = trees.length
  const total = treesBefore + complete.nEstimators
  const margins = marginsOf(x, data.model, baseScore)
  let nodeCount = trees.reduce((sum, tree) => sum + tree.nodeCount, 0)
  for (const tree of boost({ ...checked, params: complete, matrix, margins, treesBefore })) {
    const iteration = trees.push(tree) - 1
    nodeCount += tree.nodeCount
    if (nodeCount > NODES_MAX) throw new FdsError('MODEL_TOO_LARGE', { nodesMax: NODES_MAX, iteration })
    const evals = evaluation.update(tree)
    const isStale = stopping?.update(evaluation.last()) ?? false
    const goOn = data.onIteration?.({ iteration, total, evals })
    data.signal?.throwIfAborted()
    if (goOn === false || isStale) break
    yield
  }
  const bestIteration = stopping === undefined ? undefined : treesBefore + stopping.bestIteration
  return new Booster({
    featureNames: checked.featureNames,
    featureTypes: checked.featureNames.map(() => 'float'),
    baseScore,
    trees: bestIteration === undefined ? trees : trees.slice(0, bestIteration + 1),
    bestIteration,
    bestScore: stopping?.bestScore,
    evalHistory: evaluation.history(),
  })
}

/** Looks at everything that could be wrong before the first long step, and makes what depends on it. */
function checkTraining(params: Partial<BoosterParams>, data: TrainingData) {
  const complete = completeParams(params)
  const { evalSets = [], customMetrics = [], model } = data
  const x = 'cuts' in data.x ? data.x : matrixOf(data.x, 'the matrix')
  const { rowCount, columnCount } = x
  const labels = checkLabels(data.y, rowCount, 'labels')
  checkWeight(data.weight, rowCount)
  const featureNames = checkNames(data.featureNames ?? model?.featureNames, columnCount)
  checkMonotone(complete.monotoneConstraints, columnCount)
  checkModel(x, model, featureNames)
  const stopping = createStopping(complete, evalSets, customMetrics)
  const weights = rowWeights(labels, data.weight, complete.scalePosWeight)
  const baseScore =
    model?.baseScore ?? complete.baseScore ?? estimateBaseScore(labels, weights, complete.scalePosWeight)
  const measured = { columnCount, baseScore, trees: model?.trees ?? [], nJobs: complete.nJobs }
  const evaluation = new Evaluation(evalSets, metricsOf(complete), measured, customMetrics)
  return { complete, x, labels, weights, featureNames, baseScore, stopping, evaluation }
}

function binRows(
  x: Matrix,
  weight: ArrayLike<number> | undefined,
  { maxBin, nJobs }: BoosterParams,
): QuantileMatrix {
  return quantileMatrix(x, { maxBin, nJobs, ...(weight === undefined ? {} : { weight }) })
}

/** Errors: `PARAM_INVALID` for bins that were made for another `max_bin`. */
function checkBins(matrix: QuantileMatrix, { maxBin }: BoosterParams): QuantileMatrix {
  if (matrix.maxBin === maxBin) return matrix
  const expected = `${matrix.maxBin}, as the quantile matrix was made with`
  throw new FdsError('PARAM_INVALID', { name: 'max_bin', expected, got: String(maxBin) })
}

/** Margin of each row before the first new tree. */
function marginsOf(x: Matrix | QuantileMatrix, model: Booster | undefined, baseScore: number): Float32Array {
  if (model === undefined || 'cuts' in x) return new Float32Array(x.rowCount).fill(marginOf(baseScore))
  // all its trees stay, those past its best iteration too
  return model.predictMargin(x, { iterationRange: [0, 0] })
}

function checkModel(
  x: Matrix | QuantileMatrix,
  model: Booster | undefined,
  featureNames: readonly string[],
): void {
  if (model === undefined) return
  if ('cuts' in x) throw invalid('a model is continued on the matrix of its numbers, got their bins')
  if (model.treesPerIteration !== 1 || model.treeWeights !== undefined) {
    throw invalid('a model to continue must have one tree an iteration, each counted whole')
  }
  const other = featureNames.findIndex((name, f) => name !== model.featureNames[f])
  if (other >= 0) {
    const got = `"${featureNames[other]}" for "${model.featureNames[other]}"`
    throw invalid(`features must be those of the model to continue, got ${got}`)
  }
}

function createStopping(
  params: BoosterParams,
  evalSets: readonly EvalSet[],
  customMetrics: readonly CustomMetric[],
): EarlyStopping | undefined {
  const rounds = params.earlyStoppingRounds
  if (rounds === undefined) return undefined
  if (evalSets.length === 0) {
    const expected = 'given together with at least one evaluation set'
    throw new FdsError('PARAM_INVALID', { name: 'early_stopping_rounds', expected, got: `${rounds} alone` })
  }
  return createEarlyStopping({ rounds, maximise: isWatchedMaximised(metricsOf(params), customMetrics) })
}

function checkMonotone(signs: readonly number[], columnCount: number): void {
  if (signs.length > columnCount) {
    const expected = `a list of at most ${columnCount} numbers, one for each feature`
    throw new FdsError('PARAM_INVALID', { name: 'monotone_constraints', expected, got: `${signs.length}` })
  }
}

function invalid(reason: string): FdsError {
  return new FdsError('TRAINING_DATA_INVALID', { reason })
}
