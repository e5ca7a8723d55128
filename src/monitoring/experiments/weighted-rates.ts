import { type NoAnswer, noAnswer, type Vector } from '../../math/index.ts'

export interface WeightedRates {
  readonly precision: number | NoAnswer
  readonly recall: number | NoAnswer
  /** (Σ w)² / Σ w²: so many equally weighted decisions would say as much. */
  readonly effectiveSampleSize: number
}

/**
 * Precision and recall of a policy that blocks, from decisions of which some blocked ones were let through by chance:
 * each counts 1 / P(it was seen), a released one 1 / π, an approved one 1 (inverse propensity; Horvitz and Thompson).
 * Labels and blocks are 0 or 1. Precision without a block: NO_POSITIVE_PREDICTIONS; recall without a fraud: NO_POSITIVES.
 *
 * @example
 * weightedRates({ weights: [1, 20], labels: [0, 1], blocks: [0, 1] }).recall // 1
 */
export function weightedRates(input: {
  readonly weights: Vector
  readonly labels: Vector
  readonly blocks: Vector
}): WeightedRates {
  const { weights, labels, blocks } = input
  let [sum, squares, frauds, blocked, caught] = [0, 0, 0, 0, 0]
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!
    sum += weight
    squares += weight * weight
    frauds += weight * labels[i]!
    blocked += weight * blocks[i]!
    caught += weight * labels[i]! * blocks[i]!
  }
  return {
    precision: blocked === 0 ? noAnswer('NO_POSITIVE_PREDICTIONS') : caught / blocked,
    recall: frauds === 0 ? noAnswer('NO_POSITIVES') : caught / frauds,
    effectiveSampleSize: squares === 0 ? 0 : sum ** 2 / squares,
  }
}
