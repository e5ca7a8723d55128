import { FdsError } from '../errors.ts'
import type { MlflowClient } from '../tracking/index.ts'
import { createStudy, type Params, type Pruner, type Sampler, type StoredStudy } from '../tuning/index.ts'
import { TrackingStorage } from './tracking-storage.ts'

export interface MakeStudyInput {
  readonly client: MlflowClient
  /** Goes on with the study of that name if there is one; a new study unless given. */
  readonly studyName?: string | undefined
  readonly trials: number
  readonly metric: string
  readonly direction: 'maximize' | 'minimize'
  readonly sampler: Sampler
  readonly pruner: Pruner
  /** What the trials' values depend on besides their parameters. */
  readonly setting: Readonly<Record<string, unknown>>
  readonly now: () => number
}

/** A study in the tracking server and the run that shows it. */
export interface TrackedStudy {
  readonly study: StoredStudy
  readonly runId: string
  /** Ends the run, with what was best. */
  finish(status: 'FINISHED' | 'FAILED' | 'KILLED', best: Params): Promise<void>
}

/**
 * Makes the study that `fds tune` runs, or goes on with it. Errors: PARAM_INVALID where the study of that name
 * measured something else.
 */
export async function makeStudy(input: MakeStudyInput): Promise<TrackedStudy> {
  const { client, metric, direction, sampler, pruner, trials, now } = input
  const storage = new TrackingStorage({ client, metric })
  const studyName = input.studyName ?? `study_${trials}_trials_${new Date(now()).toISOString()}`
  const study = await createStudy({ storage, studyName, direction, sampler, pruner, loadIfExists: true })
  const own = JSON.stringify({ metric, ...input.setting })
  const kept = await study.setUserAttr(SETTING, own, { once: true })
  if (kept !== own) {
    throw new FdsError('PARAM_INVALID', {
      name: '--study',
      expected: `one of ${kept}, as it began`,
      got: own,
    })
  }
  const runId = await storage.runIdOf(study)
  return { study, runId, finish: (status, params) => storage.finish(study, { status, params }) }
}

const SETTING = 'fds.setting'
