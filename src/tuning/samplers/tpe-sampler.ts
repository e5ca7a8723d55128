import { FdsError } from '../../errors.ts'
import { RandomState } from '../../math/random-state.ts'
import { type Distribution, fromInternal, type Params, type ParamValue } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { ParzenEstimator } from './parzen-estimator.ts'
import { RandomSampler } from './random-sampler.ts'
import type { Sampler, StudyView } from './sampler.ts'
import type { SearchSpace } from './search-space.ts'
import { TrialHistory } from './trial-history.ts'
import { streamSeed, wholeNumber, wholeSeed } from './whole-number.ts'

export interface TPESamplerOptions {
  /** 0 unless given. */
  readonly seed?: number
  /** Trials that must have ended before values are no longer random; 10 unless given. */
  readonly nStartupTrials?: number
  /** Draws among which the best is taken; 24 unless given. */
  readonly nEiCandidates?: number
  /** Whether parameters are chosen together; true unless given. */
  readonly multivariate?: boolean
  /** Whether conditional parameters that occur together are chosen together; false unless given. */
  readonly group?: boolean
}

/**
 * The tree-structured Parzen estimator as Optuna 5.0.0 has it by default: one density over the best trials, one
 * over the rest, and of `nEiCandidates` draws from the first the one whose ratio is largest, the first of equals.
 * Parameters that every ended trial has are chosen together (`multivariate`), with `group` also those of conditional
 * spaces; others one by one. Trials that run count among the rest, so that no two workers take the same point.
 *
 * The same seed and the same results give Optuna's values to a few units in the last place. Trajectories can part
 * from Optuna's at candidates that tie, which categorical parameters on their own have: the last bit of NumPy's
 * exponential function, another one on each processor, then decides. And they part where more than 256 trials have
 * equal values of an integer or stepped parameter: how NumPy orders them, which decides whose kernel is wide, is
 * followed up to there.
 *
 * PARAM_INVALID for counts and seeds that cannot be, and for `group` without `multivariate`. What is remembered of a
 * study takes O(trials × parameters); a suggestion takes O(candidates × trials × parameters). Sources: Bergstra et
 * al. 2011; Watanabe 2023 (arXiv 2304.11127).
 *
 * @example
 * new TPESampler({ seed: 1 }).nStartupTrials // 10
 */
export class TPESampler implements Sampler {
  readonly nStartupTrials: number
  readonly nEiCandidates: number
  readonly multivariate: boolean
  readonly group: boolean
  readonly #seed: number
  #random: RandomState
  readonly #startup: RandomSampler
  /** By the study's list of trials, which stays the same object while the study lives. */
  readonly #histories = new WeakMap<readonly FrozenTrial[], TrialHistory>()

  constructor(options: TPESamplerOptions = {}) {
    const { seed = 0, nStartupTrials = 10, nEiCandidates = 24, multivariate = true, group = false } = options
    this.nStartupTrials = wholeNumber('nStartupTrials', nStartupTrials, { least: 0 })
    this.nEiCandidates = wholeNumber('nEiCandidates', nEiCandidates, { least: 1 })
    this.multivariate = multivariate
    this.group = group
    if (group && !multivariate) {
      throw new FdsError('PARAM_INVALID', {
        name: 'group',
        expected: 'false where `multivariate` is false',
        got: 'true',
      })
    }
    this.#seed = wholeSeed(seed)
    this.#random = new RandomState(seed)
    this.#startup = new RandomSampler({ seed })
  }

  sampleRelative({ study, trial }: { study: StudyView; trial: FrozenTrial }): Params {
    if (!this.multivariate) return {}
    const history = this.#historyOf(study)
    const spaces = history.spaces(study)
    if (history.ended.length < this.nStartupTrials) return {}
    return Object.assign({}, ...spaces.map((space) => this.#sample({ study, trial, space, history })))
  }

  sampleIndependent(input: {
    study: StudyView
    trial: FrozenTrial
    name: string
    distribution: Distribution
  }): ParamValue {
    const { study, trial, name, distribution } = input
    const history = this.#historyOf(study)
    if (history.ended.length < this.nStartupTrials) return this.#startup.sampleIndependent(input)
    return this.#sample({ study, trial, space: [[name, distribution]], history })[name]!
  }

  reseed(stream: number): void {
    this.#random = new RandomState(streamSeed(this.#seed, stream))
    this.#startup.reseed(stream)
  }

  #sample(input: {
    study: StudyView
    trial: FrozenTrial
    space: SearchSpace
    history: TrialHistory
  }): Params {
    const { study, trial, space, history } = input
    const { best, rest } = history.split({ study, trial, space })
    const better = new ParzenEstimator(space, best)
    const worse = new ParzenEstimator(space, rest)
    const candidates = better.sample(this.nEiCandidates, this.#random)
    const gains = better.logDensity(candidates)
    const losses = worse.logDensity(candidates)
    const ratios = gains.map((gain, i) => gain - losses[i]!)
    const winner = ratios.indexOf(Math.max(...ratios))
    return Object.fromEntries(
      space.map(([name, distribution], d) => [name, fromInternal(distribution, candidates[d]![winner]!)]),
    )
  }

  #historyOf(study: StudyView): TrialHistory {
    const known = this.#histories.get(study.trials)
    const history = known ?? new TrialHistory({ group: this.group })
    if (known === undefined) this.#histories.set(study.trials, history)
    history.refresh(study)
    return history
  }
}
