import { createRandom, type Random } from '../../math/random.ts'
import type { Distribution, NumericalDistribution, Params, ParamValue } from '../study/distribution.ts'
import type { Sampler } from './sampler.ts'

/**
 * Draws every parameter at random and independently: uniform over the range, over its logarithm where the
 * distribution says `log`, over the grid where it has a step, over the choices. Seed 0 unless given; the same
 * seed and the same suggestions give the same values. Cost O(1) a value, O(choices) for a choice.
 *
 * @example
 * new RandomSampler({ seed: 1 }).sampleRelative() // {}
 */
export class RandomSampler implements Sampler {
  readonly #random: Random

  constructor({ seed = 0 }: { seed?: number } = {}) {
    this.#random = createRandom(seed)
  }

  sampleRelative(): Params {
    return {}
  }

  sampleIndependent({ distribution }: { distribution: Distribution }): ParamValue {
    if (distribution.kind !== 'categorical') return drawNumber(distribution, this.#random)
    // one draw a choice, the largest wins: the order of draws that Optuna's random sampler has
    const draws = distribution.choices.map(() => this.#random.next())
    return distribution.choices[draws.indexOf(Math.max(...draws))]!
  }
}

function drawNumber(distribution: NumericalDistribution, random: Random): number {
  const { kind, low, high, log } = distribution
  // half a step beyond both ends, so that the first and the last grid point are as likely as the others
  const half = (distribution.step ?? 0) / 2
  const from = log ? Math.log(low - half) : low - half
  const to = log ? Math.log(high + half) : high + half
  const drawn = from + (to - from) * random.next()
  const value = log ? Math.exp(drawn) : drawn
  if (kind === 'int' && log) return clip(Math.round(value), low, high)
  return onStep(distribution, value)
}

/** The grid point nearest to the value, inside the range; without a step the value itself. */
export function onStep({ low, high, step }: NumericalDistribution, value: number): number {
  if (step === null) return clip(value, low, high)
  return clip(low + Math.round((value - low) / step) * step, low, high)
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
