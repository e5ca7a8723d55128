import { DEFAULT_POLICY, type Policy } from '../../decision/index.ts'
import { check } from './check.ts'
import { checkSpending } from './spending.ts'

/** How much of the error is spent by an information fraction t; see `spentAlpha`. */
export type Spending =
  | { readonly family: 'obrien_fleming' }
  | { readonly family: 'pocock' }
  | { readonly family: 'power'; readonly exponent: number }
  | { readonly family: 'hwang_shih_decani'; readonly gamma: number }

/** How much worse than the champion the challenger may be, by measure; null: not watched. */
export interface GuardrailMargins {
  /** In units of cost per decision. */
  readonly cost: number | null
  /** Share of decisions. */
  readonly block_rate: number | null
  /** Mean milliseconds a decision, each counted as at most a second. */
  readonly latency_ms: number | null
  /** Share of decisions. */
  readonly error_rate: number | null
  /** Population stability index of the challenger's scores against the champion's. */
  readonly score_psi: number | null
}

/** What is fixed before an experiment starts, so that its verdict holds however often it is looked at. */
export interface ExperimentPlan {
  /** The challenger's share of the decisions; 0 where it only shadows. */
  readonly trafficSplit: number
  /** The error of the whole experiment, two-sided, over all looks. */
  readonly alpha: number
  readonly power: number
  /** Labelled decisions that each arm must have before a verdict. */
  readonly minSamples: number
  /** Matured labelled decisions of both arms at which the experiment ends: information fraction 1. */
  readonly plannedSamples: number
  /** `cost`: cost per entity between the arms; `paired_cost`: both models on the same transactions, by shadow scores. */
  readonly primary: 'cost' | 'paired_cost'
  readonly spending: Spending
  /** From here a score is called fraud, by arm. */
  readonly thresholds: { readonly champion: number; readonly challenger: number }
  /** Of a missed fraud and of a false alarm, the same for both arms. */
  readonly costs: { readonly fn: number; readonly fp: number }
  /** A missed fraud counts as at most this in the test, so that one great loss decides nothing; null: no cap. */
  readonly lossCap: number | null
  /** A label counts as of the decision's time plus this; null: labels as they arrive. */
  readonly labelHorizonSeconds: number | null
  readonly guardrails: GuardrailMargins
}

/** The parts of a plan that differ from the defaults. */
export interface ExperimentPlanInput
  extends Partial<Omit<ExperimentPlan, 'thresholds' | 'costs' | 'guardrails'>> {
  readonly championPolicy?: Policy
  /** The champion's unless given. */
  readonly challengerPolicy?: Policy
  readonly guardrails?: Partial<GuardrailMargins>
}

const DEFAULT_GUARDRAILS: GuardrailMargins = {
  cost: 0,
  block_rate: 0.01,
  latency_ms: 10,
  error_rate: 0.001,
  score_psi: 0.25,
}

/**
 * Makes a plan. Defaults: share 0.1, error 0.05, power 0.8, 1,000 labelled decisions an arm, 100,000 planned ones in
 * all, cost per entity by O'Brien–Fleming-type spending, `DEFAULT_POLICY` for both arms, no loss cap, no horizon.
 * The costs are the champion policy's. PARAM_INVALID, naming the field.
 *
 * @example
 * experimentPlan({ trafficSplit: 0.5 }).minSamples // 1000
 */
export function experimentPlan(input: ExperimentPlanInput = {}): ExperimentPlan {
  const { championPolicy = DEFAULT_POLICY, challengerPolicy = championPolicy, guardrails, ...given } = input
  const plan: ExperimentPlan = {
    trafficSplit: 0.1,
    alpha: 0.05,
    power: 0.8,
    minSamples: 1000,
    plannedSamples: 100_000,
    primary: 'cost',
    spending: { family: 'obrien_fleming' },
    lossCap: null,
    labelHorizonSeconds: null,
    ...given,
    thresholds: { champion: championPolicy.threshold, challenger: challengerPolicy.threshold },
    costs: championPolicy.costs,
    guardrails: { ...DEFAULT_GUARDRAILS, ...guardrails },
  }
  checkPlan(plan)
  return plan
}

function checkPlan(plan: ExperimentPlan): void {
  const isShare = (value: number): boolean => value >= 0 && value <= 1
  const isInside = (value: number): boolean => value > 0 && value < 1
  check('trafficSplit', plan.trafficSplit, 'a share in [0, 1]', isShare(plan.trafficSplit))
  check('alpha', plan.alpha, 'a number between 0 and 1', isInside(plan.alpha))
  check('power', plan.power, 'a number between 0 and 1', isInside(plan.power))
  const isPrimary = plan.primary === 'cost' || plan.primary === 'paired_cost'
  check('primary', plan.primary, "'cost' or 'paired_cost'", isPrimary)
  checkSpending(plan.spending)
  for (const name of ['minSamples', 'plannedSamples'] as const) {
    check(
      name,
      plan[name],
      'a whole number of at least 1',
      Number.isSafeInteger(plan[name]) && plan[name] >= 1,
    )
  }
  for (const name of ['lossCap', 'labelHorizonSeconds'] as const) {
    const value = plan[name]
    check(
      name,
      value,
      'null or a number of at least 0',
      value === null || (Number.isFinite(value) && value >= 0),
    )
  }
  for (const [name, value] of Object.entries(plan.guardrails)) {
    check(`guardrails.${name}`, value, 'null or a number of at least 0', value === null || value >= 0)
  }
}
