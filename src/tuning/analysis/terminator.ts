import { createRandom } from '../../math/index.ts'
import { upperConfidenceBound } from '../gaussian-process/confidence-bound.ts'
import { fitGaussianProcess } from '../gaussian-process/fit-kernel.ts'
import type { GaussianProcess } from '../gaussian-process/gaussian-process.ts'
import { maximizeAcquisition } from '../gaussian-process/maximize-acquisition.ts'
import { finiteScores, standardize } from '../gaussian-process/power-transform.ts'
import type { StudyView } from '../samplers/sampler.ts'
import { CommonSpace } from '../samplers/search-space.ts'
import { UnitCube } from '../samplers/unit-cube.ts'

const LEAST_TRIALS = 20
const TOP_SHARE = 0.5
const DELTA = 0.1

export function improvementBound(study: StudyView): number {
  const completed = study.trials.filter(({ state }) => state === 'COMPLETE')
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
  const topScores = Float64Array.from(top, (i) => scores[i]!)
  const cube = new UnitCube(space)
  const process = fitGaussianProcess({
    x: cube.pointsOf(top.map((i) => completed[i]!.params)),
    y: standardize(topScores),
    dimensions: space.length,
    isCategorical: cube.isCategorical,
  })
  const mean = topScores.reduce((a, b) => a + b) / topScores.length
  const deviation = Math.sqrt(topScores.reduce((a, b) => a + (b - mean) ** 2, 0) / topScores.length)
  return standardBound(process, cube) * Math.max(deviation, 1e-10)
}

function standardBound(process: GaussianProcess, cube: UnitCube): number {
  const { x, y, dimensions } = process.observations
  const beta = (2 / 5) * Math.log((dimensions * y.length ** 2 * Math.PI ** 2) / 6 / DELTA)
  const upper = upperConfidenceBound(process, beta)
  let low = Number.NEGATIVE_INFINITY
  let at = 0
  for (let i = 0; i < y.length; i++) {
    const { mean, variance } = process.at(x.subarray(i * dimensions, (i + 1) * dimensions))
    const bound = mean - Math.sqrt(beta * variance)
    if (bound > low) {
      low = bound
      at = i
    }
  }
  const incumbent = x.subarray(at * dimensions, (at + 1) * dimensions)
  const point = maximizeAcquisition({
    acquisition: upper,
    axes: cube.axes,
    lengths: process.params.inverseSquaredLengths.map((w) => 1 / Math.sqrt(w)),
    incumbent,
    random: createRandom(0),
  })
  return upper(point) - low
}
