import { isNoAnswer, type NoAnswer, normalCdf, normalQuantile } from '../../math/index.ts'
import { adjustByCovariate } from './adjust-by-covariate.ts'
import { type Difference, differenceInRatios } from './difference-in-means.ts'
import type { ArmEvidence, ExperimentEvidence } from './experiment-evidence.ts'
import type { DifferenceSummary, ExperimentVerdict, VerdictArm } from './experiment-verdict.ts'
import { mcnemarTest } from './mcnemar-test.ts'
import { costOf, pairedDifference } from './primary-effect.ts'
import { welchTestOfMoments } from './welch-test.ts'

type Parts = Pick<
  ExperimentVerdict,
  | 'cost_per_entity'
  | 'cost_per_transaction'
  | 'cost_adjusted'
  | 'paired_cost'
  | 'mcnemar'
  | 'delong'
  | 'champion'
  | 'challenger'
  | 'invalid'
>

/** What lies beneath a verdict; each p-value is for one look at a time fixed before. */
export function verdictParts(evidence: ExperimentEvidence): Parts {
  const { champion, challenger, invalid } = evidence
  return {
    cost_per_entity: costPerEntity(evidence),
    cost_per_transaction: costPerTransaction(evidence),
    cost_adjusted: adjustedCost(evidence),
    paired_cost: pairedCost(evidence),
    mcnemar: mcnemarOf(evidence),
    delong: delongOf(evidence),
    champion: armOf(champion),
    challenger: armOf(challenger),
    invalid,
  }
}

function costPerEntity({ champion, challenger }: ExperimentEvidence): DifferenceSummary | NoAnswer {
  const [a, b] = [costOf(challenger), costOf(champion)]
  const test = welchTestOfMoments({ a, b })
  if (isNoAnswer(test)) return test
  const { difference, standardError, pValue: p_value, ci } = test
  return { champion: b.mean, challenger: a.mean, difference, standard_error: standardError, p_value, ci }
}

function costPerTransaction({ champion, challenger }: ExperimentEvidence): DifferenceSummary | NoAnswer {
  const found = differenceInRatios(champion.cost, challenger.cost)
  if (isNoAnswer(found)) return found
  const [before, after] = [champion.cost, challenger.cost].map(
    ({ meanValue, meanSize }) => meanValue / meanSize,
  )
  return summaryOf({ effect: found, champion: before!, challenger: after! })
}

function adjustedCost({ champion, challenger }: ExperimentEvidence): ExperimentVerdict['cost_adjusted'] {
  if (isNoAnswer(champion.covariate)) return champion.covariate
  if (isNoAnswer(challenger.covariate)) return challenger.covariate
  const test = adjustByCovariate({ champion: champion.covariate, challenger: challenger.covariate })
  if (isNoAnswer(test)) return test
  const { theta, difference, standardError, pValue: p_value, ci } = test
  const means = { champion: test.champion, challenger: test.challenger }
  return { ...means, difference, standard_error: standardError, p_value, ci, theta }
}

function pairedCost(evidence: ExperimentEvidence): ExperimentVerdict['paired_cost'] {
  const found = pairedDifference(evidence)
  if (isNoAnswer(found)) return found
  const { pairs, championCost, challengerCost, rawDifference } = evidence.paired
  const summary = summaryOf({ effect: found, champion: championCost, challenger: challengerCost })
  return { ...summary, pairs, raw_difference: rawDifference }
}

function mcnemarOf({ paired }: ExperimentEvidence): ExperimentVerdict['mcnemar'] {
  const { onlyChampion, onlyChallenger } = paired
  const test = mcnemarTest({ onlyA: onlyChampion, onlyB: onlyChallenger })
  if (isNoAnswer(test)) return test
  return { champion_only: onlyChampion, challenger_only: onlyChallenger, p_value: test.exactPValue }
}

function delongOf({ paired: { delong } }: ExperimentEvidence): ExperimentVerdict['delong'] {
  if (isNoAnswer(delong)) return delong
  const { aucA, aucB, difference, pValue: p_value, ci } = delong
  return { champion: aucB, challenger: aucA, difference, p_value, ci }
}

function summaryOf(input: {
  readonly effect: Difference
  readonly champion: number
  readonly challenger: number
}): DifferenceSummary {
  const { effect, champion, challenger } = input
  const { difference, standardError } = effect
  const reach = normalQuantile(0.975) * standardError
  const p_value = Math.min(1, 2 * normalCdf(Math.abs(difference) / standardError, { upper: true }))
  const ci = [difference - reach, difference + reach] as const
  return { champion, challenger, difference, standard_error: standardError, p_value, ci }
}

function armOf(arm: ArmEvidence): VerdictArm {
  const { decisions, entities, labelled, unlabelled, immature, frauds, missed, auc } = arm
  return {
    ...{ decisions, entities, labelled, unlabelled, immature, frauds, missed },
    false_alarms: arm.falseAlarms,
    cost_per_entity: arm.cost.n === 0 ? null : arm.cost.meanValue,
    raw_cost_per_entity: arm.rawCost.n === 0 ? null : arm.rawCost.mean,
    auc,
  }
}
