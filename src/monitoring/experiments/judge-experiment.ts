import { isNoAnswer, type NoAnswer, type NoAnswerReason, normalQuantile } from '../../math/index.ts'
import { confidenceSequence } from './confidence-sequence.ts'
import type { Difference } from './difference-in-means.ts'
import type { ExperimentEvidence } from './experiment-evidence.ts'
import type { ExperimentPlan } from './experiment-plan.ts'
import type {
  ExperimentLook,
  ExperimentStatus,
  ExperimentVerdict,
  GuardrailSummary,
  Recommendation,
} from './experiment-verdict.ts'
import { judgeGuardrails } from './guardrails.ts'
import { naiveVerdict } from './naive-verdict.ts'
import { primaryEffect } from './primary-effect.ts'
import { sampleRatioMismatch, sequentialSampleRatio } from './sample-ratio.ts'
import { LOOK_STEP, sequentialBounds, sequentialPValue } from './sequential-bound.ts'
import { verdictParts } from './verdict-parts.ts'
import { verdictReasons } from './verdict-words.ts'

/** The comparison is void from this sequential p-value down. */
const SAMPLE_RATIO_VOID = 0.001

/** The comparison is void from this share of entities that met both arms up. */
const EXPOSURES_VOID = 0.01

/** A look that has asked for a verdict. */
type EfficacyLook = ExperimentLook & { readonly z: number; readonly bound: number }

/**
 * The verdict on an experiment that holds however often it is asked. Until each arm has the plan's labelled decisions
 * it is `collecting`; from then on each new hundredth of the plan is a look at group-sequential bounds (information
 * fraction: matured labelled decisions over planned ones), and a bound once crossed stays crossed. Arms that did not
 * get their shares, or too many entities that met both, void it. Guardrails are one-sided confidence sequences.
 *
 * `earlierLooks` are the looks stored so far, in order; `look` is the one to store now, null where none is due, so
 * asking often spends nothing. What has no answer is a value with a reason. Pure. Cost O(1) and, once a process, the
 * bounds of the looks so far.
 *
 * @example
 * const evidence = gatherEvidence({ plan: experimentPlan(), outcomes: [], now: 0 })
 * judgeExperiment({ plan: experimentPlan(), evidence, earlierLooks: [] }).verdict.status // 'collecting'
 */
export function judgeExperiment(input: {
  readonly plan: ExperimentPlan
  readonly evidence: ExperimentEvidence
  readonly earlierLooks: readonly ExperimentLook[]
}): { readonly verdict: ExperimentVerdict; readonly look: ExperimentLook | null } {
  const { plan, evidence, earlierLooks } = input
  const progress = progressOf(plan, evidence)
  const effect = primaryEffect(plan, evidence)
  const due = dueOf({ plan, earlierLooks, progress, effect })
  const guardrails = judgeGuardrails({ plan, evidence, earlierLooks, isLook: due !== 'none' })
  const ratio = sampleRatioOf(input)
  const look = due === 'none' ? null : makeLook({ ...input, progress, effect, due, guardrails, ratio })
  const looks = (look ? [...earlierLooks, look] : earlierLooks).filter(isEfficacy)
  const exposures = exposuresOf(evidence)
  const found = statusOf({ plan, progress, looks, effect, isRatioVoid: ratio?.is_void === true, exposures })
  const last = found.crossed ?? looks.at(-1)
  const verdict: Omit<ExperimentVerdict, 'reasons'> = {
    status: found.status,
    p_value: pValueOf(plan, looks),
    samples: progress.samples,
    required: plan.minSamples,
    final: found.final,
    ...(found.reason === undefined ? {} : { reason: found.reason }),
    recommendation: recommend({ status: found.status, final: found.final, guardrails }),
    primary: plan.primary,
    information: {
      fraction: progress.fraction,
      labelled: progress.labelled,
      planned: plan.plannedSamples,
      looks: looks.length,
    },
    effect: last ? effectOf(last) : null,
    sample_ratio: ratio,
    multiple_exposures: exposures,
    ...verdictParts(evidence),
    guardrails,
    label_horizon_seconds: plan.labelHorizonSeconds,
    planner: detectable({ plan, effect, fraction: progress.fraction }),
    naive: naiveVerdict({ plan, evidence, looks: Math.max(1, looks.length) }),
  }
  return { verdict: { ...verdict, reasons: verdictReasons(verdict) }, look }
}

