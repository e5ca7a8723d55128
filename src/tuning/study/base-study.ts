import { FdsError } from '../../errors.ts'
import type { Pruner } from '../pruners/pruner.ts'
import type { Direction, Sampler, StudyView } from '../samplers/sampler.ts'
import type { Params } from './distribution.ts'
import type { EndOptions } from './finish-trial.ts'
import { type Objective, type OptimizeOptions, runTrials } from './optimize.ts'
import type { StudyState } from './study-state.ts'
import type { FrozenTrial, Trial } from './trial.ts'

type Awaitable<T> = T | Promise<T>

/** What a study in memory and a stored one have in common: the view, the best trial, the loop. */
export abstract class BaseStudy implements StudyView {
  readonly sampler: Sampler
  readonly pruner: Pruner
  protected readonly state: StudyState
  #running = 0
  #stopped = false

  constructor(given: {
    readonly state: StudyState
    readonly sampler: Sampler
    readonly pruner: Pruner
  }) {
    this.state = given.state
    this.sampler = given.sampler
    this.pruner = given.pruner
  }

  get direction(): Direction {
    return this.state.direction
  }

  get studyName(): string {
    return this.state.studyName
  }

  /** Every trial, in the order of the numbers, those that wait or run included. One array while the study lives. */
  get trials(): readonly FrozenTrial[] {
    return this.state.trials
  }

  get userAttrs(): Readonly<Record<string, unknown>> {
    return this.state.userAttrs
  }

  /** The completed trial with the best value, the first of equals. STUDY_EMPTY where none is complete. */
  get bestTrial(): FrozenTrial {
    const sign = this.direction === 'minimize' ? 1 : -1
    let best: FrozenTrial | undefined
    for (const trial of this.trials) {
      if (trial.state !== 'COMPLETE') continue
      if (best === undefined || sign * trial.value! < sign * best.value!) best = trial
    }
    if (best === undefined) throw new FdsError('STUDY_EMPTY', { trials: this.trials.length })
    return best
  }

  get bestValue(): number {
    return this.bestTrial.value!
  }

  get bestParams(): Params {
    return this.bestTrial.params
  }

  /**
   * Runs trials: asks for values, awaits the objective, tells the result; `nJobs` at once, which speeds up
   * objectives that wait for other threads or machines. `TrialPruned` prunes the trial; NaN fails it and the study
   * goes on; any other error fails it and is thrown again once the trials under way have ended, unless `catch`
   * names its class. PARAM_INVALID for counts and times that are none.
   */
  async optimize(objective: Objective, options: OptimizeOptions<this> = {}): Promise<void> {
    this.#stopped = false
    this.#running += 1
    try {
      await runTrials(this, objective, { options, isStopped: () => this.#stopped })
    } finally {
      this.#running -= 1
    }
  }

  /** Starts no further trial. Only from an objective or a callback of `optimize`; STUDY_STATE_INVALID elsewhere. */
  stop(): void {
    if (this.#running === 0) {
      const reason = '`stop` must be called inside an objective or a callback of `optimize`'
      throw new FdsError('STUDY_STATE_INVALID', { reason })
    }
    this.#stopped = true
  }

  /** Starts a trial unless `limit` trials have started that did not fail. */
  abstract askWithin(limit: number): Awaitable<Trial | null>
  /** Waits a moment for the trials that other workers run; false where none does. */
  abstract untilOthersMove(): Awaitable<boolean>
  abstract tell(trial: Trial | number, value?: number | null, options?: EndOptions): Awaitable<FrozenTrial>
}
