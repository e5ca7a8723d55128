import { FdsError } from '../../errors.ts'
import type { Direction, StudyView } from '../samplers/sampler.ts'
import { type AddedTrial, recordOfAdded } from './added-trial.ts'
import { changeRefused, type Distribution, type Params, sameDistribution } from './distribution.ts'
import { finishTrial, freezeTrial, type Told } from './finish-trial.ts'
import type { FrozenTrial, TrialRecord } from './trial.ts'

/**
 * What a study knows: its trials and attributes, and the rules by which they change. The same changes in the same
 * order give the same state, whoever plays them; times are given.
 */
export class StudyState implements StudyView {
  direction: Direction = 'minimize'
  isCreated = false
  readonly studyName: string
  readonly trials: TrialRecord[] = []
  readonly userAttrs: Record<string, unknown> = {}
  readonly #distributions = new Map<string, Distribution>()
  /** Numbers of trials that wait, the first first. */
  readonly #waiting: number[] = []
  #kept = 0

  constructor({ studyName }: { readonly studyName: string }) {
    this.studyName = studyName
  }

  /** Begins the study; false where it has begun. */
  create(direction: Direction): boolean {
    if (this.isCreated) return false
    this.direction = direction
    this.isCreated = true
    return true
  }

  /** Keeps a value with the study; with `once` the first stays. Gives the value that holds. */
  setUserAttr(name: string, value: unknown, once = false): unknown {
    if (!(once && Object.hasOwn(this.userAttrs, name))) this.userAttrs[name] = value
    return this.userAttrs[name]
  }

  /**
   * Starts a trial, the first that waits if there is one. Null where `limit` trials have started and not failed.
   */
  start(time: number | null, limit = Number.POSITIVE_INFINITY): TrialRecord | null {
    if (this.#kept >= limit) return null
    const number = this.#waiting.shift()
    const record = number === undefined ? this.#append({}) : this.trials[number]!
    this.#kept += 1
    return Object.assign(record, { state: 'RUNNING', datetimeStart: time })
  }

  /** Ends a trial; see `finishTrial`. STUDY_STATE_INVALID for a number that no trial has. */
  tell(number: number, told: Told, time: number | null): FrozenTrial {
    const record = this.trials[number]
    if (!record) throw new FdsError('STUDY_STATE_INVALID', { reason: `No trial ${number} has been created` })
    const ended = finishTrial(record, told, time)
    if (ended.state === 'FAIL') this.#kept -= 1
    return ended
  }

  /** Fails a trial whose worker has gone silent, and sets its values to be tried again, once. */
  lose(number: number, time: number): void {
    const record = this.trials[number]
    if (record?.state !== 'RUNNING') return
    const { params, planned, enqueued, userAttrs } = record
    this.tell(number, { value: null, state: 'FAIL', failure: 'Its worker has gone silent' }, time)
    if (Object.hasOwn(userAttrs, RETRY_OF)) return
    const again = this.#append({
      enqueued: { ...planned, ...enqueued, ...params },
      userAttrs: { [RETRY_OF]: number },
    })
    this.#waiting.push(again.number)
  }

  /** Sets values that a next trial takes. False where a trial with these values is there and must not be twice. */
  enqueue(params: Params, skipIfExists: boolean): boolean {
    const key = keyOf(params)
    const isThere = (trial: FrozenTrial) => keyOf({ ...trial.enqueued, ...trial.params }) === key
    if (skipIfExists && this.trials.some(isThere)) return false
    this.#waiting.push(this.#append({ enqueued: { ...params } }).number)
    return true
  }

  /** Adds a trial that ran elsewhere. STUDY_STATE_INVALID, DISTRIBUTION_CHANGED. */
  add(trial: AddedTrial): FrozenTrial {
    const record = recordOfAdded(trial)
    const distributions = Object.entries(trial.distributions).map(([name, distribution]) => [
      name,
      this.admit(name, distribution),
    ])
    if (record.state !== 'FAIL') this.#kept += 1
    return freezeTrial(this.#append({ ...record, distributions: Object.fromEntries(distributions) }))
  }

  /** A name keeps its kind, scale and choices through the study; ranges may change, as in Optuna. */
  admit(name: string, distribution: Distribution): Distribution {
    const first = this.#distributions.get(name)
    const reason = first && changeRefused(first, distribution)
    if (reason) throw new FdsError('DISTRIBUTION_CHANGED', { name, reason })
    return this.share(name, distribution)
  }

  /** The distribution as one object for all equal ones of the name, whatever its kind. */
  share(name: string, distribution: Distribution): Distribution {
    const first = this.#distributions.get(name) ?? distribution
    this.#distributions.set(name, first)
    return sameDistribution(first, distribution) ? first : distribution
  }

  #append(given: Partial<TrialRecord>): TrialRecord {
    const record: TrialRecord = {
      number: this.trials.length,
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
    this.trials.push(record)
    return record
  }
}

/** The attribute of a trial that repeats a lost one: the lost one's number. Optuna's name for it. */
const RETRY_OF = 'failed_trial'

function keyOf(params: Params): string {
  return JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
}
