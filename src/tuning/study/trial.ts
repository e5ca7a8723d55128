import { FdsError } from '../../errors.ts'
import {
  categoricalDistribution,
  contains,
  type Distribution,
  floatDistribution,
  intDistribution,
  isSingle,
  type Params,
  type ParamValue,
  rangeText,
} from './distribution.ts'
import type { TrialOperation } from './operation.ts'

export type TrialState = 'WAITING' | 'RUNNING' | 'COMPLETE' | 'PRUNED' | 'FAIL'

/** What is known of a trial. Plain data; frozen once the trial has ended. */
export interface FrozenTrial {
  readonly number: number
  readonly state: TrialState
  /** The objective; for a pruned trial its last report; null where there is none. */
  readonly value: number | null
  readonly params: Params
  readonly distributions: Readonly<Record<string, Distribution>>
  /** Reported values by step. */
  readonly intermediateValues: Readonly<Record<number, number>>
  readonly userAttrs: Readonly<Record<string, unknown>>
  /** Why it failed; null unless the state is FAIL. */
  readonly failure: string | null
  /** When it started and when it ended, in milliseconds since 1970; null where the study has no clock. */
  readonly datetimeStart: number | null
  readonly datetimeComplete: number | null
  /** Values that the caller set before it started. */
  readonly enqueued: Params
  /** Values that the sampler chose together; other trials count with them while it runs. */
  readonly planned: Params
}

/** The same fields while the trial runs. Written by this room alone. */
export interface TrialRecord extends FrozenTrial {
  state: TrialState
  value: number | null
  readonly params: Record<string, ParamValue>
  readonly distributions: Record<string, Distribution>
  readonly intermediateValues: Record<number, number>
  readonly userAttrs: Record<string, unknown>
  failure: string | null
  datetimeStart: number | null
  datetimeComplete: number | null
  planned: Params
}

/** A trial that waits and of which nothing is known. */
export function blankTrial(number: number): TrialRecord {
  return {
    number,
    state: 'WAITING',
    value: null,
    params: {},
    distributions: {},
    intermediateValues: {},
    userAttrs: {},
    failure: null,
    datetimeStart: null,
    datetimeComplete: null,
    enqueued: {},
    planned: {},
  }
}

/** What a running trial asks of its study. */
export interface TrialHost {
  /** Values that the sampler chooses together. */
  plan(record: FrozenTrial): Params
  sample(record: FrozenTrial, name: string, distribution: Distribution): ParamValue
  shouldPrune(record: FrozenTrial): boolean
  /** The distribution, as one object for all equal ones; DISTRIBUTION_CHANGED where the name stands for something else. */
  admit(name: string, distribution: Distribution): Distribution
  /** Told of each change of the trial, once it has been made. */
  changed(operation: TrialOperation): void
}

/** A running trial, as the objective sees it. Made by `study.optimize` and `study.ask`. */
export class Trial {
  readonly #record: TrialRecord
  readonly #host: TrialHost
  #isPlanned = false

  constructor(record: TrialRecord, host: TrialHost) {
    this.#record = record
    this.#host = host
  }

  /** 0 for the study's first trial. */
  get number(): number {
    return this.#record.number
  }

  /** The values suggested so far, by name. */
  get params(): Params {
    return { ...this.#record.params }
  }

  /** What `setUserAttr` has kept so far. */
  get userAttrs(): Readonly<Record<string, unknown>> {
    return { ...this.#record.userAttrs }
  }

  /**
   * A real number in [low, high]. With `log`, uniform in the logarithm at random; with `step`, on the grid from
   * `low`. The same name again in one trial gives the same value. DISTRIBUTION_INVALID, DISTRIBUTION_CHANGED.
   */
  suggestFloat(
    name: string,
    low: number,
    high: number,
    options: { log?: boolean; step?: number } = {},
  ): number {
    return this.#suggest(name, floatDistribution({ name, low, high, ...options })) as number
  }

  /** A whole number in [low, high], both included; see `suggestFloat`. */
  suggestInt(
    name: string,
    low: number,
    high: number,
    options: { log?: boolean; step?: number } = {},
  ): number {
    return this.#suggest(name, intDistribution({ name, low, high, ...options })) as number
  }

  /** One of the choices. */
  suggestCategorical<Choice extends ParamValue>(name: string, choices: readonly Choice[]): Choice {
    return this.#suggest(name, categoricalDistribution({ name, choices })) as Choice
  }

  /** Tells the pruner the objective's value at a step, 0 or later. A step counts once: later reports are ignored. */
  report(value: number, step: number): void {
    if (typeof value !== 'number') {
      throw new FdsError('PARAM_INVALID', { name: 'value', expected: 'a number', got: String(value) })
    }
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new FdsError('PARAM_INVALID', { name: 'step', expected: 'a whole number ≥ 0', got: String(step) })
    }
    const { number, intermediateValues } = this.#running()
    if (Object.hasOwn(intermediateValues, step)) return
    intermediateValues[step] = value
    this.#host.changed({ kind: 'report', number, step, value })
  }

  /** Whether the pruner gives the trial up; the objective then throws `TrialPruned`. */
  shouldPrune(): boolean {
    return this.#host.shouldPrune(this.#record)
  }

  /** Keeps any JSON value with the trial, until it ends. */
  setUserAttr(name: string, value: unknown): void {
    const { number, userAttrs } = this.#running()
    userAttrs[name] = value
    this.#host.changed({ kind: 'trialAttr', number, name, value })
  }

  #running(): TrialRecord {
    if (this.#record.state === 'RUNNING') return this.#record
    const reason = `Trial ${this.number} must be RUNNING, got ${this.#record.state}`
    throw new FdsError('STUDY_STATE_INVALID', { reason })
  }

  #suggest(name: string, distribution: Distribution): ParamValue {
    const { number, params, distributions } = this.#running()
    const admitted = this.#host.admit(name, distribution)
    if (Object.hasOwn(params, name)) return params[name]!
    const value = this.#choose(name, admitted)
    params[name] = value
    distributions[name] = admitted
    this.#host.changed({ kind: 'suggest', number, name, distribution: admitted, value })
    return value
  }

  /** In Optuna's order: enqueued, the only one, chosen together, chosen alone. */
  #choose(name: string, distribution: Distribution): ParamValue {
    if (Object.hasOwn(this.#record.enqueued, name)) return this.#enqueued(name, distribution)
    if (isSingle(distribution)) return onlyValue(distribution)
    const planned = this.#planned()
    const isPlanned = Object.hasOwn(planned, name) && contains(distribution, planned[name]!)
    return isPlanned ? planned[name]! : this.#host.sample(this.#record, name, distribution)
  }

  /** As late as possible, so that the sampler knows all that has ended, and draws nothing where all is enqueued. */
  #planned(): Params {
    if (this.#isPlanned) return this.#record.planned
    this.#isPlanned = true
    const { number } = this.#record
    const params = { ...this.#host.plan(this.#record) }
    this.#record.planned = params
    if (Object.keys(params).length > 0) this.#host.changed({ kind: 'plan', number, params })
    return params
  }

  #enqueued(name: string, distribution: Distribution): ParamValue {
    const value = this.#record.enqueued[name]!
    if (contains(distribution, value)) return value
    throw new FdsError('PARAM_INVALID', { name, expected: rangeText(distribution), got: String(value) })
  }
}

function onlyValue(distribution: Distribution): ParamValue {
  return distribution.kind === 'categorical' ? distribution.choices[0]! : distribution.low
}
