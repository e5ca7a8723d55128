import { createRandom } from '../../math/index.ts'
import { upperConfidenceBound } from '../gaussian-process/confidence-bound.ts'
import { fitGaussianProcess } from '../gaussian-process/fit-kernel.ts'
import type { GaussianProcess } from '../gaussian-process/gaussian-process.ts'
import { maximizeAcquisition } from '../gaussian-process/maximize-acquisition.ts'
import { finiteScores, standardize } from '../gaussian-process/power-transform.ts'
import type { StudyView } from '../samplers/sampler.ts'
import { CommonSpace } from '../samplers/search-space.ts'
import { UnitCube } from '../samplers/unit-cube.ts'

/** Before so many trials are complete nothing is said. */
const LEAST_TRIALS = 20
/** The best half of the trials; the rest would only show how bad it can get. */
const TOP_SHARE = 0.5
/** The bound may be wrong with this probability, if the process is right. */
const DELTA = 0.1

export interface StopHintOptions {
  /**
   * How far a value of the objective is off by chance, in its units: for a mean over folds
   * `crossValidationError(scores)`. A hundredth of the best value unless given.
   */
  readonly error?: number
}

/**
 * Whether a study has so little left to gain that it would drown in the error of its objective: the
 * `improvementBound` is below it. A hint for whoever pays for the trials; false before 20 trials are complete.
 *
 * @example
 * isFurtherGainUnlikely(createStudy()) // false
 */
export function isFurtherGainUnlikely(study: StudyView, { error }: StopHintOptions = {}): boolean {
  const bound = improvementBound(study)
  if (bound === Number.POSITIVE_INFINITY) return false
  const scores = finiteScores(
    completedOf(study).map(({ value }) => value!),
    study.direction,
  )
  return bound < (error ?? Math.abs(Math.max(...scores)) / 100)
}

/**
 * How much the best value may still improve, at most, in the objective's units: what a Gaussian process over the
 * best half of the trials (20 at least) holds possible anywhere in the space, less what it holds certain at the best
 * of them. An upper bound with a confidence of 90 %, if the process is right; in many dimensions far above the truth.
 * Infinity where nothing can be said: before 20 trials are complete, and where they share no parameter. Failed and
 * pruned trials are left out. The same study gives the same bound. Cost as one suggestion of `GPSampler`.
 *
 * Source: Makarova et al. 2022, https://proceedings.mlr.press/v188/makarova22a.html, with the confidence of
 * Optuna's `RegretBoundEvaluator`.
 *
 * @example
 * improvementBound(createStudy()) // Infinity
 */
export function improvementBound(study: StudyView): number {
  const completed = completedOf(study)
  const common = new CommonSpace()
  for (const { distributions } of completed) common.add(distributions)
  const [space] = common.spaces
  if (completed.length < LEAST_TRIALS || space === undefined) return Number.POSITIVE_INFINITY
  const scores = finiteScores(
    completed.map(({ value }) => value!),
    study.direction,
  )
  const count = Math.max(LEAST_TRIALS, Math.floor(completed.length * TOP_SHARE))
  const least = scores.toSorted()[scores.length - count]!
  const top = [...scores.keys()].filter((i) => scores[i]! >= least)
  const { values, deviation } = standardize(Float64Array.from(top, (i) => scores[i]!))
  const cube = new UnitCube(space)
  const process = fitGaussianProcess({
    x: cube.pointsOf(top.map((i) => completed[i]!.params)),
    y: values,
    dimensions: space.length,
    isCategorical: cube.isCategorical,
  })
  return standardBound(process, cube) * deviation
}

/**
 * The standard error of a mean over the folds of a cross-validation, whose training sets overlap:
 * √((1/k + 1/(k − 1)) × variance over k), as Optuna's. 0 for fewer than two scores.
 *
 * @example
 * crossValidationError([0.81, 0.83]).toFixed(5) // '0.01225'
 */
export function crossValidationError(scores: readonly number[]): number {
  const count = scores.length
  if (count < 2) return 0
  const mean = scores.reduce((a, b) => a + b) / count
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / count
  return Math.sqrt((1 / count + 1 / (count - 1)) * variance)
}

/** The largest upper bound in the cube less the largest lower bound among the observations. */
function standardBound(process: GaussianProcess, cube: UnitCube): number {
  const { x, y, dimensions } = process.observations
  const beta = (2 / 5) * Math.log((dimensions * y.length ** 2 * Math.PI ** 2) / 6 / DELTA)
  const points = Array.from(y, (_, i) => x.subarray(i * dimensions, (i + 1) * dimensions))
  const lower = points.map((point) => {
    const { mean, variance } = process.at(point)
    return mean - Math.sqrt(beta * variance)
  })
  const certain = Math.max(...lower)
  const upper = upperConfidenceBound(process, beta)
  const highest = maximizeAcquisition({
    acquisition: upper,
    axes: cube.axes,
    lengths: process.lengths,
    incumbent: points[lower.indexOf(certain)]!,
    random: createRandom(0),
  })
  return upper(highest) - certain
}

function completedOf({ trials }: StudyView): StudyView['trials'] {
  return trials.filter(({ state }) => state === 'COMPLETE')
}
