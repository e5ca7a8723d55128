import { isUnknownCall, type MlflowClient, type RunStatus } from '../tracking/index.ts'
import {
  type FrozenTrial,
  InMemoryStorage,
  type Params,
  type StoredStudy,
  type StudyStorage,
  type SyncReply,
  type SyncRequest,
} from '../tuning/index.ts'
import { StudyRuns } from './study-runs.ts'
import { EXPERIMENT_NAME } from './track-model.ts'

export interface TrackingStorageOptions {
  readonly client: MlflowClient
  /** Where the runs lie; `fds` unless given. */
  readonly experimentName?: string
  /** What the objective is called among a run's metrics; 'value' unless given. */
  readonly metric?: string
  /** Tags of the study's run. */
  readonly tags?: Readonly<Record<string, string>>
}

/**
 * Keeps studies in the tracking server, on SQLite or PostgreSQL, so that they outlast their process and several
 * processes and machines share one; every trial is a run nested in the study's run. A server that is MLflow's own
 * has no place for a study: there it lives in this process alone, and its runs are logged all the same.
 */
export class TrackingStorage implements StudyStorage {
  readonly #client: MlflowClient
  readonly #local: InMemoryStorage
  readonly #options: Required<Omit<TrackingStorageOptions, 'client'>>
  readonly #runs = new Map<string, StudyRuns>()
  #isLocal = false

  constructor(options: TrackingStorageOptions) {
    const { client, experimentName = EXPERIMENT_NAME, metric = 'value', tags = {} } = options
    this.#client = client
    this.#local = new InMemoryStorage({ now: client.now })
    this.#options = { experimentName, metric, tags }
  }

  async sync({ worker, ...request }: SyncRequest): Promise<SyncReply> {
    if (this.#isLocal) return this.#local.sync({ worker, ...request })
    try {
      return await this.#client.syncStudy({ ...request, ...(worker !== null && { worker }) })
    } catch (error) {
      if (worker !== null || !isUnknownCall(error)) throw error
      this.#isLocal = true
      return this.#local.sync({ worker, ...request })
    }
  }

  async record(study: StoredStudy, trials: readonly FrozenTrial[]): Promise<void> {
    await (await this.#runsOf(study)).record(study, trials)
  }

  /** The study's run. */
  async runIdOf(study: StoredStudy): Promise<string> {
    return (await this.#runsOf(study)).runId
  }

  /**
   * Ends the study's run, with `best_<parameter>` beside its metric `best_<metric>` (specification, section 2-1); the
   * parameters are those of the best trial unless given.
   */
  async finish(
    study: StoredStudy,
    {
      status = 'FINISHED',
      params = bestParamsOf(study),
    }: { readonly status?: RunStatus; readonly params?: Params } = {},
  ): Promise<void> {
    await (await this.#runsOf(study)).finish(status, params)
  }

  async #runsOf(study: StoredStudy): Promise<StudyRuns> {
    const { studyName } = study
    const runs =
      this.#runs.get(studyName) ?? (await StudyRuns.open(study, { client: this.#client, ...this.#options }))
    this.#runs.set(studyName, runs)
    return runs
  }
}

function bestParamsOf(study: StoredStudy): Params {
  return study.trials.some((trial) => trial.state === 'COMPLETE') ? study.bestParams : {}
}
