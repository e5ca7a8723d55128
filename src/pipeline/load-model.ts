import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { columnOf, type Table } from '../data/index.ts'
import { DEFAULT_POLICY, type Policy, parsePolicy } from '../decision/index.ts'
import { FdsError } from '../errors.ts'
import {
  type FeatureSpec,
  inputColumns,
  parseFeatureSpec,
  passThroughSpec,
  transformTable,
} from '../features/index.ts'
import type { Matrix } from '../math/matrix.ts'
import { type Booster, loadXgboostModel } from '../model/index.ts'
import { loadModelFiles, type MlflowClient, readModelFolder } from '../tracking/index.ts'
import { readModelFile } from './read-model-file.ts'

/** A model ready to score tables: trees, the features they expect, and the policy promoted with them. */
export interface LoadedModel {
  readonly uri: string
  readonly booster: Booster
  /** Absent for a bare XGBoost file, which takes the numeric columns by its own feature names. */
  readonly spec?: FeatureSpec
  readonly policy: Policy
  readonly name?: string
  readonly version?: string
}

/**
 * Loads `models:/name@alias`, `models:/name/version`, `runs:/id/path`, a model folder, or XGBoost's own file.
 * `openClient` is called for the first three alone, so a file needs no tracking store. MODEL_NOT_FOUND says
 * what is missing.
 */
export async function loadModel(uri: string, openClient: () => Promise<MlflowClient>): Promise<LoadedModel> {
  if (/^(models|runs):\//.test(uri)) {
    const { files, name, version } = await loadModelFiles(await openClient(), uri)
    return {
      ...unpack(uri, files),
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
    }
  }
  return unpack(uri, await readLocal(uri))
}

/**
 * The matrix that the model expects of a table. Columns in `notFeatures`, such as the label, may be there although
 * the model does not know them. A bare XGBoost file takes the columns of its feature names; one without names
 * takes the numeric columns in the file's order, those in `notFeatures` left out.
 */
export function modelMatrix(model: LoadedModel, table: Table, notFeatures: readonly string[]): Matrix {
  if (model.spec) return transformTable(model.spec, withoutUnknown(model.spec, table, notFeatures))
  const { featureNames } = model.booster
  const names = featureNames.length > 0 ? featureNames : numericNames(table, notFeatures)
  const columns = names.map((name) => columnOf(table, name))
  return transformTable(passThroughSpec(names), { rowCount: table.rowCount, columns })
}

/** How to read a file for this model: its text inputs, and the id, as text even where they look numeric. */
export function readOptionsOf(model: LoadedModel, id?: string): { text: readonly string[] } {
  const inputs = model.spec ? inputColumns(model.spec) : []
  const text = inputs.filter((column) => column.kind === 'text').map((column) => column.name)
  return { text: id === undefined ? text : [...text, id] }
}

function withoutUnknown(spec: FeatureSpec, table: Table, notFeatures: readonly string[]): Table {
  const known = new Set(spec.inputs.map((input) => input.name))
  const columns = table.columns.filter(({ name }) => known.has(name) || !notFeatures.includes(name))
  return { rowCount: table.rowCount, columns }
}

function numericNames(table: Table, notFeatures: readonly string[]): string[] {
  return table.columns
    .filter((column) => column.kind === 'number' && !notFeatures.includes(column.name))
    .map((column) => column.name)
}

function unpack(uri: string, files: ReadonlyMap<string, Uint8Array>): LoadedModel {
  const features = files.get('features.json')
  const policy = files.get('policy.json')
  return {
    uri,
    booster: loadXgboostModel(treesOf(uri, files)),
    ...(features && { spec: parseFeatureSpec(parseJson(uri, 'features.json', features)) }),
    policy: policy ? parsePolicy(parseJson(uri, 'policy.json', policy)) : DEFAULT_POLICY,
  }
}

/** The trees' file: the one that `MLmodel` names (Python may log `model.ubj`), without it one of the usual names. */
function treesOf(uri: string, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const names = files.has('MLmodel') ? [readModelFolder(files).model] : ['model.json', 'model.ubj']
  const trees = names.map((name) => files.get(name)).find((bytes) => bytes !== undefined)
  if (trees) return trees
  throw new FdsError('MODEL_NOT_FOUND', { uri, reason: `the folder holds no ${names.join(' or ')}` })
}

async function readLocal(path: string): Promise<Map<string, Uint8Array>> {
  const kind = await stat(path).catch(() => undefined)
  if (!kind)
    throw new FdsError('MODEL_NOT_FOUND', { uri: path, reason: 'no such file, folder or model address' })
  // the first bytes say which of XGBoost's formats it is, not the name
  if (kind.isFile()) return new Map([['model.json', await readModelFile(path)]])
  const entries = await readdir(path, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(path, entry.name))
  return new Map(
    await Promise.all(files.map(async (file) => [basename(file), await readFile(file)] as const)),
  )
}

function parseJson(uri: string, file: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new FdsError('MODEL_FILE_INVALID', { reason: `${file} of ${uri} is not JSON` }, { cause })
  }
}
