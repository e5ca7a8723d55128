import { setImmediate as nextTurn } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import type { BaseStudy } from './base-study.ts'
import { startProgressBar } from './progress-bar.ts'
import type { FrozenTrial, Trial } from './trial.ts'
import { TrialPruned } from './trial-pruned.ts'

/** What a study improves: from a trial's parameters to one number. NaN fails the trial. */
export type Objective = (trial: Trial) => number | Promise<number>

export interface OptimizeOptions<S = BaseStudy> {
  /** How many trials this call runs; without it until the time is up or `stop()`. */
  readonly nTrials?: number
  /**
   * How many trials the study comes to that did not fail, whoever runs them: the end of a study that is shared or
   * resumed. Trials that other workers still run are waited for, and replaced if they fail.
   */
  readonly totalTrials?: number
  /** No trial starts after this many seconds. */
  readonly timeout?: number
  /** How many trials run at once; 1 unless given. */
  readonly nJobs?: number
  /** Called after each trial, in the order of the ends, awaited. */
  readonly callbacks?: readonly ((study: S, trial: FrozenTrial) => void | Promise<void>)[]
  /** Classes of errors that fail the trial and let the study go on; `[Error]` for all. */
  readonly catch?: readonly (abstract new (
    ...args: never[]
  ) => unknown)[]
  /** Shows on a terminal how far the trials are and the best value so far. */
  readonly showProgressBar?: boolean
}

/** The loop behind `optimize`: `nJobs` lanes of trials until the count, the time, `isStopped` or an error ends them. */
export async function runTrials<S extends BaseStudy>(
  study: S,
  objective: Objective,
  { options, isStopped }: { options: OptimizeOptions<S>; isStopped: () => boolean },
): Promise<void> {
  const { totalTrials = Number.POSITIVE_INFINITY, callbacks = [], catch: caught = [] } = options
  const budget = checkedOptions(options)
  const timer = options.timeout === undefined ? null : AbortSignal.timeout(options.timeout * 1000)
  const bar = options.showProgressBar ? startProgressBar(study, options.nTrials) : null
  let hasFailed = false

  const lane = async (): Promise<void> => {
    while (!hasFailed && !isStopped() && budget.left > 0) {
      // lets timers, signals and heartbeats through, which an objective without a pause would starve
      await nextTurn()
      if (timer?.aborted || budget.left <= 0) return
      budget.left -= 1
      const trial = await study.askWithin(totalTrials)
      if (trial === null) {
        budget.left += 1
        if (!(await study.untilOthersMove())) return
        continue
      }
      const ended = await runTrial(study, objective, { trial, caught })
      bar?.update(ended)
      for (const callback of callbacks) await callback(study, ended)
      if (study.sampler.isExhausted?.({ study })) return
    }
  }
  try {
    const lanes = Array.from({ length: budget.jobs }, () =>
      lane().catch((error: unknown) => {
        hasFailed = true
        throw error
      }),
    )
    const outcomes = await Promise.allSettled(lanes)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
  } finally {
    bar?.stop()
  }
}

/** A trial that another has ended meanwhile, as its worker was taken for dead, stays as it is. */
async function runTrial(
  study: BaseStudy,
  objective: Objective,
  { trial, caught }: { trial: Trial; caught: NonNullable<OptimizeOptions['catch']> },
): Promise<FrozenTrial> {
  let value: number
  try {
    value = await objective(trial)
  } catch (error) {
    const failure = String(error)
    const end =
      error instanceof TrialPruned ? ({ state: 'PRUNED' } as const) : ({ state: 'FAIL', failure } as const)
    const ended = await study.tell(trial, null, { ...end, skipIfFinished: true })
    const isExpected = ended.failure !== failure || caught.some((type) => error instanceof type)
    if (isExpected) return ended
    throw error
  }
  return study.tell(trial, value, { skipIfFinished: true })
}

function checkedOptions(options: OptimizeOptions<never>): { left: number; jobs: number } {
  const { nTrials = Number.POSITIVE_INFINITY, totalTrials = nTrials, timeout = 0, nJobs = 1 } = options
  const must = (holds: boolean, name: string, expected: string, got: unknown) => {
    if (!holds) throw new FdsError('PARAM_INVALID', { name, expected, got: String(got) })
  }
  must(nTrials >= 0, 'nTrials', '0 or more', nTrials)
  must(totalTrials >= 0, 'totalTrials', '0 or more', totalTrials)
  must(timeout >= 0 && timeout < MAX_SECONDS, 'timeout', `seconds from 0 to ${MAX_SECONDS}`, timeout)
  must(Number.isSafeInteger(nJobs) && nJobs >= 1, 'nJobs', 'a whole number ≥ 1', nJobs)
  return { left: nTrials, jobs: nJobs }
}

/** What a timer can wait for. */
const MAX_SECONDS = 2_147_483
