import type { Belief, GaussianProcess } from './gaussian-process.ts'
import type { Acquisition } from './log-expected-improvement.ts'

/** Mean + √beta deviations: what the function does not exceed at a point, with the confidence that beta stands for. */
export function upperConfidenceBound(process: GaussianProcess, beta: number): Acquisition {
  const { dimensions } = process.observations
  const belief: Belief = { mean: 0, variance: 0 }
  const varianceGradient = new Float64Array(dimensions)
  return (point, gradient) => {
    if (gradient === undefined) process.at(point, belief)
    else process.atWithGradient(point, gradient, varianceGradient, belief)
    const reach = Math.sqrt(beta * belief.variance)
    if (gradient !== undefined) {
      // where nothing is uncertain the root has no slope
      const slope = reach === 0 ? 0 : beta / (2 * reach)
      for (let d = 0; d < dimensions; d++) gradient[d] += slope * varianceGradient[d]
    }
    return belief.mean + reach
  }
}
