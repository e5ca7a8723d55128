import type { Policy } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import type { FeatureSpec } from '../features/index.ts'
import { isNoAnswer } from '../math/no-answer.ts'
import { type Booster, saveXgboostModel } from '../model/index.ts'
import { isTrackingError, type MlflowClient, promote, writeModelFolder } from '../tracking/index.ts'

export const EXPERIMENT_NAME = 'fds'
export const MODEL_PATH = 'model'

export interface TrackModelInput {
  readonly client: MlflowClient
  readonly model: { readonly booster: Booster; readonly spec: FeatureSpec; readonly policy: Policy }
  readonly params?: Readonly<Record<string, string | number>>
  /** Numbers are logged; a value without an answer is left out, since MLflow has no word for it. */
  readonly metrics?: object
  readonly tags?: Readonly<Record<string, string>>
  readonly runName?: string
  readonly now: () => number
}

/** Logs a model as one finished run: parameters, metrics, tags, importance and the model folder. */
export async function trackModel(input: TrackModelInput): Promise<{ runId: string }> {
  const { client, now, runName } = input
  const experimentId = await ensureExperiment(client, EXPERIMENT_NAME)
  const run = await client.createRun({
    experimentId,
    startTime: now(),
    ...(runName !== undefined && { runName }),
  })
  const { runId } = run.info
  try {
    await logModel(input, runId)
    await client.setTerminated(runId, { status: 'FINISHED', endTime: now() })
  } catch (error) {
    // the run must not stay RUNNING for ever; the first failure is the one to report
    await client.setTerminated(runId, { status: 'FAILED', endTime: now() }).catch(() => {})
    throw error
  }
  return { runId }
}

export interface RegisterModelInput {
  readonly client: MlflowClient
  readonly runId: string
  readonly name: string
  readonly alias?: string
}

/** Makes a version of the run's model; alias `champion` is a promotion, which remembers the previous champion. */
export async function registerModel(input: RegisterModelInput): Promise<{ version: string }> {
  const { client, runId, name, alias } = input
  await requireModel(client, runId)
  await ensureRegisteredModel(client, name)
  const { version } = await client.createModelVersion({ name, source: `runs:/${runId}/${MODEL_PATH}`, runId })
  if (alias === 'champion') await promote({ client, name, version })
  else if (alias !== undefined) await client.setRegisteredModelAlias({ name, alias, version })
  return { version }
}

/** The experiment of that name, made if it does not exist. */
export async function ensureExperiment(client: MlflowClient, name: string): Promise<string> {
  const found = await client.getExperimentByName(name)
  return found ? found.experimentId : client.createExperiment(name)
}

/** MODEL_NOT_FOUND for a run without a model, TRACKING_FAILED for no such run. */
async function requireModel(client: MlflowClient, runId: string): Promise<void> {
  await client.getRun(runId)
  const files = await client.listArtifacts(runId, MODEL_PATH)
  if (files.length > 0) return
  throw new FdsError('MODEL_NOT_FOUND', {
    uri: `runs:/${runId}/${MODEL_PATH}`,
    reason: 'the run holds no model',
  })
}

async function ensureRegisteredModel(client: MlflowClient, name: string): Promise<void> {
  try {
    await client.createRegisteredModel(name)
  } catch (error) {
    if (!isTrackingError(error, 'RESOURCE_ALREADY_EXISTS')) throw error
  }
}

async function logModel(input: TrackModelInput, runId: string): Promise<void> {
  const { client, model, params = {}, metrics = {}, tags = {}, now } = input
  const { booster, spec, policy } = model
  const timestamp = now()
  await client.logBatch(runId, {
    params: Object.entries(params).map(([key, value]) => ({ key, value: String(value) })),
    metrics: Object.entries(metrics)
      .filter(([, value]) => typeof value === 'number' && !isNoAnswer(value))
      .map(([key, value]) => ({ key, value, timestamp, step: 0 })),
    tags: Object.entries({
      'fds.feature_hash': spec.hash,
      'fds.policy_version': policy.version,
      ...tags,
    }).map(([key, value]) => ({ key, value })),
  })
  const folder = writeModelFolder({
    runId,
    createdAt: timestamp,
    model: saveXgboostModel(booster, 'json'),
    features: encodeJson(spec),
    policy: encodeJson(policy),
    featureNames: booster.featureNames,
  })
  const files = [...folder].map(([path, data]) => [`${MODEL_PATH}/${path}`, data] as const)
  const importance = encodeJson(booster.importance('gain'))
  await client.logArtifacts(runId, new Map([...files, ['importance.json', importance]]))
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
