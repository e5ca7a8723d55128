import { eachItem, isTrackingError, type MlflowClient, type Run, type RunStatus } from '../tracking/index.ts'
import type { FrozenTrial, Params, StoredStudy } from '../tuning/index.ts'
import { ensureExperiment } from './track-model.ts'

interface StudyRunsOptions {
  readonly client: MlflowClient
  readonly experimentName: string
  readonly metric: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * A study as MLflow shows it: its run, in which a run for each trial is nested. A trial's run holds its parameters, its
 * value under the metric's name, its reports under `<metric>_by_step`, its attributes (numbers as metrics), and the tags
 * `fds.trial.number`, `fds.trial.state` and, where it failed, `fds.trial.failure`; it is FINISHED, KILLED if it was
 * pruned, or FAILED.
 */
export class StudyRuns {
  readonly runId: string
  readonly #client: MlflowClient
  readonly #experimentId: string
  readonly #metric: string
  readonly #trials: Map<number, TrialRun>

  private constructor(given: {
    readonly runId: string
    readonly experimentId: string
    readonly trials: Map<number, TrialRun>
    readonly options: StudyRunsOptions
  }) {
    this.runId = given.runId
    this.#client = given.options.client
    this.#experimentId = given.experimentId
    this.#metric = given.options.metric
    this.#trials = given.trials
  }

  /** Finds the study's runs, or makes its first. */
  static async open(study: StoredStudy, options: StudyRunsOptions): Promise<StudyRuns> {
    const { client, experimentName } = options
    const experimentId = await ensureExperiment(client, experimentName)
    const known = study.userAttrs[RUN_ID]
    const runId = typeof known === 'string' ? known : await makeStudyRun(study, { experimentId, ...options })
    // the run may have been made in another experiment, by whoever began the study
    const { info } = await client.getRun(runId)
    const trials = await findTrialRuns(client, { experimentId: info.experimentId, runId })
    return new StudyRuns({ runId, experimentId: info.experimentId, trials, options })
  }

  /** Brings the runs of these trials up to what the trials are. What is logged already is not logged again. */
  async record(study: StoredStudy, trials: readonly FrozenTrial[]): Promise<void> {
    for (const trial of trials) {
      if (trial.state === 'WAITING') continue
      const run =
        this.#trials.get(trial.number) ?? (await this.#found(trial)) ?? (await this.#startTrial(trial))
      if (trial.state === 'RUNNING' || run.isEnded) continue
      await this.#endTrial(trial, run)
      if (trial.state === 'COMPLETE' && study.bestTrial === trial) await this.#logBest(trial, study)
    }
  }

  /** Ends the study's run with what was best. */
  async finish(status: RunStatus, best: Params): Promise<void> {
    const params = textsOf(best, 'best_')
    try {
      await this.#client.logBatch(this.runId, { params })
    } catch (error) {
      // the study went on after an earlier end and found better ones, and a parameter is set once
      if (!isTrackingError(error, 'INVALID_PARAMETER_VALUE')) throw error
      await this.#client.logBatch(this.runId, { tags: params })
    }
    await this.#client.setTerminated(this.runId, { status })
  }

  /** The run of a trial that another worker started after this one had opened the study. */
  async #found({ number, state }: FrozenTrial): Promise<TrialRun | undefined> {
    if (state === 'RUNNING') return undefined
    const study = { experimentId: this.#experimentId, runId: this.runId }
    const found = await findTrialRuns(this.#client, { ...study, number })
    for (const [known, run] of found) this.#trials.set(known, run)
    return found.get(number)
  }

  async #startTrial(trial: FrozenTrial): Promise<TrialRun> {
    const { info } = await this.#client.createRun({
      experimentId: this.#experimentId,
      runName: `trial_${trial.number}`,
      parentRunId: this.runId,
      ...(trial.datetimeStart !== null && { startTime: trial.datetimeStart }),
      tags: { [NUMBER]: String(trial.number), [STATE]: 'RUNNING' },
    })
    const run = { runId: info.runId, isEnded: false }
    this.#trials.set(trial.number, run)
    return run
  }

  async #endTrial(trial: FrozenTrial, run: TrialRun): Promise<void> {
    const { state, failure, userAttrs } = trial
    const attrs = Object.entries(userAttrs)
    const tags = {
      [STATE]: state,
      ...(failure !== null && { 'fds.trial.failure': failure.slice(0, 1000) }),
      ...Object.fromEntries(attrs.filter(([, value]) => typeof value === 'string') as [string, string][]),
    }
    const end = {
      status: STATUS[state],
      ...(trial.datetimeComplete !== null && { endTime: trial.datetimeComplete }),
    }
    const metrics = metricsOf(trial, this.#metric)
    await this.#client.logBatch(run.runId, {
      params: textsOf(trial.params),
      metrics: metrics.slice(0, BATCH),
      tags: textsOf(tags),
    })
    for (let from = BATCH; from < metrics.length; from += BATCH) {
      await this.#client.logBatch(run.runId, { metrics: metrics.slice(from, from + BATCH) })
    }
    await this.#client.setTerminated(run.runId, end)
    run.isEnded = true
  }

  /**
   * The best value so far as a metric of the study's run, one point for each improvement. Steps count the trials that
   * had ended before: of several at once an earlier number may end later, and the last step is what a run shows.
   */
  async #logBest({ value, datetimeComplete }: FrozenTrial, { trials }: StoredStudy): Promise<void> {
    const ended = trials.filter(({ state }) => state !== 'WAITING' && state !== 'RUNNING').length
    await this.#client.logMetric(this.runId, {
      key: `best_${this.#metric}`,
      value: value!,
      step: ended - 1,
      ...(datetimeComplete !== null && { timestamp: datetimeComplete }),
    })
  }
}

