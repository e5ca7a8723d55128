import { isNoAnswer } from '../math/no-answer.ts'
import { paramsToXgboost } from '../model/index.ts'
import { type LoggedModel, type MlflowClient, makeModel, RunLogger } from '../tracking/index.ts'
import { modelContent, type OwnModel } from './log-model.ts'
import { MODEL_PATH } from './register-model.ts'
import { logTraining, openTrainingLog, type TrainingStart } from './training-log.ts'

export const EXPERIMENT_NAME = 'fds'
const MODEL_TYPE = 'binary_classifier'
/** What splits how often, as MLflow logs it, and what it gains, by which `fds models importance` sorts. */
const IMPORTANCE_TYPES = ['weight', 'gain'] as const

export interface TrackModelInput {
  readonly client: MlflowClient
  readonly model: OwnModel
  /** How the model was trained; absent for one that was not trained here. */
  readonly training?: TrainingStart
  /** Numbers are logged; a value without an answer is left out, since MLflow has no word for it. */
  readonly metrics?: object
  readonly tags?: Readonly<Record<string, string>>
  readonly runName?: string
  /** When the work began, in milliseconds since 1970; now by default. */
  readonly startTime?: number
  readonly now: () => number
}

/**
 * Logs a model as one finished run: its training as autologging does it, metrics, tags, and the logged model with its
 * folder, which the metrics are linked to.
 */
export async function trackModel(input: TrackModelInput): Promise<{ runId: string; modelId: string }> {
  const { client, now, runName, startTime = now() } = input
  const experimentId = await ensureExperiment(client, EXPERIMENT_NAME)
  const run = await client.createRun({ experimentId, startTime, ...(runName !== undefined && { runName }) })
  const { runId } = run.info
  try {
    const { modelId } = await logAll(input, runId)
    await client.setTerminated(runId, { status: 'FINISHED', endTime: now() })
    return { runId, modelId }
  } catch (error) {
    // the run must not stay RUNNING for ever; the first failure is the one to report
    await client.setTerminated(runId, { status: 'FAILED', endTime: now() }).catch(() => {})
    throw error
  }
}

/** The experiment of that name, made if it does not exist. */
export async function ensureExperiment(client: MlflowClient, name: string): Promise<string> {
  const found = await client.getExperimentByName(name)
  return found ? found.experimentId : client.createExperiment(name)
}

async function logAll(input: TrackModelInput, runId: string): Promise<LoggedModel> {
  const { client, model, training, metrics = {}, tags = {} } = input
  const logger = new RunLogger(client, runId)
  const params = training ? textsOf(paramsToXgboost(training.params)) : {}
  return await makeModel(
    { client, runId, name: MODEL_PATH, modelType: MODEL_TYPE, params },
    async ({ modelId }) => {
      const log = openTrainingLog(logger, { modelId, importanceTypes: IMPORTANCE_TYPES })
      if (training) logTraining(log, { ...training, booster: model.booster })
      else log.end(model.booster)
      const numbers = Object.entries(metrics).filter(
        ([, value]) => typeof value === 'number' && !isNoAnswer(value),
      )
      logger.logMetrics(Object.fromEntries(numbers), { modelId })
      logger.setTags({
        'fds.feature_hash': model.spec.hash,
        'fds.policy_version': model.policy.version,
        ...tags,
      })
      await logger.flush()
      return modelContent(model)
    },
  )
}

function textsOf(params: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}
