import type { Distribution, Params, ParamValue } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { GPSampler } from './gp-sampler.ts'
import type { Sampler, StudyView } from './sampler.ts'
import { TPESampler } from './tpe-sampler.ts'

/** Beyond so many completed trials a Gaussian process costs more than it finds. */
const MOST_TRIALS = 250

/**
 * The sampler that the space and the number of trials call for: `GPSampler` where all parameters are numbers and
 * every trial has the same ones, for the first 250 completed trials; `TPESampler` otherwise. Which one is asked
 * follows from the study alone, so a study that is taken up again goes on as it was. Seed 0 unless given;
 * PARAM_INVALID for a seed that cannot be. The rule is OptunaHub's AutoSampler's, without CMA-ES, whose place is
 * beyond a thousand trials.
 *
 * @example
 * const study = createStudy({ sampler: new AutoSampler({ seed: 1 }) })
 * await study.optimize((trial) => trial.suggestFloat('x', -1, 1) ** 2, { nTrials: 15 })
 * study.bestValue < 1e-3 // true
 */
export class AutoSampler implements Sampler {
  readonly #gp: GPSampler
  readonly #tpe: TPESampler

  constructor({ seed = 0 }: { readonly seed?: number } = {}) {
    this.#gp = new GPSampler({ seed })
    this.#tpe = new TPESampler({ seed })
  }

  reseed(stream: number): void {
    this.#gp.reseed(stream)
    this.#tpe.reseed(stream)
  }

  sampleRelative(input: { readonly study: StudyView; readonly trial: FrozenTrial }): Params {
    return this.#samplerFor(input.study).sampleRelative(input)
  }

  sampleIndependent(input: {
    readonly study: StudyView
    readonly trial: FrozenTrial
    readonly name: string
    readonly distribution: Distribution
  }): ParamValue {
    return this.#samplerFor(input.study).sampleIndependent(input)
  }

  #samplerFor({ trials }: StudyView): GPSampler | TPESampler {
    let completed = 0
    let names: readonly string[] | undefined
    for (const { state, distributions } of trials) {
      if (state !== 'COMPLETE') continue
      names ??= Object.keys(distributions)
      const isSame = names.every((name) => distributions[name] !== undefined)
      if (!isSame || Object.keys(distributions).length !== names.length) return this.#tpe
      if (Object.values(distributions).some(isChoice) || ++completed >= MOST_TRIALS) return this.#tpe
    }
    return this.#gp
  }
}

function isChoice(distribution: Distribution): boolean {
  return distribution.kind === 'categorical' && distribution.choices.length > 1
}
