import { setTimeout as wait } from 'node:timers/promises'
import { FdsError } from '../../errors.ts'
import { MedianPruner } from '../pruners/median-pruner.ts'
import type { Pruner } from '../pruners/pruner.ts'
import type { Direction, Sampler } from '../samplers/sampler.ts'
import { TPESampler } from '../samplers/tpe-sampler.ts'
import type { AddedTrial } from './added-trial.ts'
import { BaseStudy } from './base-study.ts'
import type { Params } from './distribution.ts'
import { type EndOptions, toldOf } from './finish-trial.ts'
import { isTrialOperation, type Operation } from './operation.ts'
import { OperationLog } from './operation-log.ts'
import { playOperation } from './play-operation.ts'
import { StudyState } from './study-state.ts'
import type { LogEntry, StudyStorage } from './study-storage.ts'
import { type FrozenTrial, Trial, type TrialHost, type TrialRecord } from './trial.ts'

export interface StoredStudyOptions {
  readonly storage: StudyStorage
  readonly studyName: string
  readonly direction?: Direction
  readonly sampler?: Sampler
  readonly pruner?: Pruner
  /** Goes on with the study of that name if there is one, as it stands. */
  readonly loadIfExists?: boolean
  /** How often a worker says that it lives, in seconds; 5 unless given. */
  readonly heartbeatInterval?: number
  /** After how many seconds of silence a worker's trials count as lost; 30 unless given. */
  readonly gracePeriod?: number
}

/** How often a worker that waits for others looks. */
const GLANCE_MS = 500

/** A study in a storage. Made by `createStudy` and `loadStudy` with a `storage`. */
export class StoredStudy extends BaseStudy {
  readonly #log: OperationLog
  readonly #storage: StudyStorage
  readonly #heartbeatMs: number
  readonly #graceMs: number
  /** Trials that this worker runs. */
  readonly #running = new Set<number>()
  #heartbeat: NodeJS.Timeout | undefined
  #recording: Promise<void> = Promise.resolve()

