import { FdsError } from '../../errors.ts'
import { MedianPruner } from '../pruners/median-pruner.ts'
import type { Pruner } from '../pruners/pruner.ts'
import type { Direction, Sampler, StudyView } from '../samplers/sampler.ts'
import { TPESampler } from '../samplers/tpe-sampler.ts'
import { type AddedTrial, recordOfAdded } from './added-trial.ts'
import { changeRefused, type Distribution, type Params, sameDistribution } from './distribution.ts'
import { type EndState, finishTrial, freezeTrial } from './finish-trial.ts'
import { type Objective, type OptimizeOptions, runTrials } from './optimize.ts'
import { type FrozenTrial, Trial, type TrialHost, type TrialRecord } from './trial.ts'

export interface StudyOptions {
  /** Which values are better; 'minimize' unless given. */
  readonly direction?: Direction
  /** `new TPESampler()` unless given. */
  readonly sampler?: Sampler
  /** `new MedianPruner()` unless given. */
  readonly pruner?: Pruner
  /** 'study' unless given. */
  readonly studyName?: string
}

/**
 * Makes a study: a search for the parameters with the best objective, with Optuna's behaviour and names.
 * PARAM_INVALID for an unknown direction.
 *
 * @example
 * const study = createStudy({ direction: 'minimize', sampler: new RandomSampler({ seed: 1 }) })
 * await study.optimize((trial) => trial.suggestFloat('x', -1, 1) ** 2, { nTrials: 20 })
 * study.trials.length // 20
 */
export function createStudy(options: StudyOptions = {}): Study {
  const { direction = 'minimize', studyName = 'study' } = options
  if (direction !== 'minimize' && direction !== 'maximize') {
    const got = String(direction)
    throw new FdsError('PARAM_INVALID', { name: 'direction', expected: "'minimize' or 'maximize'", got })
  }
  const sampler = options.sampler ?? new TPESampler()
  return new Study({ direction, studyName, sampler, pruner: options.pruner ?? new MedianPruner() })
}

/** A study in memory. Made by `createStudy`. */
export class Study implements StudyView {
  readonly direction: Direction
  readonly studyName: string
  readonly sampler: Sampler
  readonly pruner: Pruner
  readonly #records: TrialRecord[] = []
  readonly #distributions = new Map<string, Distribution>()
  readonly #host: TrialHost
  #running = 0
  #stopped = false

  constructor(options: Required<StudyOptions>) {
    this.direction = options.direction
    this.studyName = options.studyName
    this.sampler = options.sampler
    this.pruner = options.pruner
    this.#host = {
      sample: (trial, name, distribution) =>
        this.sampler.sampleIndependent({ study: this, trial, name, distribution }),
      shouldPrune: (trial) => this.pruner.shouldPrune({ study: this, trial }),
      admit: (name, distribution) => this.#admit(name, distribution),
    }
  }

  /** Every trial, in the order of the numbers, those that wait or run included. */
  get trials(): readonly FrozenTrial[] {
    return this.#records
  }

  /** The completed trial with the best value, the first of equals. STUDY_EMPTY where none is complete. */
  get bestTrial(): FrozenTrial {
    const sign = this.direction === 'minimize' ? 1 : -1
    const completed = this.trials.filter((trial) => trial.state === 'COMPLETE')
    if (completed.length === 0) throw new FdsError('STUDY_EMPTY', { trials: this.#records.length })
    return completed.reduce((best, trial) => (sign * trial.value! < sign * best.value! ? trial : best))
  }

  get bestValue(): number {
    return this.bestTrial.value!
  }

  get bestParams(): Params {
    return this.bestTrial.params
  }

  /**
   * Runs trials one after another: asks for values, awaits the objective, tells the result. `TrialPruned` prunes
   * the trial; NaN fails it and the study goes on; any other error fails it and is thrown again, unless `catch`
   * names its class. PARAM_INVALID for a negative count and for a timeout without a clock.
   */
  async optimize(objective: Objective, options: OptimizeOptions = {}): Promise<void> {
    this.#stopped = false
    this.#running += 1
    try {
      await runTrials({ study: this, objective, options, isStopped: () => this.#stopped })
    } finally {
      this.#running -= 1
    }
  }

  /** Starts no further trial. Only from an objective or a callback of `optimize`; STUDY_STATE_INVALID elsewhere. */
  stop(): void {
    if (this.#running === 0) refuse('`stop` must be called inside an objective or a callback of `optimize`')
    this.#stopped = true
  }

  /** Starts a trial whose result `tell` will bring; the first enqueued one if there is one. */
  ask(): Trial {
    const record = this.#records.find((trial) => trial.state === 'WAITING') ?? this.#append({})
    record.state = 'RUNNING'
    record.planned = { ...this.sampler.sampleRelative({ study: this, trial: record }) }
    return new Trial(record, this.#host)
  }

  /**
   * Ends a trial that `ask` started. Without a state: COMPLETE, or FAIL where the value is NaN or missing. With
   * PRUNED or FAIL no value may be given. STUDY_STATE_INVALID for an unknown number, for a trial that does not
   * run (another caller has told it) and for a value that does not fit the state.
   */
  tell(
    trial: Trial | number,
    value?: number | null,
    options: { readonly state?: EndState; readonly failure?: string } = {},
  ): FrozenTrial {
    const number = typeof trial === 'number' ? trial : trial.number
    const record = this.#records[number] ?? refuse(`No trial ${number} has been created`)
    return finishTrial(record, { value, ...options })
  }

  /** Sets values that the next trial takes; it samples the rest. */
  enqueueTrial(params: Params, { skipIfExists = false }: { readonly skipIfExists?: boolean } = {}): void {
    const key = keyOf(params)
    const isThere = (trial: FrozenTrial) => keyOf({ ...trial.enqueued, ...trial.params }) === key
    if (!(skipIfExists && this.trials.some(isThere))) this.#append({ enqueued: { ...params } })
  }

  /** Adds a trial that ran elsewhere, for samplers to learn from. STUDY_STATE_INVALID, DISTRIBUTION_CHANGED. */
  addTrial(trial: AddedTrial): FrozenTrial {
    const record = recordOfAdded(trial)
    const distributions = Object.entries(trial.distributions).map(([name, distribution]) => [
      name,
      this.#admit(name, distribution),
    ])
    return freezeTrial(this.#append({ ...record, distributions: Object.fromEntries(distributions) }))
  }

  #append(given: Partial<TrialRecord>): TrialRecord {
    const record: TrialRecord = {
      number: this.#records.length,
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
      ...given,
    }
    this.#records.push(record)
    return record
  }

  /** A name keeps its kind, scale and choices through the study; ranges may change, as in Optuna. */
  #admit(name: string, distribution: Distribution): Distribution {
    const first = this.#distributions.get(name) ?? distribution
    this.#distributions.set(name, first)
    const reason = changeRefused(first, distribution)
    if (reason !== null) throw new FdsError('DISTRIBUTION_CHANGED', { name, reason })
    return sameDistribution(first, distribution) ? first : distribution
  }
}

function keyOf(params: Params): string {
  return JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function refuse(reason: string): never {
  throw new FdsError('STUDY_STATE_INVALID', { reason })
}
