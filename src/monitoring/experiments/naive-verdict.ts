import { isNoAnswer } from '../../math/index.ts'
import type { ExperimentEvidence } from './experiment-evidence.ts'
import type { ExperimentPlan } from './experiment-plan.ts'
import type { NaiveVerdict } from './experiment-verdict.ts'
import { crossingProbability } from './group-sequential.ts'
import { studentTestOfMoments } from './welch-test.ts'

/** The specification's level. */
const SIGNIFICANCE = 0.05

/** The two-sided 5 % point of the normal distribution. */
const NAIVE_BOUND = 1.959963984540054

/** More looks than these err as often as these are said to: the rate grows ever more slowly. */
const MOST_LOOKS = 200

let rates: readonly number[] | undefined

/**
 * The specification's verdict, to learn from: a t-test on the scores with the better AUC as winner. It asks whether
 * the scores differ, not whether one model is better, and it errs more often with each look.
 */
export function naiveVerdict(input: {
  readonly plan: Pick<ExperimentPlan, 'alpha' | 'minSamples'>
  readonly evidence: Pick<ExperimentEvidence, 'champion' | 'challenger'>
  readonly looks: number
}): NaiveVerdict {
  const { plan, evidence, looks } = input
  const { champion, challenger } = evidence
  const common = {
    false_alarm_rate: naiveFalseAlarmRate(looks),
    looks,
    sound_false_alarm_rate: plan.alpha,
  }
  if (Math.min(champion.labelled, challenger.labelled) < plan.minSamples) {
    return { status: 'collecting', p_value: null, ...common }
  }
  const unanswered = [champion.auc, challenger.auc].find(isNoAnswer)
  const test = unanswered ?? studentTestOfMoments({ a: challenger.scores, b: champion.scores })
  if (isNoAnswer(test)) return { status: 'no_difference', p_value: null, reason: test.reason, ...common }
  const isBetter = (challenger.auc as number) > (champion.auc as number)
  const winner = isBetter ? 'challenger_wins' : 'champion_wins'
  return { status: test.pValue < SIGNIFICANCE ? winner : 'no_difference', p_value: test.pValue, ...common }
}

/**
 * How often a test at 5 % finds a difference between equal models when it is asked again after each of so many equal
 * portions of data (Armitage, McPherson and Rowe 1969). Computed once.
 *
 * @example
 * naiveFalseAlarmRate(1).toFixed(3) // '0.050'
 * naiveFalseAlarmRate(10).toFixed(3) // '0.193'
 */
export function naiveFalseAlarmRate(looks: number): number {
  if (!(looks >= 1)) return SIGNIFICANCE
  rates ??= crossingProbability({
    information: Array.from({ length: MOST_LOOKS }, (_, k) => (k + 1) / MOST_LOOKS),
    bounds: new Array<number>(MOST_LOOKS).fill(NAIVE_BOUND),
  })
  return rates[Math.min(MOST_LOOKS, Math.floor(looks)) - 1]!
}
