import { checkScores, type Policy } from '../../decision/index.ts'
import { rocAucScore } from '../../evaluation/index.ts'
import { isNoAnswer, type NoAnswer, type NoAnswerReason, noAnswer, type Vector } from '../../math/index.ts'
import type { ArmResult } from './ab-test.ts'
import { sampleRatioMismatch } from './sample-ratio.ts'
import { momentsOf, studentTestOfMoments, type WelchTest, welchTestOfMoments } from './welch-test.ts'

/** What an A/B test says. Keys as in the specification. */
export type AbVerdict =
  | { readonly status: 'collecting'; readonly samples: number; readonly required: number }
  | AbDecision

export interface AbDecision {
  /** `sample_ratio_mismatch`: the arms did not get their shares, so the comparison is void. */
  readonly status: 'challenger_wins' | 'champion_wins' | 'no_difference' | 'sample_ratio_mismatch'
  readonly method: 'cost' | 'naive'
  /** Two-sided; null where the test has no answer, `reason` says why. */
  readonly p_value: number | null
  /** Challenger less champion, in cost per entity or in mean score, with its 95 % interval. */
  readonly difference: number | null
  readonly ci: readonly [low: number, high: number] | null
  readonly reason?: NoAnswerReason
  /** That the arms got their shares, by chi-square over entities. */
  readonly sample_ratio_p_value: number | null
  readonly champion: ArmSummary
  readonly challenger: ArmSummary
}

export interface ArmSummary {
  readonly samples: number
  readonly entities: number
  readonly cost_per_entity: number
  readonly auc: number | NoAnswer
}

interface ArmData {
  readonly results: readonly ArmResult[]
  readonly labels: Vector
}

/** Below this p a difference counts. */
const SIGNIFICANCE = 0.05

/** Compares two arms with labels; see `ABTest.evaluate`. */
export function judge(input: {
  readonly champion: ArmData
  readonly challenger: ArmData
  readonly trafficSplit: number
  readonly policy: Policy
  readonly method: 'cost' | 'naive'
}): AbDecision {
  const { trafficSplit, policy, method } = input
  const champion = prepare(input.champion, policy)
  const challenger = prepare(input.challenger, policy)
  const ratio = sampleRatioOf([champion.costs.length, challenger.costs.length], trafficSplit)
  const test = method === 'cost' ? testCosts(champion, challenger) : testScores(champion, challenger)
  const common = {
    method,
    sample_ratio_p_value: isNoAnswer(ratio) ? null : ratio.pValue,
    champion: champion.summary,
    challenger: challenger.summary,
  }
  const isVoid = !isNoAnswer(ratio) && ratio.mismatch
  if (isNoAnswer(test)) {
    const status = isVoid ? 'sample_ratio_mismatch' : 'no_difference'
    return { status, p_value: null, difference: null, ci: null, reason: test.reason, ...common }
  }
  const isBetter = method === 'cost' ? test.difference < 0 : aucOf(challenger) > aucOf(champion)
  const winner = isBetter ? 'challenger_wins' : 'champion_wins'
  const status = test.pValue < SIGNIFICANCE ? winner : 'no_difference'
  const { pValue: p_value, difference, ci } = test
  return { status: isVoid ? 'sample_ratio_mismatch' : status, p_value, difference, ci, ...common }
}

type PreparedArm = ReturnType<typeof prepare>

function prepare({ results, labels }: ArmData, policy: Policy) {
  const given = Float64Array.from(results, ({ score }) => score)
  const { labels: y, scores } = checkScores({ yTrue: labels, scores: given })
  const costs = costByEntity({ results, labels: y, policy })
  const auc = rocAucScore(y, scores)
  const summary: ArmSummary = {
    samples: results.length,
    entities: costs.length,
    cost_per_entity: momentsOf(costs).mean,
    auc,
  }
  return { scores, costs, summary }
}

/** A missed fraud costs `fn`, a false alarm `fp`; summed over an entity's transactions, which depend on each other. */
function costByEntity(input: {
  readonly results: readonly ArmResult[]
  readonly labels: Uint8Array
  readonly policy: Policy
}): Float64Array {
  const { threshold, costs } = input.policy
  const sums = new Map<string, number>()
  input.results.forEach(({ entity, score }, i) => {
    const isFraud = input.labels[i] === 1
    const isAlarm = score >= threshold
    const cost = isFraud && !isAlarm ? costs.fn : !isFraud && isAlarm ? costs.fp : 0
    sums.set(entity, (sums.get(entity) ?? 0) + cost)
  })
  return Float64Array.from(sums.values())
}

function testCosts(champion: PreparedArm, challenger: PreparedArm): WelchTest | NoAnswer {
  return welchTestOfMoments({ a: momentsOf(challenger.costs), b: momentsOf(champion.costs) })
}

function testScores(champion: PreparedArm, challenger: PreparedArm): WelchTest | NoAnswer {
  if (isNoAnswer(champion.summary.auc)) return champion.summary.auc
  if (isNoAnswer(challenger.summary.auc)) return challenger.summary.auc
  return studentTestOfMoments({ a: momentsOf(challenger.scores), b: momentsOf(champion.scores) })
}

function aucOf({ summary }: PreparedArm): number {
  return isNoAnswer(summary.auc) ? Number.NaN : summary.auc
}

/** No answer where one arm is meant to get nothing. */
function sampleRatioOf(observed: readonly number[], trafficSplit: number) {
  if (trafficSplit === 0 || trafficSplit === 1) return noAnswer('NO_ROWS')
  return sampleRatioMismatch({ observed, weights: [1 - trafficSplit, trafficSplit] })
}
