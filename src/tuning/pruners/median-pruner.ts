import { PercentilePruner, type PercentilePrunerOptions } from './percentile-pruner.ts'

/**
 * Prunes a trial whose best value so far is worse than the median of what the completed trials reported at the
 * same step: `PercentilePruner` at 50.
 *
 * @example
 * new MedianPruner({ nWarmupSteps: 3 }).percentile // 50
 */
export class MedianPruner extends PercentilePruner {
  constructor(options: PercentilePrunerOptions = {}) {
    super(50, options)
  }
}
