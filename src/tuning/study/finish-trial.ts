import { FdsError } from '../../errors.ts'
import { lastStepOf } from '../pruners/pruner.ts'
import type { FrozenTrial, TrialRecord } from './trial.ts'

export type EndState = 'COMPLETE' | 'PRUNED' | 'FAIL'

/** How a caller tells of a trial's end, beside its value. */
export interface EndOptions {
  readonly state?: EndState
  /** Why it failed, in words. */
  readonly failure?: string
  /** Leaves a trial as it is that has ended already, instead of an error. */
  readonly skipIfFinished?: boolean
}

/** What a caller tells of a trial's end. */
export interface Told extends EndOptions {
  readonly value: number | null
}

/** The value and what was said with it, checked; a value that is no number is told as its failure. */
export function toldOf(value: number | null | undefined, options: EndOptions): Told {
  if (typeof value === 'number') return { value, ...options }
  const failure = options.state === undefined ? { failure: failureOf(value) } : {}
  return { value: null, ...failure, ...options }
}

/**
 * Ends a trial and freezes it, by Optuna's rules: without a state it is COMPLETE, or FAIL where the value is NaN
 * or missing; a PRUNED trial keeps its last report unless that is NaN. STUDY_STATE_INVALID for a trial that does
 * not run and for a value that does not fit the state.
 */
export function finishTrial(record: TrialRecord, told: Told, time: number | null): FrozenTrial {
  if (told.skipIfFinished && END_STATES.has(record.state)) return record
  if (record.state !== 'RUNNING') refuse(`Trial ${record.number} must be RUNNING, got ${record.state}`)
  return freezeTrial(Object.assign(record, endOf(record, told), { datetimeComplete: time }))
}

/** Makes the trial and what it holds unchangeable; its planned values have no further use. */
export function freezeTrial(record: TrialRecord): FrozenTrial {
  record.planned = {}
  for (const part of Object.values(record)) if (typeof part === 'object') Object.freeze(part)
  return Object.freeze(record)
}

const END_STATES: ReadonlySet<string> = new Set(['COMPLETE', 'PRUNED', 'FAIL'])

function endOf(
  record: TrialRecord,
  { value, state, failure }: Told,
): Pick<TrialRecord, 'state' | 'value' | 'failure'> {
  if (state === 'PRUNED' || state === 'FAIL') {
    if (value !== null) refuse(`A ${state} trial must have no value, got ${value}`)
    if (state === 'PRUNED') return { state, value: lastReportOf(record), failure: null }
    return { state, value: null, failure: failure ?? 'Told without a reason' }
  }
  if (value !== null && !Number.isNaN(value)) return { state: 'COMPLETE', value, failure: null }
  if (state === 'COMPLETE') refuse(failureOf(value))
  return { state: 'FAIL', value: null, failure: failure ?? failureOf(value) }
}

function failureOf(value: number | null | undefined): string {
  return `The objective must give a number, got ${value}`
}

function lastReportOf(record: FrozenTrial): number | null {
  const step = lastStepOf(record)
  const value = step === undefined ? Number.NaN : record.intermediateValues[step]!
  return Number.isNaN(value) ? null : value
}

function refuse(reason: string): never {
  throw new FdsError('STUDY_STATE_INVALID', { reason })
}
