import type { StudyView } from '../samplers/sampler.ts'
import { SCALE } from './draw-svg.ts'
import { numberText } from './number-text.ts'
import { orderLegend } from './order-legend.ts'

/** Colours of objective values by their rank, the best the darkest; each holds as many of the values. */
export interface RankShade {
  /** Index in `SCALE`. */
  shadeOf(value: number): number
  readonly legend: ReturnType<typeof orderLegend>
}

/** At least one value must be given. Ranks, because a few very bad trials would else take all the colours but one. */
export function rankShade(values: readonly number[], { direction }: StudyView): RankShade {
  const sign = direction === 'minimize' ? 1 : -1
  const losses = Float64Array.from(values, (value) => sign * value).sort()
  const limits = SCALE.map((_, shade) => losses[Math.ceil(((shade + 1) * losses.length) / SCALE.length) - 1]!)
  return {
    shadeOf: (value) => {
      const shade = limits.findIndex((limit) => sign * value <= limit)
      return shade < 0 ? SCALE.length - 1 : shade
    },
    legend: orderLegend({
      name: 'Best',
      from: numberText(sign * losses[0]!),
      to: `${numberText(sign * losses.at(-1)!)}  worst`,
    }),
  }
}
