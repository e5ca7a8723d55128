import { DEFAULT_POLICY, type Policy, parsePolicy } from '../../decision/policy.ts'
import { FdsError } from '../../errors.ts'
import type { FeatureSpec } from '../../features/feature-spec.ts'
import { parseFeatureSpec } from '../../features/parse-feature-spec.ts'
import { passThroughSpec } from '../../features/pass-through-spec.ts'
import { Booster } from '../../model/booster.ts'
import { loadXgboostModel } from '../../model/files/xgboost-model.ts'
import { parseProfile } from '../../monitoring/profile/parse-profile.ts'
import type { Profile } from '../../monitoring/profile/profile.ts'
import {
  MLMODEL,
  type ModelFolder,
  readModelFolder,
  type SignatureColumn,
} from '../../tracking/models/read-model-folder.ts'
import { columnsOf } from './model-columns.ts'

/** What a model folder's files say. */
export interface ModelContents {
  readonly booster: Booster
  /** Absent for a model that another program logged: its columns are numbers, see `columnsOf`. */
  readonly spec?: FeatureSpec
  /** The default policy for a model that came without one. */
  readonly policy: Policy
  /** What the training data looked like; absent for a model that came without, or where it was not fetched. */
  readonly profile?: Profile
  /** The columns of MLflow's signature, where the folder has one. */
  readonly inputs?: readonly SignatureColumn[]
}

/**
 * Reads a model folder's files, ours or one that Python's `mlflow.xgboost` logged, and the three files alone where no
 * `MLmodel` names them (`model.json` or `model.ubj`, `features.json`, `policy.json`).
 *
 * Of a Python `Booster` all trees count, also past its best iteration, as they do when Python loads it from MLflow;
 * of an `XGBClassifier` those up to the best.
 *
 * Errors: MODEL_FILE_INVALID for a file that is missing or broken; MODEL_UNSUPPORTED for a model that is not XGBoost's;
 * FEATURE_SPEC_INVALID, POLICY_INVALID and PROFILE_INVALID for the contents of these.
 */
export function unpackModel(files: ReadonlyMap<string, Uint8Array>): ModelContents {
  const folder: NamedFiles = files.has(MLMODEL) ? readModelFolder(files) : usualFolder(files)
  const booster = loadXgboostModel(fileOf(files, folder.model))
  const { features, policy, profile, inputs } = folder
  return {
    booster: isPlainBooster(folder) ? withAllTrees(booster) : booster,
    ...(features !== undefined && { spec: parseFeatureSpec(jsonOf(files, features)) }),
    policy: policy === undefined ? DEFAULT_POLICY : parsePolicy(jsonOf(files, policy)),
    // most readers of a model have no use for it and do not fetch it
    ...(profile !== undefined && files.has(profile) && { profile: parseProfile(jsonOf(files, profile)) }),
    ...(inputs && { inputs }),
  }
}

/**
 * The specification by which a model that came without one is served: every column a number as it stands, a missing
 * one NaN; f0, f1, … where no names are known. MODEL_UNSUPPORTED names a column of texts, which only the program that
 * trained the model can turn into numbers.
 */
export function foreignSpec(contents: ModelContents): FeatureSpec {
  const { booster, inputs = [] } = contents
  const text = inputs.find((column) => !NUMERIC.has(column.type))?.name
  const category = booster.featureNames.find((_, f) => (booster.categoryNames[f]?.length ?? 0) > 0)
  const column = text ?? category
  if (column !== undefined) {
    const got = `"${column}" of ${text === undefined ? 'categories' : 'another type'}`
    throw new FdsError('MODEL_UNSUPPORTED', {
      what: 'A column of a served model',
      got,
      supported: ['numeric'],
    })
  }
  return passThroughSpec(booster.featureNames, columnsOf(contents))
}

/** MLflow's types that a JSON number can be. */
const NUMERIC: ReadonlySet<string> = new Set(['double', 'float', 'long', 'integer', 'boolean', 'any'])

type NamedFiles = Pick<ModelFolder, 'model' | 'features' | 'policy' | 'profile' | 'inputs' | 'modelClass'>

/** A folder without `MLmodel`, such as one that was written by hand. */
function usualFolder(files: ReadonlyMap<string, Uint8Array>): NamedFiles {
  return {
    model: files.has('model.ubj') ? 'model.ubj' : 'model.json',
    ...(files.has('features.json') && { features: 'features.json' }),
    ...(files.has('policy.json') && { policy: 'policy.json' }),
  }
}

function isPlainBooster({ modelClass, features }: NamedFiles): boolean {
  return features === undefined && modelClass === 'xgboost.core.Booster'
}

function withAllTrees(booster: Booster): Booster {
  return booster.bestIteration === undefined ? booster : new Booster({ ...booster, bestIteration: undefined })
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, file: string): Uint8Array {
  const bytes = files.get(file)
  if (bytes) return bytes
  const reason = `the folder must hold ${file}, got ${[...files.keys()].join(', ') || 'nothing'}`
  throw new FdsError('MODEL_FILE_INVALID', { reason })
}

function jsonOf(files: ReadonlyMap<string, Uint8Array>, file: string): unknown {
  const text = new TextDecoder().decode(fileOf(files, file))
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new FdsError('MODEL_FILE_INVALID', { reason: `${file} is not JSON` }, { cause })
  }
}
