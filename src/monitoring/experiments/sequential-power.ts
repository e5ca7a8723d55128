import { normalCdf, normalQuantile } from '../../math/index.ts'
import type { Spending } from './experiment-plan.ts'
import { crossingProbability, groupSequentialBounds } from './group-sequential.ts'

interface Design {
  readonly alpha: number
  readonly spending: Spending
  /** Equal portions of the data after which the experiment is looked at. */
  readonly looks: number
}

/** The chance that a look crosses a bound where Z at the end has this mean. */
export function sequentialPower({
  alpha,
  spending,
  looks,
  mean,
}: Design & { readonly mean: number }): number {
  if (looks === 1) {
    const bound = normalQuantile(1 - alpha / 2)
    return normalCdf(mean - bound) + normalCdf(-mean - bound)
  }
  const information = Array.from({ length: looks }, (_, k) => (k + 1) / looks)
  const { bounds } = groupSequentialBounds({ information, alpha, spending })
  return crossingProbability({ information, bounds, drift: mean }).at(-1)!
}

/** The mean of Z at the end that gives this power; z_{1−α/2} + z_{power} where there is one look. */
export function requiredMean(design: Design & { readonly power: number }): number {
  const fixed = normalQuantile(1 - design.alpha / 2) + normalQuantile(design.power)
  if (design.looks === 1) return fixed
  let [low, high] = [0, 2 * fixed + 1]
  for (let step = 0; step < 30; step++) {
    const mean = (low + high) / 2
    if (sequentialPower({ ...design, mean }) < design.power) low = mean
    else high = mean
  }
  return high
}
