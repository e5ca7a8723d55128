import type { NoAnswer, NoAnswerReason } from '../../math/index.ts'
import type { ArmEvidence } from './experiment-evidence.ts'
import type { ExperimentPlan, GuardrailMargins } from './experiment-plan.ts'

/**
 * A look at an experiment as it is stored, in order. A look spends error only where `z` is not null; a later look
 * never changes it. Times are seconds since 1970 UTC.
 */
export interface ExperimentLook {
  readonly time: number
  /** Decisions of both arms so far, labelled or not. */
  readonly decisions: number
  /** Matured labelled decisions over planned ones, at most 1. */
  readonly information: number
  /** Challenger less champion over its standard error; null where the look asked only the guardrails. */
  readonly z: number | null
  /** |z| from here on is a verdict. */
  readonly bound: number | null
  /** Challenger less champion, in units of cost; negative: the challenger is cheaper. */
  readonly difference: number | null
  readonly standard_error: number | null
  /** The 1 − alpha confidence sequence of the difference, valid at all looks together. */
  readonly confidence_sequence: readonly [low: number, high: number] | null
  /** Of the sequential sample-ratio test, the least so far. */
  readonly sample_ratio_p: number
  /** Guardrails that were over their margin at this look. */
  readonly alarms: readonly GuardrailName[]
}

export type GuardrailName = keyof GuardrailMargins

export const EXPERIMENT_STATUSES = [
  'collecting',
  'challenger_wins',
  'champion_wins',
  'no_difference',
  /** The arms did not get their shares: the comparison is void. */
  'sample_ratio_mismatch',
  /** Too many entities met both models: the comparison is void. */
  'multiple_exposures',
] as const
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number]

export type Recommendation = 'promote' | 'rollback' | 'continue' | 'stop'

/** A plain reason, in both languages; `code` is for machines. */
export interface VerdictReason {
  readonly code: string
  readonly en: string
  readonly ko: string
}

/** A difference, challenger less champion. */
export interface DifferenceSummary {
  readonly champion: number
  readonly challenger: number
  readonly difference: number
  readonly standard_error: number
  /** For one look at a time fixed before. */
  readonly p_value: number
  readonly ci: readonly [low: number, high: number]
}

export interface GuardrailSummary {
  readonly name: GuardrailName
  readonly margin: number
  /** Challenger less champion; the index itself for `score_psi`. */
  readonly value: number | null
  /** The value is at least this, at all looks together; null where there is too little to say. */
  readonly lower_bound: number | null
  readonly alarm: boolean
  /** Time of the first look with this alarm; null: never, or just now. */
  readonly first_alarm: number | null
}

export interface VerdictArm
  extends Pick<
    ArmEvidence,
    'decisions' | 'entities' | 'labelled' | 'unlabelled' | 'immature' | 'frauds' | 'missed'
  > {
  readonly false_alarms: number
  readonly cost_per_entity: number | null
  /** Without the loss cap. */
  readonly raw_cost_per_entity: number | null
  readonly auc: number | NoAnswer
}

/** What the specification's t-test on scores would say, with how often it errs. */
export interface NaiveVerdict {
  readonly status: 'collecting' | 'challenger_wins' | 'champion_wins' | 'no_difference'
  readonly p_value: number | null
  readonly reason?: NoAnswerReason
  /** Chance of a false verdict on equal models when looked at this often, each time at 5 %. */
  readonly false_alarm_rate: number
  readonly looks: number
  /** The sound verdict's, over all looks. */
  readonly sound_false_alarm_rate: number
}

/** What an experiment says; valid however often it is looked at. */
export interface ExperimentVerdict {
  readonly status: ExperimentStatus
  /** Over all looks so far, never rising; null where there is no answer. */
  readonly p_value: number | null
  /** Labelled decisions of the smaller arm (of the pairs, for `paired_cost`), and how many it must have. */
  readonly samples: number
  readonly required: number
  /** The verdict will not change: a bound was crossed, the plan is fulfilled, or the comparison is void. */
  readonly final: boolean
  /** Why there is no p-value. */
  readonly reason?: NoAnswerReason
  readonly recommendation: Recommendation
  readonly reasons: readonly VerdictReason[]
  readonly primary: ExperimentPlan['primary']
  readonly information: {
    readonly fraction: number
    readonly labelled: number
    readonly planned: number
    readonly looks: number
  }
  /** Of the primary measure at the look that decided, or the last one; `ci` is repeated: valid at all looks together. */
  readonly effect: {
    /** Information fraction of that look. */
    readonly information: number
    readonly difference: number
    readonly standard_error: number
    readonly ci: readonly [low: number, high: number]
    readonly z: number
    readonly bound: number
  } | null
  readonly sample_ratio: {
    readonly expected: readonly [champion: number, challenger: number]
    readonly observed: readonly [champion: number, challenger: number]
    readonly p_value: number | null
    /** Holds when looked at every day; the comparison is void from 0.001 down. */
    readonly sequential_p_value: number
    readonly is_void: boolean
  } | null
  readonly multiple_exposures: {
    readonly entities: number
    readonly share: number
    readonly is_void: boolean
  }
  readonly cost_per_entity: DifferenceSummary | NoAnswer
  readonly cost_per_transaction: DifferenceSummary | NoAnswer
  /** Cost per entity adjusted by the champion's scores. */
  readonly cost_adjusted: (DifferenceSummary & { readonly theta: number }) | NoAnswer
  /** Both models on the same transactions. */
  readonly paired_cost:
    | (DifferenceSummary & { readonly pairs: number; readonly raw_difference: number })
    | NoAnswer
  readonly mcnemar:
    | {
        /** Frauds that only the champion, or only the challenger, caught. */
        readonly champion_only: number
        readonly challenger_only: number
        readonly p_value: number
      }
    | NoAnswer
  readonly delong:
    | {
        readonly champion: number
        readonly challenger: number
        readonly difference: number
        readonly p_value: number
        readonly ci: readonly [low: number, high: number]
      }
    | NoAnswer
  readonly guardrails: readonly GuardrailSummary[]
  readonly champion: VerdictArm
  readonly challenger: VerdictArm
  readonly label_horizon_seconds: number | null
  /** Rows left out because they cannot be: a score that is no number, a latency below 0. */
  readonly invalid: number
  readonly planner: {
    /** The least difference, in units of cost, that the plan finds with its power, by the spread seen so far. */
    readonly detectable_difference: number
    readonly power: number
  } | null
  readonly naive: NaiveVerdict
}
