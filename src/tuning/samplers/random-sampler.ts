import { nextAbove } from '../../math/next-above.ts'
import { RandomState } from '../../math/random-state.ts'
import type { Distribution, NumericalDistribution, Params, ParamValue } from '../study/distribution.ts'
import type { Sampler } from './sampler.ts'
import { streamSeed, wholeSeed } from './whole-number.ts'

/**
 * Draws every parameter at random and independently: uniform over the range, over its logarithm where the
 * distribution says `log`, over the grid where it has a step, over the choices. Seed 0 unless given; the same
 * seed and the same suggestions give the values of Optuna 5.0.0. PARAM_INVALID for a seed that is not a whole
 * number in [0, 2³² − 1]. Cost O(1) a value, O(choices) for a choice.
 *
 * @example
 * new RandomSampler({ seed: 1 }).sampleRelative() // {}
 */
export class RandomSampler implements Sampler {
  readonly #seed: number
  #random: RandomState

  constructor({ seed = 0 }: { seed?: number } = {}) {
    this.#seed = wholeSeed(seed)
    this.#random = new RandomState(seed)
  }

  sampleRelative(): Params {
    return {}
  }

  sampleIndependent({ distribution }: { distribution: Distribution }): ParamValue {
    if (distribution.kind !== 'categorical') return drawNumber(distribution, this.#random)
    // one draw a choice, the largest wins: Optuna's one-hot encoding
    const draws = distribution.choices.map(() => this.#random.randomSample())
    return distribution.choices[draws.indexOf(Math.max(...draws))]!
  }

  reseed(stream: number): void {
    this.#random = new RandomState(streamSeed(this.#seed, stream))
  }
}

/** The grid point nearest to the value, inside the range; without a step the value itself. */
export function onStep({ low, high, step }: NumericalDistribution, value: number): number {
  if (step === null) return clip(value, low, high)
  return clip(low + roundHalfToEven((value - low) / step) * step, low, high)
}

function drawNumber(distribution: NumericalDistribution, random: RandomState): number {
  const { kind, low, high, log, step } = distribution
  // half a step beyond both ends, so that the first and the last grid point are as likely as the others
  const half = (step ?? 0) / 2
  const from = log ? Math.log(low - half) : low - half
  const to = log ? Math.log(high + half) : high + half
  const drawn = random.uniform(from, to)
  if (kind === 'int' && log) return clip(roundHalfToEven(Math.exp(drawn)), low, high)
  if (kind === 'int') return clip(Math.floor((drawn - low) / step! + 0.5) * step! + low, low, high)
  if (step !== null) return onStep(distribution, drawn)
  const belowHigh = -nextAbove(-high)
  return log ? clip(Math.exp(drawn), low, belowHigh) : Math.min(drawn, belowHigh)
}

/** As NumPy and Python round. */
function roundHalfToEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
