import {
  type NoAnswer,
  nextAbove,
  noAnswer,
  type ScoreCurve,
  scoreCurve,
  type Vector,
} from '../math/index.ts'
import { checkOption } from './check-option.ts'
import { checkScores } from './check-scores.ts'

/** A threshold and what deciding by `score >= threshold` costs on the given rows. */
export interface ThresholdCost {
  readonly threshold: number
  readonly cost: number
}

export interface OptimalThreshold extends ThresholdCost {
  /** Costs along the thresholds, ascending. Every point is exact; it ends with the threshold that flags no row. */
  readonly curve: readonly ThresholdCost[]
}

export interface OptimalThresholdOptions {
  readonly fnCost?: number
  readonly fpCost?: number
  /** The most points of the curve, at least 4; Infinity keeps one for each distinct score. */
  readonly curvePoints?: number
}

/**
 * The threshold with the least cost fn · fnCost + fp · fpCost, exactly: one sort, then one sweep over all
 * distinct scores, each of them a threshold (a row is flagged when score >= threshold), and "flag no row",
 * given as the next double above the highest score. That one is above 1 when the highest score is 1, and then
 * no policy can hold it. Equal costs: the highest threshold wins, which flags the fewest rows.
 * The curve is thinned to at most `curvePoints` (1,000): even steps from the lowest to the highest score, each at
 * the next distinct score, always with the optimum and "flag no row".
 * Defaults: costs 100 and 1 (specification 2-4, whose grid of 90 thresholds is never cheaper).
 * One class only has an answer (flag no row, or every row). No rows: NO_ROWS.
 * Errors: SCORES_INVALID, PARAM_INVALID. Cost O(n log n) at most.
 *
 * @example
 * findOptimalThreshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // { threshold: 0.35, cost: 1, curve: [{ threshold: 0.1, cost: 2 }, { threshold: 0.35, cost: 1 }, { threshold: 0.4, cost: 101 }, { threshold: 0.8, cost: 100 }, { threshold: 0.8000000000000002, cost: 200 }] }
 */
export function findOptimalThreshold(
  yTrue: Vector,
  yProb: Vector,
  options: OptimalThresholdOptions = {},
): OptimalThreshold | NoAnswer {
  const { fnCost = 100, fpCost = 1, curvePoints = 1000 } = options
  const { labels, scores } = checkScores({ yTrue, scores: yProb })
  checkOption('fnCost', fnCost, { minimum: 0 })
  checkOption('fpCost', fpCost, { minimum: 0 })
  if (curvePoints !== Infinity) checkOption('curvePoints', curvePoints, { minimum: 4 })
  if (labels.length === 0) return noAnswer('NO_ROWS')

  const costs = costsDescending(scoreCurve(labels, scores), { fnCost, fpCost })
  const best = firstLeast(costs.costs)
  return { ...pointAt(costs, best), curve: thinned(costs, { best, curvePoints }) }
}

/** Index 0 flags no row; the thresholds descend from there. */
interface Costs {
  readonly thresholds: Float64Array
  readonly costs: Float64Array
}

function costsDescending(curve: ScoreCurve, { fnCost, fpCost }: { fnCost: number; fpCost: number }): Costs {
  const count = curve.thresholds.length
  const positives = curve.truePositives[count - 1]
  const thresholds = new Float64Array(count + 1)
  const costs = new Float64Array(count + 1)
  thresholds[0] = nextAbove(curve.thresholds[0])
  costs[0] = positives * fnCost
  for (let i = 0; i < count; i++) {
    thresholds[i + 1] = curve.thresholds[i]
    costs[i + 1] = (positives - curve.truePositives[i]) * fnCost + curve.falsePositives[i] * fpCost
  }
  return { thresholds, costs }
}

/** The first of equal costs, which is the highest threshold. */
function firstLeast(costs: Float64Array): number {
  let best = 0
  for (let i = 1; i < costs.length; i++) if (costs[i] < costs[best]) best = i
  return best
}

function thinned(
  costs: Costs,
  { best, curvePoints }: { best: number; curvePoints: number },
): ThresholdCost[] {
  const count = costs.thresholds.length
  const kept = new Set<number>()
  if (count <= curvePoints) for (let i = 0; i < count; i++) kept.add(i)
  else for (const i of evenSteps(costs.thresholds, Math.floor(curvePoints) - 2)) kept.add(i)
  kept.add(0).add(best)
  return [...kept].sort((a, b) => b - a).map((i) => pointAt(costs, i))
}

/** For each of `steps` even steps between the lowest and the highest score: the lowest score not below it. */
function* evenSteps(thresholds: Float64Array, steps: number): Generator<number> {
  const lowest = thresholds[thresholds.length - 1]
  const highest = thresholds[1]
  let i = thresholds.length - 1
  for (let step = 0; step < steps; step++) {
    const share = step / (steps - 1)
    const wanted = lowest * (1 - share) + highest * share
    while (i > 1 && thresholds[i] < wanted) i--
    yield i
  }
}

function pointAt({ thresholds, costs }: Costs, i: number): ThresholdCost {
  return { threshold: thresholds[i], cost: costs[i] }
}
