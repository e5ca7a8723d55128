import type { MlflowClient, RunStatus } from '../tracking/index.ts'
import type { FrozenTrial, Params } from '../tuning/index.ts'
import { EXPERIMENT_NAME, ensureExperiment } from './track-model.ts'

/** The run of a study, in which a run for each trial is nested. */
export interface StudyRun {
  readonly runId: string
  /** Logs a trial that has ended as a run of its own, in the background. */
  trialEnded(trial: FrozenTrial, time: { readonly start: number; readonly end: number }): void
  /** Waits until all trials are logged and ends the run; `best` is left out where no trial completed. */
  end(outcome: {
    readonly status: RunStatus
    readonly best?: { readonly params: Params; readonly value: number }
  }): Promise<void>
}

/**
 * Starts the run of a study. A trial's run holds its parameters, its value under the metric's name, its reports under
 * `<metric>_by_fold`, and the tags `fds.trial.number`, `fds.trial.state` and, where it failed, `fds.trial.failure`; it
 * is FINISHED, KILLED if it was pruned, or FAILED. The study's run ends with `best_<parameter>` and `best_<metric>`
 * (specification, section 2-1).
 */
export async function startStudyRun(input: {
  readonly client: MlflowClient
  readonly name: string
  readonly metric: string
  readonly tags: Readonly<Record<string, string>>
  readonly now: () => number
}): Promise<StudyRun> {
  const { client, name, metric, tags, now } = input
  const experimentId = await ensureExperiment(client, EXPERIMENT_NAME)
  const run = await client.createRun({ experimentId, runName: name, startTime: now(), tags })
  const { runId } = run.info
  const logged: Promise<unknown>[] = []

  const logTrial = async (trial: FrozenTrial, time: { start: number; end: number }): Promise<void> => {
    const nested = await client.createRun({
      experimentId,
      runName: `trial_${trial.number}`,
      parentRunId: runId,
      startTime: time.start,
      tags: tagsOf(trial),
    })
    const point = { timestamp: time.end }
    const reports = Object.entries(trial.intermediateValues).map(([step, value]) => ({
      key: `${metric}_by_fold`,
      value,
      step: Number(step),
      ...point,
    }))
    const value = trial.value === null ? [] : [{ key: metric, value: trial.value, ...point }]
    await client.logBatch(nested.info.runId, {
      params: paramsOf(trial.params),
      metrics: [...value, ...(reports.length > 1 ? reports : [])],
    })
    await client.setTerminated(nested.info.runId, { status: STATUS[trial.state], endTime: time.end })
  }
  return {
    runId,
    trialEnded: (trial, time) => {
      const log = logTrial(trial, time)
      // told by `end`
      log.catch(() => {})
      logged.push(log)
    },
    async end({ status, best }) {
      await Promise.all(logged)
      const params = paramsOf(best?.params ?? {}, 'best_')
      const metrics = best ? [{ key: `best_${metric}`, value: best.value }] : []
      await client.logBatch(runId, { params, metrics })
      await client.setTerminated(runId, { status, endTime: now() })
    },
  }
}

const STATUS: Readonly<Record<FrozenTrial['state'], RunStatus>> = {
  WAITING: 'SCHEDULED',
  RUNNING: 'RUNNING',
  COMPLETE: 'FINISHED',
  PRUNED: 'KILLED',
  FAIL: 'FAILED',
}

function tagsOf({ number, state, failure }: FrozenTrial): Record<string, string> {
  return {
    'fds.trial.number': String(number),
    'fds.trial.state': state,
    ...(failure !== null && { 'fds.trial.failure': failure }),
  }
}

function paramsOf(params: Params, prefix = ''): { key: string; value: string }[] {
  return Object.entries(params).map(([name, value]) => ({ key: `${prefix}${name}`, value: String(value) }))
}
