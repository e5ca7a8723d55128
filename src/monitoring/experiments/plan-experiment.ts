import { normalQuantile } from '../../math/index.ts'
import { aucVariance } from './auc-power.ts'
import { check } from './check.ts'
import type { Spending } from './experiment-plan.ts'
import type { VerdictReason } from './experiment-verdict.ts'
import { requiredMean, sequentialPower } from './sequential-power.ts'
import { percent, short } from './verdict-words.ts'

/** What is to be found: a lower cost, or a higher AUC. */
export type PlannedEffect =
  | {
      readonly metric: 'cost'
      /** Share of decisions that are frauds the champion misses. */
      readonly missRate: number
      /** Part of those that the challenger no longer misses. */
      readonly reduction: number
      /** Standard deviation of a missed fraud's loss over its mean, under the cap; 0 where all cost the same. */
      readonly lossVariation: number
      /** For the paired comparison: share of decisions that are frauds one model alone misses; `missRate` × `reduction`, the least that can be, unless given. */
      readonly disagreement?: number
    }
  | {
      readonly metric: 'auc'
      readonly champion: number
      readonly challenger: number
      readonly fraudRate: number
      /** Of the two AUCs on the same rows, for the paired comparison; 0 unless given, which asks for the most rows. */
      readonly correlation?: number
    }

export interface PlanInput {
  readonly effect: PlannedEffect
  /** Both models on the same decisions, by shadow scores. */
  readonly isPaired?: boolean
  readonly trafficSplit?: number
  readonly alpha?: number
  readonly power?: number
  /** Looks at equal portions of the data; 20 unless given, 1 for a single test at the end. */
  readonly looks?: number
  readonly spending?: Spending
  readonly decisionsPerDay?: number
  /** Days for which decisions are collected at most; 90 unless given. */
  readonly maxDays?: number
  readonly labelHorizonDays?: number
}

/** What an experiment needs and whether it can be had. Keys as the command line prints them. */
export interface ExperimentNeeds {
  readonly metric: PlannedEffect['metric']
  readonly is_paired: boolean
  /** Matured labelled decisions in all: the plan's `plannedSamples`. */
  readonly planned_samples: number
  readonly champion_samples: number
  readonly challenger_samples: number
  readonly power: number
  /** Of planned samples over those of a single test at the end. */
  readonly inflation: number
  readonly days: number | null
  /** With the wait for labels. */
  readonly days_to_verdict: number | null
  /** What the traffic of `max_days` would do: its power, and the least effect it finds. */
  readonly available: {
    readonly samples: number
    readonly power: number
    /** A part of the champion's misses, or a difference of AUC; null: none at all. */
    readonly detectable: number | null
  } | null
  readonly can_succeed: boolean
  readonly reasons: readonly VerdictReason[]
}

/**
 * What an experiment needs before it starts: labelled decisions, days, and whether it can succeed at all. Cost with
 * misses at rate p, a reduction r and losses of squared variation CV²: (1 + CV²) / (p r²) times (1/(1 − s) + (1 − r)/s)
 * z² decisions over both arms, s the challenger's share (more where s is far from a half, since the test then divides by
 * the pooled spread), and at most z² (1 + CV²) d / (p r)² paired, d the disagreement; false
 * alarms are taken to cost little beside. AUC by Obuchowski's variances, with the champion's under the null hypothesis.
 * z is the mean of Z that gives the power under the group-sequential bounds. One decision an entity: where a card has
 * many that depend on each other, count cards. Defaults: error 0.05, power 0.8, share 0.1. PARAM_INVALID.
 *
 * @example
 * planExperiment({ effect: { metric: 'cost', missRate: 0.0015, reduction: 0.5, lossVariation: 1.22 }, trafficSplit: 0.5, looks: 1 }).planned_samples > 150_000 // true
 */
export function planExperiment(input: PlanInput): ExperimentNeeds {
  const design = designOf(input)
  checkPlan(design)
  const { effect, isPaired, decisionsPerDay, maxDays, labelHorizonDays, power } = design
  const total = Math.ceil(samplesFor(design, requiredMean(design)))
  const fixed = samplesFor(design, requiredMean({ ...design, looks: 1 }))
  const days = decisionsPerDay === undefined ? null : Math.ceil(total / decisionsPerDay)
  const available = decisionsPerDay === undefined ? null : availableOf(design, decisionsPerDay * maxDays)
  const can_succeed = available === null || total <= available.samples
  const challenger = isPaired ? total : Math.ceil(total * design.trafficSplit)
  const needs: Omit<ExperimentNeeds, 'reasons'> = {
    metric: effect.metric,
    is_paired: isPaired,
    planned_samples: total,
    champion_samples: isPaired ? total : total - challenger,
    challenger_samples: challenger,
    power,
    inflation: total / fixed,
    days,
    days_to_verdict: days === null ? null : days + labelHorizonDays,
    available,
    can_succeed,
  }
  return { ...needs, reasons: reasonsOf(needs, maxDays) }
}

