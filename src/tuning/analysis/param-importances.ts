import { FdsError } from '../../errors.ts'
import type { StudyView } from '../samplers/sampler.ts'
import { type Distribution, isSingle, sameDistribution } from '../study/distribution.ts'
import type { FrozenTrial } from '../study/trial.ts'
import { pearsonDivergence } from './pearson-divergence.ts'

export interface ParamImportancesOptions {
  /** Only these; all that completed trials have unless given. */
  readonly params?: readonly string[]
  /** Whether the importances sum to 1; default true. */
  readonly normalize?: boolean
  /** Which share of the trials is the best; default 0.1. */
  readonly targetQuantile?: number
  /** Within which share of the best trials the importance holds; default 1, all. */
  readonly regionQuantile?: number
  /** Compare with the values that were tried (default) or, false, with the whole search space. */
  readonly evaluateOnLocal?: boolean
}

/** Fewer trials than this under one distribution say nothing. */
const LEAST_TRIALS = 2

/**
 * How much each parameter decides whether a trial is among the best tenth: PED-ANOVA, Optuna 5's default. Zero or
 * more, sums to 1, the largest first, equal ones by name. Completed trials with a finite value count; a conditional
 * parameter counts where it was set, each of its ranges apart. A parameter with one value only gets 0. Without two
 * trials, or where nothing differs, all are equal. Fifty trials or more make it steady (five in the best tenth).
 *
 * PARAM_UNKNOWN for a name that no completed trial has; PARAM_INVALID unless
 * 0 < `targetQuantile` < `regionQuantile` ≤ 1. Cost O(trials × parameters + 50² × parameters).
 *
 * Source: Watanabe et al. 2023, https://arxiv.org/abs/2304.10255; conditional ones https://arxiv.org/abs/2601.20800.
 *
 * @example
 * const study = createStudy({ sampler: new RandomSampler({ seed: 1 }) })
 * await study.optimize((t) => t.suggestFloat('x', 0, 1) ** 2 + t.suggestFloat('y', 0, 1) / 99, { nTrials: 60 })
 * Object.keys(getParamImportances(study))[0] // 'x'
 */
export function getParamImportances(
  study: StudyView,
  options: ParamImportancesOptions = {},
): Record<string, number> {
  const { normalize = true } = options
  const params = namesOf(study, options.params)
  const raw = rawImportances(study, params, options)
  const sum = raw.reduce((total, value) => total + value, 0)
  const scaled = normalize ? raw.map((value) => (sum === 0 ? 1 / raw.length : value / sum)) : raw
  const entries = params.map((name, i) => [name, scaled[i]!] as const)
  return Object.fromEntries(entries.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
}

function namesOf({ trials }: StudyView, wanted: readonly string[] | undefined): readonly string[] {
  const completed = trials.filter(({ state }) => state === 'COMPLETE')
  const known = [...new Set(completed.flatMap((trial) => Object.keys(trial.distributions)))].sort()
  for (const name of wanted ?? []) {
    if (!known.includes(name)) throw new FdsError('PARAM_UNKNOWN', { name, known })
  }
  return [...new Set(wanted ?? known)]
}

function rawImportances(
  study: StudyView,
  params: readonly string[],
  options: ParamImportancesOptions,
): number[] {
  const { targetQuantile = 0.1, regionQuantile = 1, evaluateOnLocal = true } = options
  checkQuantiles(targetQuantile, regionQuantile)
  const finite = study.trials.filter(({ state, value }) => state === 'COMPLETE' && Number.isFinite(value))
  if (finite.length < LEAST_TRIALS) return params.map(() => 0)
  const top = new Set(bestOfTrials(study, finite, targetQuantile))
  const region = bestOfTrials(study, finite, regionQuantile)
  return params.map((name) => {
    const parts = regimesOf(name, region).map((regime) =>
      importanceIn({ name, regime, top, region: region.length, evaluateOnLocal }),
    )
    return parts.reduce((sum, part) => sum + part, 0) * (top.size / region.length) ** 2
  })
}

/** One distribution's part: its share of the best, squared, over its share of all, times the divergence within. */
function importanceIn(input: {
  name: string
  regime: { distribution: Distribution; trials: readonly FrozenTrial[] }
  top: ReadonlySet<FrozenTrial>
  region: number
  evaluateOnLocal: boolean
}): number {
  const { name, regime, top, region, evaluateOnLocal } = input
  const { distribution, trials } = regime
  const best = trials.filter((trial) => top.has(trial))
  if (best.length === 0 || trials.length < LEAST_TRIALS || isSingle(distribution)) return 0
  const valuesOf = (some: readonly FrozenTrial[]) => some.map(({ params }) => params[name]!)
  const background = evaluateOnLocal ? valuesOf(trials) : null
  const weight = (best.length / top.size) ** 2 / (trials.length / region)
  return weight * pearsonDivergence(distribution, valuesOf(best), background)
}

/** The trials that have the parameter, by its distribution, in the order of first appearance. */
function regimesOf(
  name: string,
  trials: readonly FrozenTrial[],
): { distribution: Distribution; trials: FrozenTrial[] }[] {
  const regimes: { distribution: Distribution; trials: FrozenTrial[] }[] = []
  for (const trial of trials) {
    const distribution = trial.distributions[name]
    if (distribution === undefined) continue
    const regime = regimes.find((other) => sameDistribution(other.distribution, distribution))
    if (regime) regime.trials.push(trial)
    else regimes.push({ distribution, trials: [trial] })
  }
  return regimes
}

/** The best share of the trials, and those equal to the last of them. */
function bestOfTrials(
  study: StudyView,
  trials: readonly FrozenTrial[],
  quantile: number,
): readonly FrozenTrial[] {
  if (quantile === 1) return trials
  const sign = study.direction === 'minimize' ? 1 : -1
  const losses = Float64Array.from(trials, ({ value }) => sign * value!)
  const limit = losses.slice().sort()[Math.ceil(quantile * losses.length) - 1]!
  return trials.filter((_, i) => losses[i]! <= limit)
}

function checkQuantiles(target: number, region: number): void {
  if (target > 0 && target < region && region <= 1) return
  const expected = 'such that 0 < targetQuantile < regionQuantile ≤ 1'
  throw new FdsError('PARAM_INVALID', { name: 'targetQuantile', expected, got: `${target} and ${region}` })
}
