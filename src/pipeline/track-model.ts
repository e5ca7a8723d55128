import type { Policy } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import type { FeatureSpec } from '../features/index.ts'
import { isNoAnswer } from '../math/no-answer.ts'
import { type Booster, paramsToXgboost, saveXgboostModel } from '../model/index.ts'
import {
  CHAMPION,
  isTrackingError,
  type LoggedModel,
  loggedModelOfRun,
  type MlflowClient,
  type ModelContent,
  type Mover,
  makeModel,
  promote,
  RunLogger,
  type SignatureColumn,
  type VersionKey,
} from '../tracking/index.ts'
import type { MatrixSignature } from './matrix-signature.ts'
import { logTraining, openTrainingLog, type TrainingStart } from './training-log.ts'

export const EXPERIMENT_NAME = 'fds'
export const MODEL_PATH = 'model'
const MODEL_TYPE = 'binary_classifier'
/** What splits how often, as MLflow logs it, and what it gains, by which `fds models importance` sorts. */
const IMPORTANCE_TYPES = ['weight', 'gain'] as const

export interface TrackModelInput {
  readonly client: MlflowClient
  readonly model: {
    readonly booster: Booster
    readonly spec: FeatureSpec
    readonly policy: Policy
    /** What MLflow's signature says of the trees' columns; without it only their names. */
    readonly signature?: MatrixSignature
  }
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

export interface RegisterModelInput extends Mover {
  readonly client: MlflowClient
  readonly runId: string
  readonly name: string
  readonly alias?: string
}

/** Makes a version of the run's model; alias `champion` is a promotion, which remembers the previous champion. */
export async function registerModel(input: RegisterModelInput): Promise<{ version: string }> {
  const { client, runId, name, alias, actor, reason } = input
  const model = await requireModel(client, runId)
  await ensureRegisteredModel(client, name)
  const { version } = await client.createModelVersion({ name, runId, ...model })
  if (model.modelId !== undefined) await tellModel(client, model.modelId, { name, version })
  if (alias === CHAMPION) await promote({ client, name, version, actor, reason })
  else if (alias !== undefined) await client.setRegisteredModelAlias({ name, alias, version, actor, reason })
  return { version }
}

/** The experiment of that name, made if it does not exist. */
export async function ensureExperiment(client: MlflowClient, name: string): Promise<string> {
  const found = await client.getExperimentByName(name)
  return found ? found.experimentId : client.createExperiment(name)
}

/**
 * The source of a version of the run's model: its logged model, or the files of a run that was made before there were
 * logged models. MODEL_NOT_FOUND for a run without a model, TRACKING_FAILED for no such run.
 */
async function requireModel(
  client: MlflowClient,
  runId: string,
): Promise<{ source: string; modelId?: string }> {
  const run = await client.getRun(runId)
  const source = `runs:/${runId}/${MODEL_PATH}`
  const model = run.outputs.length > 0 ? await loggedModelOfRun(client, run, MODEL_PATH) : undefined
  if (model?.status === 'LOGGED_MODEL_READY')
    return { source: `models:/${model.modelId}`, modelId: model.modelId }
  const files = model ? [] : await client.listArtifacts(runId, MODEL_PATH)
  if (files.length > 0) return { source }
  const reason = model ? 'its files were not uploaded whole' : 'the run holds no model'
  throw new FdsError('MODEL_NOT_FOUND', { uri: source, reason })
}

/** Writes the version into the logged model's tag, as MLflow's client does; some servers have done it by themselves. */
async function tellModel(client: MlflowClient, modelId: string, version: VersionKey): Promise<void> {
  const { tags } = await client.getLoggedModel(modelId)
  const told: unknown = JSON.parse(tags[VERSIONS_TAG] ?? '[]')
  const versions = Array.isArray(told) ? (told as readonly VersionKey[]) : []
  // a number as the server writes it, a text as the client does
  if (versions.some(({ name, version: number }) => name === version.name && `${number}` === version.version))
    return
  await client.setLoggedModelTags(modelId, { [VERSIONS_TAG]: JSON.stringify([...versions, version]) })
}

const VERSIONS_TAG = 'mlflow.modelVersions'

async function ensureRegisteredModel(client: MlflowClient, name: string): Promise<void> {
  try {
    await client.createRegisteredModel(name)
  } catch (error) {
    if (!isTrackingError(error, 'RESOURCE_ALREADY_EXISTS')) throw error
  }
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
      return contentOf(model)
    },
  )
}

function contentOf({ booster, spec, policy, signature }: TrackModelInput['model']): ModelContent {
  return {
    model: saveXgboostModel(booster, 'json'),
    features: encodeJson(spec),
    policy: encodeJson(policy),
    ...(signature ?? { inputs: namedInputs(booster.featureNames) }),
  }
}

/** Names that XGBoost made up are not in the file either: such trees take any columns. */
function namedInputs(names: readonly string[]): SignatureColumn[] {
  return names.every((name, f) => name === `f${f}`) ? [] : names.map((name) => ({ name, type: 'any' }))
}

function textsOf(params: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