function designOf(input: PlanInput) {
  return {
    isPaired: false,
    trafficSplit: 0.1,
    alpha: 0.05,
    power: 0.8,
    looks: 20,
    spending: { family: 'obrien_fleming' } as Spending,
    maxDays: 90,
    labelHorizonDays: 0,
    ...input,
  }
}

type FullDesign = ReturnType<typeof designOf>

/**
 * Decisions in all are `unit` (b √byChance + (m − b) √actual)² for a mean m of Z and the bound b of a single test: the
 * test divides by a spread that holds under the null hypothesis, and the estimate has its own. With few decisions m is
 * greater by the factor 1 + `excess` / decisions.
 */
interface Spread {
  readonly unit: number
  readonly byChance: number
  readonly actual: number
  readonly excess?: number
}

function samplesFor(design: FullDesign, mean: number): number {
  const { unit, byChance, actual, excess = 0 } = spreadOf(design)
  const bound = boundOf(design)
  const reach = bound * Math.sqrt(byChance) + (mean - bound) * Math.sqrt(actual)
  let samples = unit * reach ** 2
  for (let step = 0; step < 20 && excess !== 0; step++) samples = unit * (reach / (1 + excess / samples)) ** 2
  return samples
}

/** The mean of Z that so many decisions give. */
function meanWith(design: FullDesign, samples: number): number {
  const { unit, byChance, actual, excess = 0 } = spreadOf(design)
  const bound = boundOf(design)
  const reach = Math.sqrt(samples / unit) * (1 + excess / samples)
  return bound + (reach - bound * Math.sqrt(byChance)) / Math.sqrt(actual)
}

function boundOf({ alpha }: FullDesign): number {
  return normalQuantile(1 - alpha / 2)
}

function spreadOf(design: FullDesign): Spread {
  const { effect, isPaired, trafficSplit: share } = design
  if (effect.metric === 'auc') return aucSpread(effect, design)
  const { missRate, reduction, lossVariation, disagreement = missRate * reduction } = effect
  const losses = 1 + lossVariation ** 2
  if (isPaired) {
    const unit = (losses * disagreement) / (missRate * reduction) ** 2
    const { variance, excess } = selfNormalized((missRate * reduction) / disagreement, lossVariation ** 2)
    return { unit, byChance: 1, actual: variance, excess: excess / disagreement }
  }
  const actual = 1 / (1 - share) + (1 - reduction) / share
  // as `differenceInMeans` takes the larger of both
  const pooled = (1 - share * reduction) / (share * (1 - share))
  return { unit: losses / (missRate * reduction ** 2), byChance: Math.max(pooled, actual), actual }
}

/**
 * Of Z = Σ d / √Σ d², whose parts rise together where one model catches nearly all that the other does: its variance
 * 1 − s² (m₁ m₃ / m₂² − m₁² m₄ / 4 m₂³) and the excess of its mean, (3 m₄ / 8 m₂² − m₃ / 2 m₁ m₂) over the number of
 * disagreements, by the delta method; s is the net part of the disagreements, and the losses have a gamma distribution.
 */
function selfNormalized(nesting: number, squaredVariation: number): { variance: number; excess: number } {
  const c = squaredVariation
  const third = 1 + 2 * c
  const fourth = (third * (1 + 3 * c)) / (1 + c)
  const together = third / (1 + c) - fourth / (4 * (1 + c))
  return {
    variance: 1 - nesting ** 2 * Math.max(0, together),
    excess: Math.max(0, (3 / 8) * fourth - third / 2),
  }
}

function aucSpread(effect: Extract<PlannedEffect, { metric: 'auc' }>, design: FullDesign): Spread {
  const { champion, challenger, fraudRate, correlation = 0 } = effect
  const { isPaired, trafficSplit: share } = design
  const negativesPerPositive = (1 - fraudRate) / fraudRate
  const a = aucVariance({ auc: champion, negativesPerPositive })
  const b = aucVariance({ auc: challenger, negativesPerPositive })
  const paired = isPaired ? correlation : 0
  const [ofChampion, ofChallenger] = isPaired ? [1, 1] : [1 / (1 - share), 1 / share]
  return {
    unit: 1 / (challenger - champion) ** 2 / fraudRate,
    byChance: a * ofChampion + a * ofChallenger - 2 * paired * a,
    actual: a * ofChampion + b * ofChallenger - 2 * paired * Math.sqrt(a * b),
  }
}

