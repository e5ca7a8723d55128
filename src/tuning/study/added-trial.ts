import { FdsError } from '../../errors.ts'
import { contains } from './distribution.ts'
import type { FrozenTrial, TrialRecord } from './trial.ts'

/** A trial that ran elsewhere: what it tried and what came of it. COMPLETE unless it says otherwise. */
export type AddedTrial = Pick<FrozenTrial, 'params' | 'distributions'> &
  Partial<
    Pick<
      FrozenTrial,
      'value' | 'intermediateValues' | 'userAttrs' | 'failure' | 'datetimeStart' | 'datetimeComplete'
    >
  > & {
    readonly state?: 'COMPLETE' | 'PRUNED' | 'FAIL'
  }

/** Checks the trial and copies what a study keeps of it. STUDY_STATE_INVALID. */
export function recordOfAdded(trial: AddedTrial): Partial<TrialRecord> {
  const { state = 'COMPLETE', value = null, params, distributions } = trial
  if (state === 'COMPLETE' && (value === null || Number.isNaN(value))) {
    refuse(`A COMPLETE trial must have a value, got ${value}`)
  }
  for (const name of new Set([...Object.keys(params), ...Object.keys(distributions)])) {
    const distribution = distributions[name]
    const fits = distribution && Object.hasOwn(params, name) && contains(distribution, params[name]!)
    if (!fits) refuse(`Parameter "${name}" must have a distribution that contains it, got ${params[name]}`)
  }
  return {
    state,
    value,
    params: { ...params },
    distributions: { ...distributions },
    intermediateValues: { ...trial.intermediateValues },
    userAttrs: { ...trial.userAttrs },
    failure: trial.failure ?? null,
    datetimeStart: trial.datetimeStart ?? null,
    datetimeComplete: trial.datetimeComplete ?? null,
  }
}

function refuse(reason: string): never {
  throw new FdsError('STUDY_STATE_INVALID', { reason })
}
