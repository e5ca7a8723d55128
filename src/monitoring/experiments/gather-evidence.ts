import { delongTest, rocAucScore } from '../../evaluation/index.ts'
import { noAnswer } from '../../math/index.ts'
import { binCuts, countInBins, DECILES } from '../profile/bins.ts'
import { decisionCost } from './decision-cost.ts'
import { DecisionRows, NO_LABEL } from './decision-rows.ts'
import { EntitySums, SUM } from './entity-sums.ts'
import type { ArmEvidence, ExperimentEvidence, PairedEvidence } from './experiment-evidence.ts'
import type { ExperimentPlan } from './experiment-plan.ts'
import type { Outcome } from './outcome.ts'
import { pairMomentsOf } from './pair-moments.ts'
import { momentsOf } from './welch-test.ts'

/** A slower answer counts as this, so that one stalled request is no guardrail's business. */
const SLOWEST_MS = 1000

/**
 * Sums up the decisions of an experiment for `judgeExperiment`. A label counts where the decision is mature:
 * `time` + the plan's horizon is not after `now` (seconds). Entities that met both arms are counted and left out of
 * the comparison between arms. Rows that cannot be are counted as `invalid`. Their order does not matter beyond
 * rounding. Cost: one pass, a hash a row, and a sort for the ranks.
 *
 * @example
 * gatherEvidence({ plan: experimentPlan(), outcomes: [], now: 0 }).champion.decisions // 0
 */
export function gatherEvidence(input: {
  readonly plan: ExperimentPlan
  readonly outcomes: Iterable<Outcome>
  readonly now: number
}): ExperimentEvidence {
  const gathering = new Gathering(input.plan, input.now)
  for (const outcome of input.outcomes) gathering.add(outcome)
  return gathering.evidence()
}

interface Counts {
  decisions: number
  labelled: number
  unlabelled: number
  immature: number
  frauds: number
  missed: number
  falseAlarms: number
}

const noCounts = (): Counts => ({
  decisions: 0,
  labelled: 0,
  unlabelled: 0,
  immature: 0,
  frauds: 0,
  missed: 0,
  falseAlarms: 0,
})

/** The same for outcomes that come bit by bit: `add` each, then ask for `evidence`. */
export class Gathering {
  readonly #plan: ExperimentPlan
  readonly #now: number
  readonly #sums = new EntitySums()
  readonly #rows = new DecisionRows()
  readonly #counts = [noCounts(), noCounts()] as const
  #invalid = 0
  #rawPairDifference = 0
  #pairedCosts = [0, 0] as [champion: number, challenger: number]
  #only = [0, 0] as [champion: number, challenger: number]

  constructor(plan: ExperimentPlan, now: number) {
    this.#plan = plan
    this.#now = now
  }

  add(outcome: Outcome): void {
    if (!isValid(outcome)) {
      this.#invalid++
      return
    }
    const arm = outcome.arm === 'challenger' ? 1 : 0
    const counts = this.#counts[arm]
    const sums = this.#sums
    // an entity and a transaction may have the same name
    const entity = sums.meet(outcome.entity === null ? `\u0000${outcome.transactionId}` : outcome.entity, arm)
    counts.decisions++
    sums.add(entity, SUM.decisions, 1)
    if (outcome.riskLevel === 'block') sums.add(entity, SUM.blocks, 1)
    if (outcome.isFailed) sums.add(entity, SUM.failures, 1)
    sums.add(entity, SUM.latency, Math.min(outcome.latencyMs, SLOWEST_MS))
    const isFraud = this.#isMature(outcome) ? outcome.isFraud : null
    if (!this.#isMature(outcome)) counts.immature++
    else if (isFraud === null) counts.unlabelled++
    const label = isFraud === null ? NO_LABEL : isFraud ? 1 : 0
    const shadow = outcome.shadowScore ?? Number.NaN
    this.#rows.push({ entity, arm, label, score: outcome.score, shadow })
    if (isFraud !== null) this.#addLabelled({ outcome, arm, entity, isFraud })
  }

  #isMature({ time }: Outcome): boolean {
    const horizon = this.#plan.labelHorizonSeconds
    return horizon === null || time + horizon <= this.#now
  }

  evidence(): ExperimentEvidence {
    const sums = this.#sums
    let entitiesInBoth = 0
    for (let entity = 0; entity < sums.size; entity++) if (sums.exposure(entity) === 2) entitiesInBoth++
    return {
      now: this.#now,
      champion: this.#armEvidence(0),
      challenger: this.#armEvidence(1),
      entitiesInBoth,
      invalid: this.#invalid,
      ...this.#comparisons(),
    }
  }

