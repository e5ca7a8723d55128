import { FdsError } from '../../errors.ts'
import type { Direction, StudyView } from '../samplers/sampler.ts'
import { type AddedTrial, recordOfAdded } from './added-trial.ts'
import { changeRefused, type Distribution, type Params, sameDistribution } from './distribution.ts'
import { finishTrial, freezeTrial, type Told } from './finish-trial.ts'
import { blankTrial, type FrozenTrial, type TrialRecord } from './trial.ts'

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
  /** The trials that each worker is to bring to their end; worker 0 is this process. */
  readonly #charges = new Map<number, number[]>()
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
  start(time: number | null, { limit = Number.POSITIVE_INFINITY, worker = 0 } = {}): TrialRecord | null {
    if (this.#kept >= limit) return null
    const number = this.#waiting.shift()
    const record = number === undefined ? this.#append({}) : this.trials[number]!
    this.#kept += 1
    this.#charge(worker, [record.number])
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

  /** Workers that have started trials, or have taken them over. */
  get workers(): readonly number[] {
    return [...this.#charges.keys()]
  }

  /**
   * Gives the trials of a worker that has gone silent to another: those that run fail, and their values are tried once
   * more. Gives all of its trials, none where another was faster.
   */
  takeOver(
    from: number,
    { by, time }: { readonly by: number; readonly time: number },
  ): readonly FrozenTrial[] {
    const numbers = this.#charges.get(from) ?? []
    this.#charges.delete(from)
    if (numbers.length > 0) this.#charge(by, numbers)
    for (const number of numbers) this.#lose(number, time)
    return numbers.map((number) => this.trials[number]!)
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

  #charge(worker: number, numbers: readonly number[]): void {
    const charges = this.#charges.get(worker) ?? []
    this.#charges.set(worker, charges)
    charges.push(...numbers)
  }

  #lose(number: number, time: number): void {
    const { state, params, planned, enqueued, userAttrs } = this.trials[number]!
    if (state !== 'RUNNING') return
    this.tell(number, { value: null, state: 'FAIL', failure: 'Its worker has gone silent' }, time)
    if (Object.hasOwn(userAttrs, RETRY_OF)) return
    const again = { enqueued: { ...planned, ...enqueued, ...params }, userAttrs: { [RETRY_OF]: number } }
    this.#waiting.push(this.#append(again).number)
  }

  #append(given: Partial<TrialRecord>): TrialRecord {
    const record = { ...blankTrial(this.trials.length), ...given }
    this.trials.push(record)
    return record
  }
}

/** The attribute of a trial that repeats a lost one: the lost one's number. Optuna's name for it. */
const RETRY_OF = 'failed_trial'

function keyOf(params: Params): string {
  return JSON.stringify(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
}
