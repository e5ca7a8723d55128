import {
  AutoSampler,
  GPSampler,
  MedianPruner,
  NopPruner,
  type Pruner,
  RandomSampler,
  type Sampler,
  TPESampler,
  WilcoxonPruner,
} from '../tuning/index.ts'

const SAMPLERS = {
  auto: AutoSampler,
  tpe: TPESampler,
  gp: GPSampler,
  random: RandomSampler,
} as const

const PRUNERS = {
  wilcoxon: WilcoxonPruner,
  median: MedianPruner,
  none: NopPruner,
} as const

/** How parameters are chosen. */
export type SamplerName = keyof typeof SAMPLERS

/** What ends a trial between folds. */
export type PrunerName = keyof typeof PRUNERS

/** The sampler of that name. */
export function samplerOf(name: SamplerName, seed: number): Sampler {
  return new SAMPLERS[name]({ seed })
}

/** The pruner of that name, as it is by default. */
export function prunerOf(name: PrunerName): Pruner {
  return new PRUNERS[name]()
}
