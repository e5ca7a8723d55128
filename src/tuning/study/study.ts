import { FdsError } from '../../errors.ts'
import { MedianPruner } from '../pruners/median-pruner.ts'
import type { Pruner } from '../pruners/pruner.ts'
import type { Direction, Sampler } from '../samplers/sampler.ts'
import { TPESampler } from '../samplers/tpe-sampler.ts'
import type { AddedTrial } from './added-trial.ts'
import { BaseStudy } from './base-study.ts'
import type { Params } from './distribution.ts'
import { type EndOptions, toldOf } from './finish-trial.ts'
import { createStoredStudy, type StoredStudy, type StoredStudyOptions } from './stored-study.ts'
import { StudyState } from './study-state.ts'
import { type FrozenTrial, Trial } from './trial.ts'

export interface StudyOptions {
  /** Which values are better; 'minimize' unless given. */
  readonly direction?: Direction
  /** `new TPESampler()` unless given. */
  readonly sampler?: Sampler
  /** `new MedianPruner()` unless given. */
  readonly pruner?: Pruner
  /** 'study' unless given. */
  readonly studyName?: string
  /** The clock for the trials' times, in milliseconds since 1970; without it they have none. */
  readonly now?: () => number
}

/**
 * Makes a study: a search for the parameters with the best objective, with Optuna's behaviour and names. It lives
 * in memory; with a `storage` it lives there, outlasts the process and is shared with other processes, and the
 * result is a promise. PARAM_INVALID for an unknown direction; STUDY_STATE_INVALID where the storage has a study of
 * that name, unless `loadIfExists`.
 *
 * @example
 * const study = createStudy({ direction: 'minimize', sampler: new RandomSampler({ seed: 1 }) })
 * await study.optimize((trial) => trial.suggestFloat('x', -1, 1) ** 2, { nTrials: 20 })
 * study.trials.length // 20
 */
export function createStudy(options: StoredStudyOptions): Promise<StoredStudy>
export function createStudy(options?: StudyOptions): Study
export function createStudy(options: StudyOptions | StoredStudyOptions = {}): Study | Promise<StoredStudy> {
  const { direction = 'minimize', sampler = new TPESampler(), pruner = new MedianPruner() } = options
  if (direction !== 'minimize' && direction !== 'maximize') {
    const got = String(direction)
    throw new FdsError('PARAM_INVALID', { name: 'direction', expected: "'minimize' or 'maximize'", got })
  }
  if ('storage' in options) return createStoredStudy(options)
  const state = new StudyState({ studyName: options.studyName ?? 'study' })
  state.create(direction)
  return new Study({ state, sampler, pruner, now: options.now })
}

/** A study in memory. Made by `createStudy`. */
export class Study extends BaseStudy {
  readonly #now: () => number | null

  constructor(
    given: ConstructorParameters<typeof BaseStudy>[0] & { readonly now: (() => number) | undefined },
  ) {
    super(given)
    this.#now = given.now ?? (() => null)
  }

  /** Starts a trial whose result `tell` will bring; the first enqueued one if there is one. */
  ask(): Trial {
    return this.askWithin(Number.POSITIVE_INFINITY)!
  }

  /** Starts a trial unless `limit` trials have started that did not fail; null then. */
  askWithin(limit: number): Trial | null {
    const record = this.state.start(this.#now(), { limit })
    if (record === null) return null
    return new Trial(record, {
      plan: (trial) => this.sampler.sampleRelative({ study: this, trial }),
      sample: (trial, name, distribution) =>
        this.sampler.sampleIndependent({ study: this, trial, name, distribution }),
      shouldPrune: (trial) => this.pruner.shouldPrune({ study: this, trial }),
      admit: (name, distribution) => this.state.admit(name, distribution),
      changed: () => {},
    })
  }

  /** Nobody else runs trials of a study in memory. */
  untilOthersMove(): boolean {
    return false
  }

  /**
   * Ends a trial that `ask` started. Without a state: COMPLETE, or FAIL where the value is NaN or missing. With
   * PRUNED or FAIL no value may be given. STUDY_STATE_INVALID for an unknown number, for a trial that does not
   * run (another caller has told it), unless `skipIfFinished`, and for a value that does not fit the state.
   */
  tell(trial: Trial | number, value?: number | null, options: EndOptions = {}): FrozenTrial {
    const number = typeof trial === 'number' ? trial : trial.number
    return this.state.tell(number, toldOf(value, options), this.#now())
  }

  /** Sets values that the next trial takes; it samples the rest. */
  enqueueTrial(params: Params, { skipIfExists = false }: { readonly skipIfExists?: boolean } = {}): void {
    this.state.enqueue(params, skipIfExists)
  }

  /** Adds a trial that ran elsewhere, for samplers to learn from. STUDY_STATE_INVALID, DISTRIBUTION_CHANGED. */
  addTrial(trial: AddedTrial): FrozenTrial {
    return this.state.add(trial)
  }

  /** Keeps any JSON value with the study. */
  setUserAttr(name: string, value: unknown): void {
    this.state.setUserAttr(name, value)
  }
}