  #addLabelled(row: { outcome: Outcome; arm: 0 | 1; entity: number; isFraud: boolean }): void {
    const { outcome, arm, entity, isFraud } = row
    const { thresholds, costs, lossCap } = this.#plan
    const counts = this.#counts[arm]
    const rawLoss = outcome.loss ?? costs.fn
    const loss = lossCap === null ? rawLoss : Math.min(rawLoss, lossCap)
    const byArm = [thresholds.champion, thresholds.challenger] as const
    const shadow = outcome.shadowScore ?? Number.NaN
    const costOf = (score: number, of: 0 | 1, loss: number): number =>
      decisionCost({ plan: this.#plan, threshold: byArm[of], score, isFraud, loss })
    const isAlarm = outcome.score >= byArm[arm]
    counts.labelled++
    if (isFraud) counts.frauds++
    if (isFraud && !isAlarm) counts.missed++
    if (!isFraud && isAlarm) counts.falseAlarms++
    this.#sums.add(entity, SUM.labelled, 1)
    this.#sums.add(entity, SUM.cost, costOf(outcome.score, arm, loss))
    this.#sums.add(entity, SUM.rawCost, costOf(outcome.score, arm, rawLoss))
    this.#sums.add(entity, SUM.championScore, arm === 0 ? outcome.score : shadow)
    if (Number.isNaN(shadow)) return
    const [champion, challenger] = arm === 0 ? [outcome.score, shadow] : [shadow, outcome.score]
    const pair = [costOf(champion, 0, loss), costOf(challenger, 1, loss)] as const
    this.#sums.add(entity, SUM.pairs, 1)
    this.#sums.add(entity, SUM.pairDifference, pair[1] - pair[0])
    this.#pairedCosts[0] += pair[0]
    this.#pairedCosts[1] += pair[1]
    this.#rawPairDifference += costOf(challenger, 1, rawLoss) - costOf(champion, 0, rawLoss)
    if (!isFraud) return
    const caught = [champion >= byArm[0], challenger >= byArm[1]] as const
    if (caught[0] && !caught[1]) this.#only[0]++
    if (caught[1] && !caught[0]) this.#only[1]++
  }

  #armEvidence(arm: 0 | 1): ArmEvidence {
    const column = (sum: number, where: number): Float64Array =>
      this.#sums.column({ sum, where, exposure: arm })
    const costs = column(SUM.cost, SUM.labelled)
    const decisions = column(SUM.decisions, SUM.decisions)
    const championScores = column(SUM.championScore, SUM.labelled)
    const counts = (entity: number): boolean => this.#sums.exposure(entity) === arm
    const rows = this.#rows.ofArm({ arm, isLabelled: true, counts })
    const over = (sum: number) => pairMomentsOf(column(sum, SUM.decisions), decisions)
    return {
      ...this.#counts[arm],
      entities: this.#sums.assignedTo(arm),
      costlyEntities: costs.reduce((count, cost) => count + (cost > 0 ? 1 : 0), 0),
      cost: pairMomentsOf(costs, column(SUM.labelled, SUM.labelled)),
      rawCost: momentsOf(column(SUM.rawCost, SUM.labelled)),
      covariate: championScores.some(Number.isNaN)
        ? noAnswer('TOO_FEW_ROWS')
        : pairMomentsOf(costs, championScores),
      blocks: over(SUM.blocks),
      failures: over(SUM.failures),
      latency: over(SUM.latency),
      scores: momentsOf(rows.scores),
      auc: rocAucScore(rows.labels, rows.scores),
    }
  }

  #comparisons(): { paired: PairedEvidence; scoreBins: ExperimentEvidence['scoreBins'] } {
    const { labels, champion, challenger } = this.#rows.pairs({ isLabelled: true })
    const pairs = labels.length
    const differences = this.#sums.column({ sum: SUM.pairDifference, where: SUM.pairs })
    const sizes = this.#sums.column({ sum: SUM.pairs, where: SUM.pairs })
    const perPair = (sum: number): number => (pairs === 0 ? 0 : sum / pairs)
    const paired: PairedEvidence = {
      pairs,
      differingEntities: differences.reduce((count, difference) => count + (difference !== 0 ? 1 : 0), 0),
      difference: pairMomentsOf(differences, sizes),
      championCost: perPair(this.#pairedCosts[0]),
      challengerCost: perPair(this.#pairedCosts[1]),
      rawDifference: perPair(this.#rawPairDifference),
      onlyChampion: this.#only[0],
      onlyChallenger: this.#only[1],
      delong: delongTest(labels, challenger, champion),
    }
    return { paired, scoreBins: this.#scoreBins() }
  }

  /** Between the arms; where one has no decisions, between the two models on the same ones. */
  #scoreBins(): ExperimentEvidence['scoreBins'] {
    const sums = this.#sums
    const of = (arm: 0 | 1): Float64Array =>
      this.#rows.ofArm({ arm, isLabelled: false, counts: (entity) => sums.exposure(entity) === arm }).scores
    const entitiesOf = (exposure: 0 | 1): number =>
      sums.column({ sum: SUM.decisions, where: SUM.decisions, exposure }).length
    const [before, after] = [of(0), of(1)]
    if (before.length > 0 && after.length > 0) {
      return { ...binned(before, after), entities: [entitiesOf(0), entitiesOf(1)] }
    }
    const { champion, challenger } = this.#rows.pairs({ isLabelled: false })
    if (champion.length === 0) return null
    return { ...binned(champion, challenger), entities: [sums.size, sums.size] }
  }
}

function binned(reference: Float64Array, current: Float64Array) {
  const cuts = binCuts(reference, DECILES)
  return { reference: countInBins(reference, cuts), current: countInBins(current, cuts) }
}

function isValid({ score, shadowScore, latencyMs, loss = 0 }: Outcome): boolean {
  const isShadowValid = shadowScore === null || Number.isFinite(shadowScore)
  return Number.isFinite(score) && isShadowValid && latencyMs >= 0 && loss >= 0 && Number.isFinite(loss)
}
