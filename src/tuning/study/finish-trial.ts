import { FdsError } from '../../errors.ts'
import { lastStepOf } from '../pruners/pruner.ts'
import type { FrozenTrial, TrialRecord } from './trial.ts'

export type EndState = 'COMPLETE' | 'PRUNED' | 'FAIL'

/** What a caller tells of a trial's end. */
export interface Told {
  readonly value: number | null | undefined
  readonly state?: EndState | undefined
  /** Why it failed, in words. */
  readonly failure?: string | undefined
}

/**
 * Ends a trial and freezes it, by Optuna's rules: without a state it is COMPLETE, or FAIL where the value is NaN
 * or missing; a PRUNED trial keeps its last report unless that is NaN. STUDY_STATE_INVALID for a trial that does
 * not run and for a value that does not fit the state.
 */
export function finishTrial(record: TrialRecord, told: Told): FrozenTrial {
  if (record.state !== 'RUNNING') refuse(`Trial ${record.number} must be RUNNING, got ${record.state}`)
  if (told.state === 'PRUNED' || told.state === 'FAIL') {
    if (typeof told.value === 'number') refuse(`A ${told.state} trial must have no value, got ${told.value}`)
    const value = told.state === 'PRUNED' ? lastReportOf(record) : null
    const failure = told.state === 'FAIL' ? (told.failure ?? 'Told without a reason') : null
    return freezeTrial(Object.assign(record, { state: told.state, value, failure }))
  }
  const isValue = typeof told.value === 'number' && !Number.isNaN(told.value)
  if (isValue) return freezeTrial(Object.assign(record, { state: 'COMPLETE', value: told.value }))
  const failure = `The objective must give a number, got ${told.value}`
  if (told.state === 'COMPLETE') refuse(failure)
  return freezeTrial(Object.assign(record, { state: 'FAIL', failure }))
}

/** Makes the trial and what it holds unchangeable; its planned values have no further use. */
export function freezeTrial(record: TrialRecord): FrozenTrial {
  record.planned = {}
  for (const part of Object.values(record)) if (typeof part === 'object') Object.freeze(part)
  return Object.freeze(record)
}

function lastReportOf(record: FrozenTrial): number | null {
  const step = lastStepOf(record)
  const value = step === undefined ? Number.NaN : record.intermediateValues[step]!
  return Number.isNaN(value) ? null : value
}

function refuse(reason: string): never {
  throw new FdsError('STUDY_STATE_INVALID', { reason })
}
