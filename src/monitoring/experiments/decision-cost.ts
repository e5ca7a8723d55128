import type { ExperimentPlan } from './experiment-plan.ts'

/**
 * What a score costs once the label is known: the loss of a missed fraud, the price of a false alarm, else 0.
 */
export function decisionCost(input: {
  readonly plan: Pick<ExperimentPlan, 'costs'>
  readonly threshold: number
  readonly score: number
  readonly isFraud: boolean
  readonly loss: number
}): number {
  const isAlarm = input.score >= input.threshold
  if (input.isFraud) return isAlarm ? 0 : input.loss
  return isAlarm ? input.plan.costs.fp : 0
}
