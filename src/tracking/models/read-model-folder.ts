import { parse } from 'yaml'
import { FdsError } from '../../errors.ts'

/** What the `MLmodel` file of a folder says. */
export interface ModelFolder {
  /** Absent where another program logged the model without a run. */
  readonly runId?: string
  /** The logged model of MLflow 3; absent for folders that older versions wrote. */
  readonly modelId?: string
  readonly flavors: readonly string[]
  /** The trees' file within the folder, as the `fds` or else the `xgboost` flavour names it. */
  readonly model: string
  /** The Python class that reads the trees, such as `xgboost.sklearn.XGBClassifier`. */
  readonly modelClass?: string
  /** Files of the `fds` flavour; absent for a model that Python logged. */
  readonly features?: string
  readonly policy?: string
  readonly profile?: string
  /** The columns of the signature; absent without one, or where it speaks of tensors. */
  readonly inputs?: readonly SignatureColumn[]
}

/** A column of MLflow's signature. */
export interface SignatureColumn {
  readonly name: string
  /** MLflow's type: `double`, `float`, `long`, `integer`, `boolean`, `string`, `datetime`, `binary`, `any`, …. */
  readonly type: string
}

export const MLMODEL = 'MLmodel'

/**
 * Reads the `MLmodel` file, whoever wrote it. Only XGBoost's own files are named by the answer: of the other flavours
 * most are pickles, which are programs and never run here.
 *
 * Errors: MODEL_FILE_INVALID if the file is missing, larger than 1 MiB or no YAML, or names a path outside of the
 * folder; MODEL_UNSUPPORTED for a folder without XGBoost's flavour.
 */
export function readModelFolder(files: ReadonlyMap<string, Uint8Array>): ModelFolder {
  const bytes = files.get(MLMODEL)
  if (!bytes) return invalid('the folder holds no MLmodel file')
  const described = parseDescription(bytes)
  const flavors = recordOf(described['flavors'])
  const [own, xgboost] = [recordOf(flavors['fds']), recordOf(flavors['xgboost'])]
  const model = fileEntry('data', own['data'] ?? xgboost['data'])
  if (model === undefined) return withoutTrees(Object.keys(flavors))
  return {
    flavors: Object.keys(flavors),
    model,
    ...entry('modelClass', textOf(xgboost['model_class'])),
    ...entry('features', fileEntry('features', own['features'])),
    ...entry('policy', fileEntry('policy', own['policy'])),
    ...entry('profile', fileEntry('profile', own['profile'])),
    ...entry('inputs', readInputs(described['signature'])),
    ...entry('runId', textOf(described['run_id'])),
    ...entry('modelId', textOf(described['model_id'])),
  }
}

/** The files that `MLmodel` names and a score needs: trees, features and policy. */
export function namedFiles({ model, features, policy }: ModelFolder): readonly string[] {
  return [model, features, policy].filter((path) => path !== undefined)
}

const BYTES_MAX = 2 ** 20
/** Without the library's warnings, which would quote the file on stderr. */
const YAML = { maxAliasCount: 100, logLevel: 'error' } as const

function parseDescription(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length > BYTES_MAX) {
    return invalid(`its MLmodel file must be at most ${BYTES_MAX} bytes, got ${bytes.length}`)
  }
  try {
    // the default schema makes plain values alone, so nothing in the file is ever run
    return recordOf(parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), YAML))
  } catch (cause) {
    throw new FdsError('MODEL_FILE_INVALID', { reason: 'its MLmodel file is not YAML' }, { cause })
  }
}

function withoutTrees(flavors: readonly string[]): never {
  const known = flavors.filter((flavor) => flavor !== 'python_function')
  if (known.length === 0 || known.includes('xgboost'))
    return invalid('its MLmodel file names no XGBoost data')
  throw new FdsError('MODEL_UNSUPPORTED', {
    what: "A model's flavour (pickled models are never opened)",
    got: known.join(', '),
    supported: ['xgboost', 'fds'],
  })
}

/** A file of the folder; other paths could name anything on the disk of whoever keeps the folder. */
function fileEntry(what: string, value: unknown): string | undefined {
  const path = textOf(value)
  if (path === undefined) return undefined
  const isPlain = /^[^\\:\p{C}]+$/u.test(path) && path.split('/').every((name) => !/^\.{0,2}$/.test(name))
  return isPlain
    ? path
    : invalid(`"${what}" of its MLmodel file must name a file of the folder, got ${shown(path)}`)
}

/** `{"inputs": "[{\"name\": …}]"}`: a text of JSON within the YAML. A signature that says nothing of columns is none. */
function readInputs(signature: unknown): readonly SignatureColumn[] | undefined {
  const inputs = textOf(recordOf(signature)['inputs'])
  if (inputs === undefined) return undefined
  const columns = parseJson(inputs)
  if (!Array.isArray(columns)) return invalid('the signature of its MLmodel file is not a list of inputs')
  const named = columns
    .map(recordOf)
    .map(({ name, type }) => ({ name: textOf(name), type: textOf(type) ?? 'any' }))
  return named.every(isNamed) && named.length > 0 ? named : undefined
}

function isNamed(column: { name: string | undefined; type: string }): column is SignatureColumn {
  return column.name !== undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = 'the signature of its MLmodel file is not JSON'
    throw new FdsError('MODEL_FILE_INVALID', { reason }, { cause })
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function entry<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V })
}

function shown(path: string): string {
  return JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path)
}

function invalid(reason: string): never {
  throw new FdsError('MODEL_FILE_INVALID', { reason })
}