interface Progress {
  /** Labelled decisions of the smaller arm, or pairs. */
  readonly samples: number
  readonly labelled: number
  readonly decisions: number
  readonly fraction: number
}

function progressOf(plan: ExperimentPlan, { champion, challenger, paired }: ExperimentEvidence): Progress {
  const isPaired = plan.primary === 'paired_cost'
  const labelled = isPaired ? paired.pairs : champion.labelled + challenger.labelled
  return {
    samples: isPaired ? labelled : Math.min(champion.labelled, challenger.labelled),
    labelled,
    decisions: champion.decisions + challenger.decisions,
    fraction: Math.min(1, labelled / plan.plannedSamples),
  }
}

type Due = 'efficacy' | 'guardrails' | 'none'

/** A look asks for a verdict where enough new labels came, and only the guardrails where enough decisions did. */
function dueOf(input: {
  readonly plan: ExperimentPlan
  readonly earlierLooks: readonly ExperimentLook[]
  readonly progress: Progress
  readonly effect: Difference | NoAnswer
}): Due {
  const { plan, earlierLooks, progress, effect } = input
  const asked = earlierLooks.filter(isEfficacy)
  if (asked.some(isCrossed)) return 'none'
  const before = asked.at(-1)?.information ?? 0
  const isEnough = progress.samples >= plan.minSamples && !isNoAnswer(effect)
  const t = progress.fraction
  // nothing between 1 − LOOK_STEP and 1, so that the last look has its distance too
  const step = LOOK_STEP - 1e-9
  if (isEnough && t - before >= step && (t === 1 || t <= 1 - step)) return 'efficacy'
  if (before === 1) return 'none'
  const seen = earlierLooks.at(-1)?.decisions ?? 0
  return progress.decisions - seen >= LOOK_STEP * plan.plannedSamples ? 'guardrails' : 'none'
}

function makeLook(input: {
  readonly plan: ExperimentPlan
  readonly evidence: ExperimentEvidence
  readonly earlierLooks: readonly ExperimentLook[]
  readonly progress: Progress
  readonly effect: Difference | NoAnswer
  readonly due: Due
  readonly guardrails: readonly GuardrailSummary[]
  readonly ratio: ExperimentVerdict['sample_ratio']
}): ExperimentLook {
  const { plan, evidence, earlierLooks, progress, effect, due, guardrails, ratio } = input
  const common = {
    time: evidence.now,
    decisions: progress.decisions,
    information: progress.fraction,
    sample_ratio_p: ratio?.sequential_p_value ?? 1,
    alarms: guardrails.filter(({ alarm }) => alarm).map(({ name }) => name),
  }
  if (due !== 'efficacy' || isNoAnswer(effect)) {
    return {
      ...common,
      z: null,
      bound: null,
      difference: null,
      standard_error: null,
      confidence_sequence: null,
    }
  }
  const information = [...earlierLooks.filter(isEfficacy).map((look) => look.information), progress.fraction]
  const bounds = sequentialBounds({ information, alpha: plan.alpha, spending: plan.spending })
  const { difference, standardError } = effect
  const { plannedSamples: plannedN, alpha } = plan
  const sequence = confidenceSequence({ difference, standardError, n: progress.labelled, plannedN, alpha })
  return {
    ...common,
    z: difference / standardError,
    bound: bounds[information.length - 1]!,
    difference,
    standard_error: standardError,
    confidence_sequence: isNoAnswer(sequence) ? null : [sequence.low, sequence.high],
  }
}