function availableOf(design: FullDesign, samples: number): NonNullable<ExperimentNeeds['available']> {
  return {
    samples: Math.floor(samples),
    power: sequentialPower({ ...design, mean: Math.max(0, meanWith(design, samples)) }),
    detectable: detectableWith(design, requiredMean(design), samples),
  }
}

/** The least effect that these samples find, by halving. */
function detectableWith(design: FullDesign, mean: number, samples: number): number | null {
  const { effect } = design
  const at = (size: number): PlannedEffect =>
    effect.metric === 'cost'
      ? { ...effect, reduction: size, ...scaledDisagreement(effect, size) }
      : { ...effect, challenger: effect.champion + size }
  const most = effect.metric === 'cost' ? 1 : 1 - 1e-6 - effect.champion
  const isFound = (size: number): boolean => samplesFor({ ...design, effect: at(size) }, mean) <= samples
  if (!isFound(most)) return null
  let [low, high] = [0, most]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (isFound(middle)) high = middle
    else low = middle
  }
  return high
}

/** Where the disagreement was given, its ratio to the effect is kept. */
function scaledDisagreement(effect: Extract<PlannedEffect, { metric: 'cost' }>, reduction: number) {
  if (effect.disagreement === undefined) return {}
  return { disagreement: (effect.disagreement * reduction) / effect.reduction }
}

function reasonsOf(needs: Omit<ExperimentNeeds, 'reasons'>, maxDays: number): VerdictReason[] {
  const { planned_samples: samples, days, available, can_succeed, power } = needs
  const need: VerdictReason = {
    code: 'NEEDS',
    en: `The experiment needs ${samples} matured labelled decisions for a power of ${percent(power)}${days === null ? '' : `, which takes ${days} days`}.`,
    ko: `검정력 ${percent(power)}을(를) 얻으려면 라벨이 성숙한 결정 ${samples}건이 필요합니다${days === null ? '' : ` (${days}일)`}.`,
  }
  if (can_succeed || available === null) return [need]
  const { detectable } = available
  return [
    {
      code: 'CANNOT_SUCCEED',
      en: `It cannot succeed: ${maxDays} days bring ${available.samples} decisions, a power of ${percent(available.power)}.`,
      ko: `성공할 수 없습니다: ${maxDays}일 동안 결정은 ${available.samples}건이며 검정력은 ${percent(available.power)}입니다.`,
    },
    need,
    detectable === null
      ? {
          code: 'NOTHING_DETECTABLE',
          en: 'No improvement, however large, would be found with this traffic.',
          ko: '이 트래픽으로는 아무리 큰 개선도 찾을 수 없습니다.',
        }
      : {
          code: 'DETECTABLE',
          en: `The least improvement that this traffic finds is ${short(detectable)}.`,
          ko: `이 트래픽으로 찾을 수 있는 최소 개선은 ${short(detectable)}입니다.`,
        },
    ...(needs.is_paired
      ? []
      : [
          {
            code: 'TRY_SHADOW',
            en: 'Compare both models on the same decisions (shadow mode): it needs far fewer.',
            ko: '같은 결정에서 두 모델을 비교하십시오(섀도 모드). 훨씬 적은 데이터로 충분합니다.',
          },
        ]),
  ]
}

function checkPlan(design: FullDesign): void {
  const inside = (name: string, value: number): void =>
    check(name, value, 'a number between 0 and 1', value > 0 && value < 1)
  const { effect } = design
  for (const name of ['alpha', 'power'] as const) inside(name, design[name])
  if (!design.isPaired) inside('trafficSplit', design.trafficSplit)
  const isCount = Number.isSafeInteger(design.looks) && design.looks >= 1 && design.looks <= 100
  check('looks', design.looks, 'a whole number from 1 to 100', isCount)
  check('maxDays', design.maxDays, 'a positive number', design.maxDays > 0)
  const { decisionsPerDay = 1 } = design
  check('decisionsPerDay', decisionsPerDay, 'a positive number', decisionsPerDay > 0)
  if (effect.metric === 'cost') {
    inside('missRate', effect.missRate)
    check('reduction', effect.reduction, 'a number in (0, 1]', effect.reduction > 0 && effect.reduction <= 1)
    check('lossVariation', effect.lossVariation, 'a number of at least 0', effect.lossVariation >= 0)
    const least = effect.missRate * effect.reduction
    const { disagreement = least } = effect
    check(
      'disagreement',
      disagreement,
      `at least ${least}, at most 1`,
      disagreement >= least && disagreement <= 1,
    )
    return
  }
  for (const name of ['champion', 'challenger', 'fraudRate'] as const) inside(name, effect[name])
  check(
    'challenger',
    effect.challenger,
    'another AUC than the champion’s',
    effect.challenger !== effect.champion,
  )
  const { correlation = 0 } = effect
  check('correlation', correlation, 'a number in [0, 1)', correlation >= 0 && correlation < 1)
}
