import { isNoAnswer, type NoAnswer, noAnswer } from '../../math/index.ts'
import { psiTest } from '../drift/psi.ts'
import { noncentralChiSquareTail } from '../drift/tail-probabilities.ts'
import { confidenceSequence } from './confidence-sequence.ts'
import { type Difference, differenceInRatios } from './difference-in-means.ts'
import type { ExperimentEvidence } from './experiment-evidence.ts'
import type { ExperimentPlan } from './experiment-plan.ts'
import type { ExperimentLook, GuardrailName, GuardrailSummary } from './experiment-verdict.ts'
import { pairedDifference } from './primary-effect.ts'

/** Fewer entities than this in an arm are too few for a normal distribution to say anything. */
const LEAST_ENTITIES = 100

/** The sequence is tightest at this part of the plan: harm must show early. */
const TIGHTEST_AT = 0.25

/** A bound on how much worse the challenger is. */
interface Harm {
  readonly value: number
  readonly lowerBound: number | null
}

/**
 * Whether the challenger does more harm than each margin allows, at any look: one-sided confidence sequences whose
 * errors together are `alpha`. An alarm of an earlier look stays. The score index is asked only at looks, each with
 * a part of its error that adds up over all looks, and counts each entity once, whose scores depend on each other.
 */
export function judgeGuardrails(input: {
  readonly plan: ExperimentPlan
  readonly evidence: ExperimentEvidence
  readonly earlierLooks: readonly ExperimentLook[]
  readonly isLook: boolean
}): GuardrailSummary[] {
  const { plan, evidence, earlierLooks, isLook } = input
  const watched = (Object.entries(plan.guardrails) as [GuardrailName, number | null][]).filter(
    (entry): entry is [GuardrailName, number] => entry[1] !== null,
  )
  const alpha = plan.alpha / watched.length
  return watched.map(([name, margin]) => {
    const first = earlierLooks.find(({ alarms }) => alarms.includes(name))
    const look = earlierLooks.length + 1
    const found =
      name === 'score_psi'
        ? scoreHarm({ evidence, margin, alpha: isLook ? alpha / (look * (look + 1)) : null })
        : sequenceHarm({ plan, evidence, name, alpha })
    const harm = isNoAnswer(found) ? null : found
    const isNow = harm !== null && harm.lowerBound !== null && harm.lowerBound > margin
    return {
      name,
      margin,
      value: harm?.value ?? null,
      lower_bound: harm?.lowerBound ?? null,
      alarm: isNow || first !== undefined,
      first_alarm: first?.time ?? null,
    }
  })
}

function sequenceHarm(input: {
  readonly plan: ExperimentPlan
  readonly evidence: ExperimentEvidence
  readonly name: Exclude<GuardrailName, 'score_psi'>
  readonly alpha: number
}): Harm | NoAnswer {
  const { plan, evidence, name, alpha } = input
  const found = differenceOf(input)
  // no spread between the arms: every decision of both is the same, such as none blocked
  if (isNoAnswer(found.effect)) {
    return found.effect.reason === 'NO_VARIANCE' ? { value: 0, lowerBound: null } : found.effect
  }
  const { difference: value, standardError } = found.effect
  if (found.entities < LEAST_ENTITIES) return { value, lowerBound: null }
  const isCost = name === 'cost'
  const { champion, challenger } = evidence
  const n = isCost ? champion.labelled + challenger.labelled : champion.decisions + challenger.decisions
  const plannedN = plan.plannedSamples * TIGHTEST_AT
  const sequence = confidenceSequence({ difference: value, standardError, n, plannedN, alpha, side: 'lower' })
  return { value, lowerBound: isNoAnswer(sequence) ? null : sequence.low }
}

function differenceOf(input: {
  readonly plan: ExperimentPlan
  readonly evidence: ExperimentEvidence
  readonly name: Exclude<GuardrailName, 'score_psi'>
}): { effect: Difference | NoAnswer; entities: number } {
  const { plan, evidence, name } = input
  if (name === 'cost' && plan.primary === 'paired_cost') {
    return { effect: pairedDifference(evidence), entities: evidence.paired.difference.n }
  }
  const measure = (
    { cost: 'cost', block_rate: 'blocks', latency_ms: 'latency', error_rate: 'failures' } as const
  )[name]
  const [champion, challenger] = [evidence.champion[measure], evidence.challenger[measure]]
  return { effect: differenceInRatios(champion, challenger), entities: Math.min(champion.n, challenger.n) }
}

function scoreHarm(input: {
  readonly evidence: ExperimentEvidence
  readonly margin: number
  readonly alpha: number | null
}): Harm | NoAnswer {
  const { evidence, margin, alpha } = input
  const { scoreBins } = evidence
  if (!scoreBins) return noAnswer('NO_ROWS')
  const counts = {
    reference: onePerEntity(scoreBins.reference, scoreBins.entities[0]),
    current: onePerEntity(scoreBins.current, scoreBins.entities[1]),
  }
  const { psi, bins } = psiTest(counts)
  const [n, m] = scoreBins.entities
  if (alpha === null || Math.min(n, m) < LEAST_ENTITIES || bins < 2) return { value: psi, lowerBound: null }
  const rows = (n * m) / (n + m)
  const isPlausible = (index: number): boolean =>
    noncentralChiSquareTail({ x: rows * psi, degreesOfFreedom: bins - 1, lambda: rows * index }) >= alpha
  return { value: psi, lowerBound: isPlausible(margin) ? null : lowestPlausible(isPlausible, margin, psi) }
}

/** Scales counts of decisions down to one an entity. */
function onePerEntity(counts: ArrayLike<number>, entities: number): Float64Array {
  const scaled = Float64Array.from(counts)
  const rows = scaled.reduce((sum, count) => sum + count, 0)
  return scaled.map((count) => (rows === 0 ? 0 : (count * entities) / rows))
}

function lowestPlausible(isPlausible: (index: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2
    if (isPlausible(middle)) high = middle
    else low = middle
  }
  return low
}
