import { createHash } from 'node:crypto'
import { parse, stringify } from 'yaml'
import { FdsError } from '../../errors.ts'
import { MLFLOW_VERSION } from '../protocol/endpoints.ts'

export interface ModelFolderInput {
  readonly runId: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** XGBoost's `model.json`. */
  readonly model: Uint8Array
  readonly features: Uint8Array
  readonly policy: Uint8Array
  /** The columns of the trees, in order: MLflow's input signature. */
  readonly featureNames: readonly string[]
}

/** What the `MLmodel` file of a folder says. */
export interface ModelFolder {
  /** Absent where another program logged the model without a run. */
  readonly runId?: string
  readonly flavors: readonly string[]
  /** The trees' file within the folder, as the `fds` or else the `xgboost` flavour names it. */
  readonly model: string
  /** Files of the `fds` flavour; absent for a model that Python logged. */
  readonly features?: string
  readonly policy?: string
}

/**
 * The files of a real MLflow model folder: `mlflow.xgboost.load_model` gives the booster and
 * `mlflow.pyfunc.load_model(…).predict(frame)` its probabilities; the flavour `fds` adds features and policy, which
 * Python does not read. The same input gives the same bytes.
 */
export function writeModelFolder(input: ModelFolderInput): Map<string, Uint8Array> {
  const texts = {
    MLmodel: stringify(describeModel(input)),
    'requirements.txt': `${REQUIREMENTS.join('\n')}\n`,
    'python_env.yaml': stringify({
      python: PYTHON,
      build_dependencies: ['pip'],
      dependencies: ['-r requirements.txt'],
    }),
    'conda.yaml': stringify({
      name: 'mlflow-env',
      channels: ['conda-forge'],
      dependencies: [`python=${PYTHON}`, 'pip', { pip: REQUIREMENTS }],
    }),
  }
  const encoder = new TextEncoder()
  return new Map([
    ...Object.entries(texts).map(([name, text]) => [name, encoder.encode(text)] as const),
    ['model.json', input.model],
    ['features.json', input.features],
    ['policy.json', input.policy],
  ])
}

/** Reads the `MLmodel` file. MODEL_FILE_INVALID if it is missing, no YAML, or names no trees. */
export function readModelFolder(files: ReadonlyMap<string, Uint8Array>): ModelFolder {
  const bytes = files.get('MLmodel')
  if (!bytes) return invalid('the folder holds no MLmodel file')
  const described = parseYaml(new TextDecoder().decode(bytes))
  const flavors = recordOf(described['flavors'])
  const own = recordOf(flavors['fds'])
  const model = own['data'] ?? recordOf(flavors['xgboost'])['data']
  if (typeof model !== 'string') return invalid('its MLmodel file names no XGBoost data')
  return {
    flavors: Object.keys(flavors),
    model,
    ...textEntry('runId', described['run_id']),
    ...textEntry('features', own['features']),
    ...textEntry('policy', own['policy']),
  }
}

const PYTHON = '3.11'
const XGBOOST_VERSION = '3.2.0'
const REQUIREMENTS = [`mlflow>=${MLFLOW_VERSION}`, `xgboost==${XGBOOST_VERSION}`, 'pandas', 'scipy']

function describeModel({
  runId,
  createdAt,
  model,
  features,
  policy,
  featureNames,
}: ModelFolderInput): object {
  // "double" would refuse frames with whole-number or boolean columns, which XGBoost takes
  const inputs = featureNames.map((name) => ({ type: 'any', name, required: true }))
  const outputs = [{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } }]
  const signature = { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null }
  return {
    artifact_path: 'model',
    flavors: FLAVORS,
    mlflow_version: MLFLOW_VERSION,
    model_size_bytes: model.length + features.length + policy.length,
    model_uuid: contentId([new TextEncoder().encode(runId), model, features, policy]),
    run_id: runId,
    // trees without names have no columns to check
    ...(featureNames.length > 0 && { signature }),
    utc_time_created: new Date(createdAt).toISOString().replace('T', ' ').replace('Z', '000'),
  }
}

const FLAVORS = {
  fds: { data: 'model.json', features: 'features.json', policy: 'policy.json' },
  python_function: {
    data: 'model.json',
    env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
    loader_module: 'mlflow.xgboost',
    python_version: PYTHON,
  },
  xgboost: {
    code: null,
    data: 'model.json',
    model_class: 'xgboost.core.Booster',
    model_format: 'json',
    xgb_version: XGBOOST_VERSION,
  },
}

/** 32 hexadecimal digits, as MLflow's uuids have. */
function contentId(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 32)
}

function parseYaml(text: string): Readonly<Record<string, unknown>> {
  try {
    // the default schema makes plain values alone, so nothing in the file is ever run
    return recordOf(parse(text, { maxAliasCount: 100 }))
  } catch {
    return invalid('its MLmodel file is not YAML')
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function textEntry<K extends string>(key: K, value: unknown): { readonly [P in K]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { readonly [P in K]: string }) : {}
}

function invalid(reason: string): never {
  throw new FdsError('MODEL_FILE_INVALID', { reason })
}