interface TrialRun {
  readonly runId: string
  isEnded: boolean
}

/** What a study keeps of its run. */
const RUN_ID = 'mlflow.run_id'
const NUMBER = 'fds.trial.number'
const STATE = 'fds.trial.state'
/** Entries that one call of MLflow takes, less the parameters and tags beside them. */
const BATCH = 800

const STATUS: Readonly<Record<FrozenTrial['state'], RunStatus>> = {
  WAITING: 'SCHEDULED',
  RUNNING: 'RUNNING',
  COMPLETE: 'FINISHED',
  PRUNED: 'KILLED',
  FAIL: 'FAILED',
}

/** The first of several workers that make one keeps it. */
async function makeStudyRun(
  study: StoredStudy,
  { client, experimentId, tags }: StudyRunsOptions & { readonly experimentId: string },
): Promise<string> {
  const { studyName, direction } = study
  const own = { 'fds.study.name': studyName, 'fds.study.direction': direction }
  const { info } = await client.createRun({ experimentId, runName: studyName, tags: { ...own, ...tags } })
  const kept = await study.setUserAttr(RUN_ID, info.runId, { once: true })
  if (kept !== info.runId) await client.deleteRun(info.runId)
  return String(kept)
}

async function findTrialRuns(
  client: MlflowClient,
  { experimentId, runId, number }: { experimentId: string; runId: string; number?: number },
): Promise<Map<number, TrialRun>> {
  const one = number === undefined ? '' : ` and tags.${NUMBER} = '${number}'`
  const query = { experimentIds: [experimentId], filter: `tags.mlflow.parentRunId = '${runId}'${one}` }
  const found = new Map<number, TrialRun>()
  const runs = eachItem((pageToken) =>
    client.searchRuns({ ...query, maxResults: 1000, ...(pageToken && { pageToken }) }),
  )
  for await (const run of runs) {
    const tag = Number(run.data.tags[NUMBER])
    if (Number.isInteger(tag)) found.set(tag, { runId: run.info.runId, isEnded: isEnded(run) })
  }
  return found
}

function isEnded({ info }: Run): boolean {
  return info.status !== 'RUNNING' && info.status !== 'SCHEDULED'
}

/** Beside the value also what an objective found on its way, such as the number of trees. */
function metricsOf(trial: FrozenTrial, metric: string) {
  const point = trial.datetimeComplete === null ? {} : { timestamp: trial.datetimeComplete }
  const value = trial.value === null ? [] : [{ key: metric, value: trial.value, ...point }]
  const reports = Object.entries(trial.intermediateValues).map(([step, reported]) => ({
    key: `${metric}_by_step`,
    value: reported,
    step: Number(step),
    ...point,
  }))
  const attrs = Object.entries(trial.userAttrs).filter(([, attr]) => typeof attr === 'number')
  return [...value, ...attrs.map(([key, attr]) => ({ key, value: attr as number, ...point })), ...reports]
}

function textsOf(values: Readonly<Record<string, unknown>>, prefix = ''): { key: string; value: string }[] {
  return Object.entries(values).map(([name, value]) => ({ key: `${prefix}${name}`, value: String(value) }))
}
