import { FdsError } from '../../errors.ts'
import type { Study } from './study.ts'
import type { FrozenTrial, Trial } from './trial.ts'
import { TrialPruned } from './trial-pruned.ts'

/** What a study improves: from a trial's parameters to one number. NaN fails the trial. */
export type Objective = (trial: Trial) => number | Promise<number>

export interface OptimizeOptions {
  /** How many trials to run; without it until the time is up or `stop()`. */
  readonly nTrials?: number
  /** No trial starts after this many milliseconds; needs `now`. */
  readonly timeoutMs?: number
  /** The clock, in milliseconds. */
  readonly now?: () => number
  /** Called after each trial, in order, awaited. */
  readonly callbacks?: readonly ((study: Study, trial: FrozenTrial) => void | Promise<void>)[]
  /** Classes of errors that fail the trial and let the study go on; `[Error]` for all. */
  readonly catch?: readonly (abstract new (
    ...args: never[]
  ) => unknown)[]
}

/** The loop behind `Study.optimize`: trials one after another until the count, the time or `isStopped` ends it. */
export async function runTrials(input: {
  readonly study: Study
  readonly objective: Objective
  readonly options: OptimizeOptions
  readonly isStopped: () => boolean
}): Promise<void> {
  const { study, objective, options, isStopped } = input
  const limit = trialLimitOf(options)
  const hasTime = timeLimitOf(options)
  for (let run = 0; run < limit && !isStopped() && hasTime(); run++) {
    const trial = await runTrial(study, objective, options.catch ?? [])
    for (const callback of options.callbacks ?? []) await callback(study, trial)
  }
}

async function runTrial(
  study: Study,
  objective: Objective,
  caught: NonNullable<OptimizeOptions['catch']>,
): Promise<FrozenTrial> {
  const trial = study.ask()
  try {
    return study.tell(trial, await objective(trial))
  } catch (error) {
    if (error instanceof TrialPruned) return study.tell(trial, null, { state: 'PRUNED' })
    const failed = study.tell(trial, null, { state: 'FAIL', failure: String(error) })
    if (caught.some((type) => error instanceof type)) return failed
    throw error
  }
}

function trialLimitOf({ nTrials = Number.POSITIVE_INFINITY }: OptimizeOptions): number {
  if (nTrials >= 0) return nTrials
  throw new FdsError('PARAM_INVALID', { name: 'nTrials', expected: '0 or more', got: String(nTrials) })
}

function timeLimitOf({ timeoutMs, now }: OptimizeOptions): () => boolean {
  if (timeoutMs === undefined) return () => true
  if (!(timeoutMs >= 0) || !now) {
    const expected = '0 or more, with a clock as `now`'
    throw new FdsError('PARAM_INVALID', { name: 'timeoutMs', expected, got: String(timeoutMs) })
  }
  const end = now() + timeoutMs
  return () => now() < end
}
