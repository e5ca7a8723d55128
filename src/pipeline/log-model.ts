import { DEFAULT_POLICY, type Policy } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import { type FeatureSpec, passThroughSpec } from '../features/index.ts'
import { type Booster, type Rows, saveXgboostModel } from '../model/index.ts'
import { matrixOf } from '../model/training/training-data.ts'
import type { Profile } from '../monitoring/index.ts'
import { requireSameFeatures } from '../serving/models/require-same-features.ts'
import {
  activeRunId,
  logModelFolder,
  type MlflowClient,
  type ModelContent,
  type SignatureColumn,
  type Texts,
  trackingClient,
} from '../tracking/index.ts'
import { type MatrixSignature, matrixSignature } from './matrix-signature.ts'
import { addVersion } from './register-model.ts'

export interface LogModelOptions {
  /** Default: the run of `startRun`. */
  readonly runId?: string
  /** Default: what `setTrackingClient` or the environment chose. */
  readonly client?: MlflowClient
  /** Default `model`; none of `/ : . % " '`. */
  readonly name?: string
  /** How transactions become the trees' numbers; by default each feature is a column's number as it stands. */
  readonly spec?: FeatureSpec
  /** Default: thresholds 0.18, 0.40 and 0.65. */
  readonly policy?: Policy
  /** Rows of the training: the types of the signature come of all, the input example of the first five. */
  readonly inputExample?: Rows
  readonly modelType?: string
  readonly params?: Texts
  readonly tags?: Texts
  /** Which checkpoint of the run it is; default 0. Metrics of this step are linked to the model. */
  readonly step?: number
  /** Makes a version of this registered model too, which is made if there is none. */
  readonly registeredModelName?: string
}

/** What `logModel` made; names as MLflow's `ModelInfo`. */
export interface ModelInfo {
  readonly modelId: string
  /** `models:/m-…`. */
  readonly modelUri: string
  readonly runId: string
  readonly registeredModelVersion?: string
}

/**
 * Logs a booster to a run as `mlflow.xgboost.log_model` does: a logged model with its folder, which Python loads by
 * `mlflow.xgboost.load_model` and `mlflow.pyfunc.load_model`, and which `fds serve` serves. USAGE without a run or a
 * client; MODEL_FILE_INVALID where `spec` names other features than the booster; where the upload fails the model is
 * left as UPLOAD_FAILED, and the failure passes on.
 *
 * @example
 * const train = (x: Float32Array[], y: number[]) => startRun({}, async () => {
 *   const booster = trainBooster({ maxDepth: 4 }, { x, y, featureNames: ['amount', 'hour'] })
 *   return logModel(booster, { inputExample: x, registeredModelName: 'fraud_detector' })
 * })
 */
export async function logModel(booster: Booster, options: LogModelOptions = {}): Promise<ModelInfo> {
  const { runId = activeRunId(), client = trackingClient(), registeredModelName: name } = options
  if (client === undefined || runId === undefined) throw new FdsError('USAGE', { reason: NO_RUN })
  const { spec = passThroughSpec(booster.featureNames), policy = DEFAULT_POLICY, inputExample: x } = options
  const signature = x && {
    signature: matrixSignature(matrixOf(x, 'the input example'), booster.featureNames),
  }
  const folder = modelContent({ booster, spec, policy, ...signature })
  const { modelId } = await logModelFolder({ ...options, client, runId, folder })
  const modelUri = `models:/${modelId}`
  if (name === undefined) return { modelId, modelUri, runId }
  const registeredModelVersion = await addVersion(client, { name, runId, source: modelUri, modelId })
  return { modelId, modelUri, runId, registeredModelVersion }
}

const NO_RUN =
  'There is no active run; call logModel within startRun(options, async () => …), or give it runId and client'

/** A model of this system: trees, features and policy travel together. */
export interface OwnModel {
  readonly booster: Booster
  readonly spec: FeatureSpec
  readonly policy: Policy
  /** What MLflow's signature says of the trees' columns; without it only their names. */
  readonly signature?: MatrixSignature
  /** What the training data looked like; a model without one cannot be asked about drift. */
  readonly profile?: Profile
}

/** What a model's folder holds. MODEL_FILE_INVALID where trees and specification name other features: nobody could serve it. */
export function modelContent({ booster, spec, policy, signature, profile }: OwnModel): ModelContent {
  requireSameFeatures(booster, spec)
  return {
    model: saveXgboostModel(booster, 'json'),
    features: encodeJson(spec),
    policy: encodeJson(policy),
    ...(profile && { profile: encodeJson(profile) }),
    ...(signature ?? { inputs: namedInputs(booster.featureNames) }),
  }
}

/** Names that XGBoost made up are not in the file either: such trees take any columns. */
function namedInputs(names: readonly string[]): SignatureColumn[] {
  return names.every((name, f) => name === `f${f}`) ? [] : names.map((name) => ({ name, type: 'any' }))
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}