  constructor(options: StoredStudyOptions) {
    const { studyName, storage, heartbeatInterval = 5, gracePeriod = 30 } = options
    const { sampler = new TPESampler(), pruner = new MedianPruner() } = options
    super({ state: new StudyState({ studyName }), sampler, pruner })
    this.#storage = storage
    this.#heartbeatMs = milliseconds('heartbeatInterval', heartbeatInterval)
    this.#graceMs = milliseconds('gracePeriod', gracePeriod)
    this.#log = new OperationLog({
      storage,
      studyName,
      play: (operation, entry, isOwn) => this.#play(operation, entry, isOwn),
    })
  }

  /** Reads the log; begins it with `direction` where it is empty. Gives whether the study was there before. */
  async open(direction: Direction | null): Promise<boolean> {
    await this.#log.sync()
    const isNew = direction !== null && !this.state.isCreated && (await this.#create(direction))
    if (!this.state.isCreated) return false
    // another worker would draw what the first one draws
    if (this.#log.worker > 1) this.sampler.reseed?.(this.#log.worker)
    await this.#takeOver()
    return !isNew
  }

  /** Starts a trial whose result `tell` will bring; the first enqueued one if there is one. */
  async ask(): Promise<Trial> {
    return (await this.askWithin(Number.POSITIVE_INFINITY))!
  }

  /** Starts a trial unless `limit` trials have started that did not fail; null then. */
  async askWithin(limit: number): Promise<Trial | null> {
    await this.#takeOver()
    const operation = { kind: 'start', ...(limit !== Number.POSITIVE_INFINITY && { limit }) } as const
    const record = await this.#log.submit<TrialRecord | null>(operation, (late) => this.#handBack(late))
    if (record === null) return null
    this.#keepHeart()
    this.#record([record]).catch(() => {})
    return new Trial(record, this.#host)
  }

  /** Waits a moment and reads what other workers have done; false where none of them runs a trial. */
  async untilOthersMove(): Promise<boolean> {
    const isOthers = ({ state, number }: FrozenTrial) => state === 'RUNNING' && !this.#running.has(number)
    if (!this.trials.some(isOthers)) return false
    await wait(Math.min(this.#heartbeatMs, GLANCE_MS))
    await this.#log.sync()
    return true
  }

  /** Ends a trial that this or another worker started; see `Study.tell`. */
  async tell(trial: Trial | number, value?: number | null, options: EndOptions = {}): Promise<FrozenTrial> {
    const number = typeof trial === 'number' ? trial : trial.number
    const ended = await this.#log.submit<FrozenTrial>({ kind: 'tell', number, told: toldOf(value, options) })
    this.#keepHeart()
    await this.#record([ended])
    return ended
  }

  /** Sets values that the next trial takes; it samples the rest. */
  async enqueueTrial(
    params: Params,
    { skipIfExists = false }: { readonly skipIfExists?: boolean } = {},
  ): Promise<void> {
    await this.#log.submit({ kind: 'enqueue', params, skipIfExists })
  }

  /** Adds a trial that ran elsewhere, for samplers to learn from. STUDY_STATE_INVALID, DISTRIBUTION_CHANGED. */
  async addTrial(trial: AddedTrial): Promise<FrozenTrial> {
    const added = await this.#log.submit<FrozenTrial>({ kind: 'add', trial })
    await this.#record([added])
    return added
  }

  /** Keeps any JSON value with the study; with `once` the first worker's stays. Gives the value that holds. */
  setUserAttr(
    name: string,
    value: unknown,
    { once = false }: { readonly once?: boolean } = {},
  ): Promise<unknown> {
    return this.#log.submit({ kind: 'attr', name, value, once })
  }

  /** Reads what other workers have done since. */
  sync(): Promise<void> {
    return this.#log.sync()
  }

  get #host(): TrialHost {
    return {
      plan: (trial) => this.sampler.sampleRelative({ study: this, trial }),
      sample: (trial, name, distribution) =>
        this.sampler.sampleIndependent({ study: this, trial, name, distribution }),
      shouldPrune: (trial) => this.pruner.shouldPrune({ study: this, trial }),
      admit: (name, distribution) => this.state.admit(name, distribution),
      changed: (operation) => this.#log.queue(operation),
    }
  }

  /** Begins the log; false where another worker was first. */
  async #create(direction: Direction): Promise<boolean> {
    return this.#log.submit<boolean>({ kind: 'create', direction })
  }

  #play(operation: Operation, entry: LogEntry, isOwn: boolean): unknown {
    // what a worker did to its own trial it has seen at once
    if (isOwn && isTrialOperation(operation)) return undefined
    const result = playOperation(this.state, operation, entry)
    if (isOwn && operation.kind === 'start' && result !== null) {
      this.#running.add((result as TrialRecord).number)
    }
    for (const number of this.#running) {
      if (this.state.trials[number]!.state !== 'RUNNING') this.#running.delete(number)
    }
    return result
  }

  /** Takes over from workers that have gone silent, and records what they had no time to record. */
  async #takeOver(): Promise<void> {
    for (const worker of this.state.workers) {
      if (worker === this.#log.worker || this.#log.silenceOf(worker) <= this.#graceMs) continue
      await this.#record(await this.#log.submit<readonly FrozenTrial[]>({ kind: 'takeOver', worker }))
    }
  }

  /** A trial that the storage started after the caller had been told that it could not. */
  #handBack(record: TrialRecord | null): void {
    if (record === null) return
    const told = { value: null, state: 'FAIL', failure: 'The storage started it too late' } as const
    this.#log.queue({ kind: 'tell', number: record.number, told })
  }

  /** Beats while a trial of this worker runs. */
  #keepHeart(): void {
    if (this.#running.size === 0) {
      clearInterval(this.#heartbeat)
      this.#heartbeat = undefined
    } else {
      this.#heartbeat ??= setInterval(() => this.#log.sync().catch(() => {}), this.#heartbeatMs).unref()
    }
  }

  /** One record after another, so that they come in the order of the trials. */
  #record(trials: readonly FrozenTrial[]): Promise<void> {
    const next = this.#recording.then(() => this.#storage.record?.(this, trials))
    this.#recording = next.catch(() => {})
    return next
  }
}

/**
 * Opens a study that a storage holds. STUDY_STATE_INVALID where it holds none of that name.
 *
 * @example
 * const storage = new InMemoryStorage({ now: () => 0 })
 * await createStudy({ storage, studyName: 'mine' })
 * const study = await loadStudy({ storage, studyName: 'mine' })
 * study.trials.length // 0
 */
export async function loadStudy(options: StoredStudyOptions): Promise<StoredStudy> {
  const study = new StoredStudy(options)
  if (await study.open(null)) return study
  const reason = `The storage must hold a study named "${options.studyName}", and has none`
  throw new FdsError('STUDY_STATE_INVALID', { reason })
}

/** Makes a study in a storage, or goes on with it; see `createStudy`. */
export async function createStoredStudy(options: StoredStudyOptions): Promise<StoredStudy> {
  const { studyName, direction, loadIfExists = false } = options
  const study = new StoredStudy(options)
  const isThere = await study.open(direction ?? 'minimize')
  if (isThere && !loadIfExists) {
    const reason = `A study named "${studyName}" is there already; \`loadIfExists\` goes on with it`
    throw new FdsError('STUDY_STATE_INVALID', { reason })
  }
  if (direction !== undefined && direction !== study.direction) {
    const expected = `'${study.direction}', as the study "${studyName}" has it`
    throw new FdsError('PARAM_INVALID', { name: 'direction', expected, got: direction })
  }
  return study
}

function milliseconds(name: string, seconds: number): number {
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * 1000
  throw new FdsError('PARAM_INVALID', { name, expected: 'seconds above 0', got: String(seconds) })
}
