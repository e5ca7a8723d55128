import { isNoAnswer, type NoAnswer, noAnswer } from '../../math/index.ts'
import { type Difference, differenceInMeans } from './difference-in-means.ts'
import type { ExperimentEvidence } from './experiment-evidence.ts'
import type { ExperimentPlan } from './experiment-plan.ts'
import { ratioOf } from './ratio-test.ts'

/** Fewer entities with a cost (or with a difference) than these decide nothing. */
const LEAST_EVENTS = 10

/**
 * The measure that decides: cost per entity between the arms, or the cost difference per decision of both models on
 * the same decisions. TOO_FEW_ROWS where fewer than ten entities have a cost (a difference); NO_VARIANCE.
 */
export function primaryEffect(
  plan: Pick<ExperimentPlan, 'primary'>,
  evidence: ExperimentEvidence,
): Difference | NoAnswer {
  const { champion, challenger, paired } = evidence
  const isPaired = plan.primary === 'paired_cost'
  const effect = isPaired
    ? pairedDifference(evidence)
    : differenceInMeans(costOf(champion), costOf(challenger))
  if (isNoAnswer(effect)) return effect
  const events = isPaired ? paired.differingEntities : champion.costlyEntities + challenger.costlyEntities
  return events < LEAST_EVENTS ? noAnswer('TOO_FEW_ROWS') : effect
}

/** Cost of the challenger less cost of the champion per decision that both scored, clustered by entity. */
export function pairedDifference({ paired }: ExperimentEvidence): Difference | NoAnswer {
  const found = ratioOf(paired.difference)
  if (isNoAnswer(found)) return found
  if (!(found.variance > 0)) return noAnswer('NO_VARIANCE')
  return { difference: found.ratio, standardError: Math.sqrt(found.variance) }
}

/** Cost per entity. */
export function costOf({ cost }: ExperimentEvidence['champion']) {
  return { n: cost.n, mean: cost.meanValue, variance: cost.varianceValue }
}
