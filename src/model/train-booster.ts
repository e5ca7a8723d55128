import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import { createRandom } from '../math/random.ts'
import { type BinnedMatrix, binMatrix, missingCode, placeOf } from './binned-matrix.ts'
import { Booster } from './booster.ts'
import { sampleColumns } from './column-sampler.ts'
import { createEarlyStopping, type EarlyStopping } from './early-stopping.ts'
import { isMaximised } from './eval-metrics.ts'
import { type EvalSet, Evaluation, metricsOf } from './evaluation.ts'
import { estimateBaseScore, logisticGradients, marginOf, rowWeights } from './gradient.ts'
import { type GrownTree, TreeGrower } from './grow-tree.ts'
import type { BoosterParams } from './params.ts'
import { completeParams } from './parse-params.ts'
import { quantileCuts } from './quantile-cuts.ts'
import { createRowSampler } from './row-sampler.ts'
import { checkLabels, checkMatrix, checkNames, checkWeight } from './training-data.ts'
import { finishTree, type GrowingTree, type Tree } from './tree.ts'

/** What a callback sees after each iteration. */
export interface IterationEvent {
  /** Counts from 0. */
  readonly iteration: number
  readonly total: number
  /** By evaluation set, by metric, the value after this iteration. */
  readonly evals: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface TrainingData {
  /** NaN where a value is missing. */
  readonly x: Matrix
  /** 0 or 1 for each row. */
  readonly y: ArrayLike<number>
  /** How much each row counts; 1 when absent. */
  readonly weight?: ArrayLike<number>
  /** Different names; f0, f1, … when absent. */
  readonly featureNames?: readonly string[]
  /** Measured after each iteration; early stopping watches the last. */
  readonly evalSets?: readonly EvalSet[]
  /** Called after each iteration; false stops the training and keeps what is there. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a callback that returns nothing goes on
  readonly onIteration?: (event: IterationEvent) => boolean | void
}

/**
 * Trains gradient-boosted trees for `binary:logistic` with XGBoost's histogram algorithm
 * (Chen & Guestrin 2016, https://arxiv.org/abs/1603.02754; `tree_method=hist`).
 *
 * Parameters left out have XGBoost's defaults. Without sampling and up to 8 × `maxBin` rows the trees are
 * XGBoost's own, node for node; beyond, cuts differ as `quantileCuts` says, and sampling draws from our
 * generator. Differences from XGBoost: after early stopping the trees past the best iteration are dropped
 * (as its `EarlyStopping(save_best=True)`), so that every reader of the model scores alike. The same seed
 * gives the same model. Labels of one class train a model that gives every row that class, up to 1e-6.
 *
 * Errors: `PARAM_UNKNOWN`, `PARAM_INVALID`; `TRAINING_DATA_INVALID` for labels other than 0 and 1, infinite
 * values, negative or infinite weights, no rows, wrong lengths, and for an evaluation set of one class under
 * `auc` or `aucpr`. Cost O(rows × columns × depth) an iteration.
 */
export function trainBooster(params: Partial<BoosterParams>, data: TrainingData): Booster {
  const complete = completeParams(params)
  const { x, weight, evalSets = [] } = data
  checkMatrix(x, 'the matrix')
  const labels = checkLabels(data.y, x.rowCount, 'labels')
  checkWeight(weight, x.rowCount)
  const featureNames = checkNames(data.featureNames, x.columnCount)
  checkMonotone(complete.monotoneConstraints, x.columnCount)
  const stopping = createStopping(complete, evalSets)

  const weights = rowWeights(labels, weight, complete.scalePosWeight)
  const baseScore = complete.baseScore ?? estimateBaseScore(labels, weights, complete.scalePosWeight)
  const evaluation = new Evaluation(evalSets, metricsOf(complete), { columnCount: x.columnCount, baseScore })
  const binned = binMatrix(x, quantileCuts(x, complete.maxBin, weight))

  const trees = boost({ params: complete, binned, labels, weights, baseScore }, (tree, iteration) => {
    const evals = evaluation.update(tree)
    const isStale = stopping?.update(evaluation.last()) ?? false
    const goOn = data.onIteration?.({ iteration, total: complete.nEstimators, evals })
    return goOn !== false && !isStale
  })
  return new Booster({
    featureNames,
    featureTypes: featureNames.map(() => 'float'),
    baseScore,
    trees: stopping === undefined ? trees : trees.slice(0, stopping.bestIteration + 1),
    bestIteration: stopping?.bestIteration,
    bestScore: stopping?.bestScore,
    evalHistory: evaluation.history(),
  })
}

interface Boosting {
  readonly params: BoosterParams
  readonly binned: BinnedMatrix
  readonly labels: Uint8Array
  readonly weights: Float32Array
  readonly baseScore: number
}

/** Grows one tree an iteration on the gradients that the trees before it leave, until `afterTree` says false. */
function boost(on: Boosting, afterTree: (tree: Tree, iteration: number) => boolean): Tree[] {
  const { params, binned, labels, weights } = on
  const random = createRandom(params.seed)
  const sampleRows = createRowSampler(binned.rowCount, params.subsample, random.fork('rows'))
  const columnRandom = random.fork('columns')
  const grower = new TreeGrower(binned, params)
  const margins = new Float32Array(binned.rowCount).fill(marginOf(on.baseScore))
  const gradients = new Float32Array(2 * binned.rowCount)

  const trees: Tree[] = []
  for (let iteration = 0; iteration < params.nEstimators; iteration++) {
    logisticGradients(gradients, margins, labels, weights)
    const { rows, others } = sampleRows()
    const grown = grower.grow(gradients, rows, sampleColumns(binned.columnCount, params, columnRandom))
    addLeaves(margins, grown, rows)
    addBinnedMargins(margins, grown.tree, binned, others)
    const tree = finishTree(grown.tree)
    trees.push(tree)
    if (!afterTree(tree, iteration)) break
  }
  return trees
}

/** Adds each leaf to the rows that growing put into it. */
function addLeaves(margins: Float32Array, grown: GrownTree, rows: Int32Array): void {
  const { tree, begin, end } = grown
  for (let node = 0; node < begin.length; node++) {
    if (tree.left[node] >= 0) continue
    const value = Math.fround(tree.threshold[node])
    for (let i = begin[node]; i < end[node]; i++) margins[rows[i]] += value
  }
}

/** Adds to each of the rows the leaf that its bins lead to. */
function addBinnedMargins(
  margins: Float32Array,
  tree: GrowingTree,
  binned: BinnedMatrix,
  rows: Int32Array,
): void {
  const { left, right, feature, bin, defaultLeft, threshold } = tree
  const places = feature.map((f) => placeOf(binned, f))
  const missing = feature.map((f) => missingCode(binned.cuts, f))
  for (let i = 0; i < rows.length; i++) {
    let node = 0
    while (left[node] >= 0) {
      const { firstWord, shift, mask } = places[node]
      const code = (binned.words[firstWord + rows[i]] >>> shift) & mask
      const goesLeft = code === missing[node] ? defaultLeft[node] === 1 : code <= bin[node]
      node = goesLeft ? left[node] : right[node]
    }
    margins[rows[i]] += Math.fround(threshold[node])
  }
}

function createStopping(params: BoosterParams, evalSets: readonly EvalSet[]): EarlyStopping | undefined {
  const rounds = params.earlyStoppingRounds
  if (rounds === undefined) return undefined
  if (evalSets.length === 0) {
    const expected = 'given together with at least one evaluation set'
    throw new FdsError('PARAM_INVALID', { name: 'early_stopping_rounds', expected, got: `${rounds} alone` })
  }
  const metric = metricsOf(params).at(-1)
  return createEarlyStopping({ rounds, maximise: metric !== undefined && isMaximised(metric) })
}

function checkMonotone(signs: readonly number[], columnCount: number): void {
  if (signs.length > columnCount) {
    const expected = `a list of at most ${columnCount} numbers, one for each feature`
    throw new FdsError('PARAM_INVALID', { name: 'monotone_constraints', expected, got: `${signs.length}` })
  }
}
