import {
  MedianPruner,
  NopPruner,
  type Pruner,
  RandomSampler,
  type Sampler,
  TPESampler,
} from '../tuning/index.ts'

export type SamplerName = 'tpe' | 'random'
export type PrunerName = 'median' | 'wilcoxon' | 'none'

export const SAMPLER_NAMES: readonly SamplerName[] = ['tpe', 'random']
export const PRUNER_NAMES: readonly PrunerName[] = ['wilcoxon', 'median', 'none']

/** The sampler of that name. */
export function samplerOf(name: SamplerName, seed: number): Sampler {
  return name === 'tpe' ? new TPESampler({ seed }) : new RandomSampler({ seed })
}

/** The pruner of that name, which judges after each fold. */
export function prunerOf(name: PrunerName): Pruner {
  return name === 'none' ? new NopPruner() : new MedianPruner()
}
