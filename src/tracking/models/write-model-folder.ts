import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { MLFLOW_VERSION } from '../protocol/endpoints.ts'
import { EXAMPLE_INFO, writeExample } from './input-example.ts'
import { MLMODEL, type SignatureColumn } from './read-model-folder.ts'

export interface ModelFolderInput {
  /** The run that made the model; none for a model of its own. */
  readonly runId?: string
  /** The logged model whose files these are, and its artifact location. */
  readonly modelId?: string
  readonly location?: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** XGBoost's `model.json`. */
  readonly model: Uint8Array
  readonly features: Uint8Array
  readonly policy: Uint8Array
  /** What the training data looked like, for later comparisons. */
  readonly profile?: Uint8Array
  /** The columns of the trees, in order, with MLflow's types: the signature. None for trees without names. */
  readonly inputs: readonly SignatureColumn[]
  /** A few rows of these columns, NaN where a value is missing: MLflow's input example. */
  readonly example?: readonly ArrayLike<number>[]
}

/**
 * The files of a real MLflow model folder: `mlflow.xgboost.load_model` gives the booster and
 * `mlflow.pyfunc.load_model(…).predict(frame)` its probabilities; the flavour `fds` adds features, policy and profile, which
 * Python does not read. The same input gives the same bytes.
 */
export function writeModelFolder(input: ModelFolderInput): Map<string, Uint8Array> {
  const { model, features, policy, profile, example = [] } = input
  const hasExample = input.inputs.length > 0 && example.length > 0
  const content = new Map([
    ['model.json', model],
    ['features.json', features],
    ['policy.json', policy],
    ...(profile ? ([['profile.json', profile]] as const) : []),
    ...(hasExample ? writeExample(input.inputs, example) : []),
  ])
  const described = stringify(describeModel(input, content, hasExample))
  return new Map([[MLMODEL, encode(described)], ...environment(), ...content])
}

const PYTHON = '3.11'
const XGBOOST_VERSION = '3.2.0'
const REQUIREMENTS = [`mlflow>=${MLFLOW_VERSION}`, `xgboost==${XGBOOST_VERSION}`, 'pandas', 'scipy']

/** Keys in MLflow's order, which is the alphabet's. */
function describeModel(
  input: ModelFolderInput,
  content: ReadonlyMap<string, Uint8Array>,
  hasExample: boolean,
): object {
  const { runId, modelId, location, createdAt, inputs } = input
  return {
    artifact_path: location ?? 'model',
    flavors: content.has('profile.json')
      ? { ...FLAVORS, fds: { ...FLAVORS.fds, profile: 'profile.json' } }
      : FLAVORS,
    is_signature_from_type_hint: false,
    mlflow_version: MLFLOW_VERSION,
    ...(modelId !== undefined && { model_id: modelId }),
    model_size_bytes: [...content.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    model_uuid: modelId ?? contentId([encode(runId ?? ''), ...content.values()]),
    prompts: null,
    ...(runId !== undefined && { run_id: runId }),
    ...(hasExample && { saved_input_example_info: EXAMPLE_INFO }),
    // trees without names have no columns to check
    ...(inputs.length > 0 && { signature: signatureOf(inputs) }),
    type_hint_from_example: false,
    utc_time_created: new Date(createdAt).toISOString().replace('T', ' ').replace('Z', '000'),
  }
}

function signatureOf(columns: readonly SignatureColumn[]): object {
  // XGBoost refuses a frame that lacks a column; a value may be NaN all the same
  const inputs = columns.map(({ name, type }) => ({ type, name, required: true }))
  const outputs = [{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } }]
  return { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs), params: null }
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

function environment(): [string, Uint8Array][] {
  const texts = {
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
  return Object.entries(texts).map(([name, text]) => [name, encode(text)])
}

/** 32 hexadecimal digits, as MLflow's uuids have. */
function contentId(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex').slice(0, 32)
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
