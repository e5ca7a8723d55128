import { createRandom, type Random } from '../../math/index.ts'
import { fitGaussianProcess } from '../gaussian-process/fit-kernel.ts'
import type { KernelParams, Observations } from '../gaussian-process/kernel.ts'
import { logExpectedImprovement } from '../gaussian-process/log-expected-improvement.ts'
import { maximizeAcquisition } from '../gaussian-process/maximize-acquisition.ts'
import { finiteScores, warpAndStandardize } from '../gaussian-process/power-transform.ts'
import { contains, type Distribution, type Params, type ParamValue } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { RandomSampler } from './random-sampler.ts'
import type { Sampler, StudyView } from './sampler.ts'
import { CommonSpace, type SearchSpace } from './search-space.ts'
import { UnitCube } from './unit-cube.ts'
import { wholeNumber } from './whole-number.ts'

export interface GPSamplerOptions {
  /** 0 unless given. */
  readonly seed?: number
  /** Trials that must be complete before the process is asked; 10 unless given. */
  readonly nStartupTrials?: number
  /** Whether the same parameters always have the same value, so that there is no noise to fit; false unless given. */
  readonly deterministicObjective?: boolean
}

/**
 * A Gaussian process over the parameters that every completed trial has: the next trial is where it expects the
 * largest logarithm of the improvement. For few, costly trials; unlike TPE it looks at how parameters work together.
 *
 * Matérn-5/2 kernel with a length for each parameter (Hamming distance for choices), fitted anew for each trial with
 * the priors of Optuna 5. Values are bent towards a normal distribution first (Yeo–Johnson), so that a few very bad
 * ones do not hide the rest; infinite ones count as the worst or the best finite one. Failed and pruned trials are
 * left out. Trials that run count as if they gave what the process expects of them. Until `nStartupTrials` are
 * complete, and where trials share no parameter, values are those of `RandomSampler`. The same seed and the same calls
 * give the same values.
 *
 * PARAM_INVALID for counts and seeds that cannot be. Cost O(n³ + n² × parameters) a trial: some 10 ms at 50 trials
 * and 7 parameters, and not meant for many more than 250. Decision 0027 has the reasons and figures.
 *
 * @example
 * const study = createStudy({ sampler: new GPSampler({ seed: 1 }) })
 * await study.optimize((trial) => trial.suggestFloat('x', -1, 1) ** 2, { nTrials: 15 })
 * study.bestValue < 1e-3 // true
 */
export class GPSampler implements Sampler {
  readonly nStartupTrials: number
  readonly deterministicObjective: boolean
  readonly #seed: number
  readonly #independent: RandomSampler
  #random: Random
  #lastKernel: KernelParams | undefined

  constructor(options: GPSamplerOptions = {}) {
    const { seed = 0, nStartupTrials = 10, deterministicObjective = false } = options
    this.nStartupTrials = wholeNumber('nStartupTrials', nStartupTrials, { least: 1 })
    this.deterministicObjective = deterministicObjective
    this.#seed = seed
    this.#independent = new RandomSampler({ seed })
    this.#random = createRandom(seed)
  }

  reseed(stream: number): void {
    this.#random = createRandom(this.#seed).fork(`worker ${stream}`)
    this.#independent.reseed(stream)
  }

  sampleRelative({ study, trial }: { study: StudyView; trial: FrozenTrial }): Params {
    const completed = study.trials.filter(({ state }) => state === 'COMPLETE')
    if (completed.length < this.nStartupTrials) return {}
    const common = new CommonSpace()
    for (const { distributions } of completed) common.add(distributions)
    const [space] = common.spaces
    if (space === undefined) return {}
    const cube = new UnitCube(space)
    return cube.paramsOf(this.#propose(study, trial, space, cube))
  }

  sampleIndependent({ distribution }: { distribution: Distribution }): ParamValue {
    return this.#independent.sampleIndependent({ distribution })
  }

  #propose(study: StudyView, trial: FrozenTrial, space: SearchSpace, cube: UnitCube): Float64Array {
    const observations = observe(study, cube)
    const { x, y, dimensions } = observations
    const start = this.#lastKernel?.inverseSquaredLengths.length === dimensions ? this.#lastKernel : undefined
    const process = fitGaussianProcess(observations, { start, deterministic: this.deterministicObjective })
    this.#lastKernel = process.params
    const believing = process.believing(cube.pointsOf(pending(study, trial, space)))
    const best = y.indexOf(largest(y)) * dimensions
    return maximizeAcquisition({
      // what a running trial is expected to reach is no longer worth reaching
      acquisition: logExpectedImprovement(believing, largest(believing.observations.y)),
      axes: cube.axes,
      lengths: process.lengths,
      incumbent: x.subarray(best, best + dimensions),
      random: this.#random,
    })
  }
}

/** The completed trials as points of the cube, with values to be maximised. */
function observe({ trials, direction }: StudyView, cube: UnitCube): Observations {
  const completed = trials.filter(({ state }) => state === 'COMPLETE')
  const scores = finiteScores(
    completed.map(({ value }) => value!),
    direction,
  )
  return {
    x: cube.pointsOf(completed.map(({ params }) => params)),
    y: warpAndStandardize(scores),
    dimensions: cube.axes.length,
    isCategorical: cube.isCategorical,
  }
}

/** The parameters of the other trials that run and have, or are known to get, a value for each of the space. */
function pending({ trials }: StudyView, trial: FrozenTrial, space: SearchSpace): readonly Params[] {
  return trials
    .filter(({ state, number }) => state === 'RUNNING' && number !== trial.number)
    .map(({ planned, enqueued, params }): Params => ({ ...planned, ...enqueued, ...params }))
    .filter((params) =>
      space.every(
        ([name, distribution]) => Object.hasOwn(params, name) && contains(distribution, params[name]!),
      ),
    )
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b))
}