function sampleRatioOf(input: {
  readonly plan: ExperimentPlan
  readonly evidence: ExperimentEvidence
  readonly earlierLooks: readonly ExperimentLook[]
}): ExperimentVerdict['sample_ratio'] {
  const { plan, evidence, earlierLooks } = input
  const { trafficSplit } = plan
  if (trafficSplit === 0 || trafficSplit === 1) return null
  const observed = [evidence.champion.entities, evidence.challenger.entities] as const
  const expected = [1 - trafficSplit, trafficSplit] as const
  const fixed = sampleRatioMismatch({ observed, weights: expected })
  const { pValue } = sequentialSampleRatio({ observed, weights: expected })
  const sequential = Math.min(pValue, earlierLooks.at(-1)?.sample_ratio_p ?? 1)
  return {
    expected,
    observed,
    p_value: isNoAnswer(fixed) ? null : fixed.pValue,
    sequential_p_value: sequential,
    is_void: sequential <= SAMPLE_RATIO_VOID,
  }
}

function exposuresOf({ champion, challenger, entitiesInBoth }: ExperimentEvidence) {
  const entities = champion.entities + challenger.entities
  const share = entities === 0 ? 0 : entitiesInBoth / entities
  return { entities: entitiesInBoth, share, is_void: share > EXPOSURES_VOID }
}

interface Found {
  readonly status: ExperimentStatus
  readonly final: boolean
  readonly crossed?: EfficacyLook
  readonly reason?: NoAnswerReason
}

function statusOf(input: {
  readonly plan: ExperimentPlan
  readonly progress: Progress
  readonly looks: readonly EfficacyLook[]
  readonly effect: Difference | NoAnswer
  readonly isRatioVoid: boolean
  readonly exposures: ExperimentVerdict['multiple_exposures']
}): Found {
  const { plan, progress, looks, effect, isRatioVoid, exposures } = input
  if (isRatioVoid) return { status: 'sample_ratio_mismatch', final: true }
  if (exposures.is_void && progress.samples >= plan.minSamples)
    return { status: 'multiple_exposures', final: true }
  const crossed = looks.find(isCrossed)
  if (crossed) {
    return { status: crossed.z < 0 ? 'challenger_wins' : 'champion_wins', final: true, crossed }
  }
  if (progress.samples < plan.minSamples) return { status: 'collecting', final: false }
  const final = progress.fraction === 1
  if (isNoAnswer(effect)) return { status: 'no_difference', final, reason: effect.reason }
  return { status: 'no_difference', final }
}

/** Of the looks, by the bounds that they were taken with where alpha is concerned. */
function pValueOf(plan: ExperimentPlan, looks: readonly EfficacyLook[]): number | null {
  if (looks.length === 0) return null
  const { alpha, spending } = plan
  const information = looks.map((look) => look.information)
  return sequentialPValue({ information, z: looks.map(({ z }) => z), alpha, spending })
}

function recommend(input: {
  readonly status: ExperimentStatus
  readonly final: boolean
  readonly guardrails: readonly GuardrailSummary[]
}): Recommendation {
  const { status, final, guardrails } = input
  if (status === 'champion_wins' || guardrails.some(({ alarm }) => alarm)) return 'rollback'
  if (status === 'challenger_wins') return 'promote'
  return final ? 'stop' : 'continue'
}

function effectOf({
  information,
  difference,
  standard_error,
  z,
  bound,
}: EfficacyLook): ExperimentVerdict['effect'] {
  const reach = bound * standard_error!
  return {
    information,
    difference: difference!,
    standard_error: standard_error!,
    ci: [difference! - reach, difference! + reach],
    z,
    bound,
  }
}

function detectable(input: {
  readonly plan: ExperimentPlan
  readonly effect: Difference | NoAnswer
  readonly fraction: number
}): ExperimentVerdict['planner'] {
  const { plan, effect, fraction } = input
  if (isNoAnswer(effect)) return null
  const z = normalQuantile(1 - plan.alpha / 2) + normalQuantile(plan.power)
  const detectable_difference = z * effect.standardError * Math.sqrt(fraction)
  return { detectable_difference, power: plan.power }
}

function isEfficacy(look: ExperimentLook): look is EfficacyLook {
  return look.z !== null && look.bound !== null
}

function isCrossed({ z, bound }: EfficacyLook): boolean {
  return Math.abs(z) >= bound
}
