import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { columnOf, type Table } from '../data/index.ts'
import { FdsError } from '../errors.ts'
import { type FeatureSpec, passThroughSpec, transformTable } from '../features/index.ts'
import type { Matrix } from '../math/matrix.ts'
import { columnsOf } from '../serving/models/model-columns.ts'
import { type ModelContents, unpackModel } from '../serving/models/unpack-model.ts'
import { loadModelFiles, type MlflowClient, namedFiles, readModelFolder } from '../tracking/index.ts'
import { readModelFile } from './read-model-file.ts'

/** A model ready to score tables: trees, the features they expect, and the policy promoted with them. */
export interface LoadedModel extends ModelContents {
  readonly uri: string
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
      uri,
      ...unpackModel(files),
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
    }
  }
  return { uri, ...unpackModel(await readLocal(uri)) }
}

/**
 * The matrix that the model expects of a table. Columns in `notFeatures`, such as the label, may be there although
 * the model does not know them. A model that came without our specification takes the columns of its feature names,
 * else those of its signature; one without either takes the numeric columns in the file's order, those in
 * `notFeatures` left out.
 */
export function modelMatrix(model: LoadedModel, table: Table, notFeatures: readonly string[]): Matrix {
  if (model.spec) return transformTable(model.spec, withoutUnknown(model.spec, table, notFeatures))
  const names = columnsOf(model) ?? namelessColumns(model, table, notFeatures)
  const columns = names.map((name) => columnOf(table, name))
  return transformTable(passThroughSpec(names), { rowCount: table.rowCount, columns })
}

function withoutUnknown(spec: FeatureSpec, table: Table, notFeatures: readonly string[]): Table {
  const known = new Set(spec.inputs.map((input) => input.name))
  const columns = table.columns.filter(({ name }) => known.has(name) || !notFeatures.includes(name))
  return { rowCount: table.rowCount, columns }
}

/** f0, f1, … where the table has them, as Python names columns without names; else its numeric columns in order. */
function namelessColumns(
  { booster: { featureNames } }: LoadedModel,
  table: Table,
  notFeatures: readonly string[],
): readonly string[] {
  if (table.columns.some(({ name }) => name === featureNames[0])) return featureNames
  return table.columns
    .filter((column) => column.kind === 'number' && !notFeatures.includes(column.name))
    .map((column) => column.name)
}

/** A bare file, or of a folder the files that `MLmodel` names; without one those with the usual names. */
async function readLocal(path: string): Promise<Map<string, Uint8Array>> {
  const kind = await stat(path).catch(() => undefined)
  if (!kind)
    throw new FdsError('MODEL_NOT_FOUND', { uri: path, reason: 'no such file, folder or model address' })
  // the first bytes say which of XGBoost's formats it is, not the name
  if (kind.isFile()) return new Map([['model.json', await readModelFile(path)]])
  const described = await readNamed(path, ['MLmodel'])
  const names = described.size > 0 ? namedFiles(readModelFolder(described)) : USUAL_FILES
  const files = await readNamed(path, names)
  if (described.size > 0 || files.has('model.json') || files.has('model.ubj')) {
    return new Map([...described, ...files])
  }
  throw new FdsError('MODEL_NOT_FOUND', { uri: path, reason: 'the folder holds no model.json or model.ubj' })
}

const USUAL_FILES = ['model.json', 'model.ubj', 'features.json', 'policy.json']

/** Those of the files that are there. */
async function readNamed(folder: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const name of names) {
    const file = join(folder, name)
    const kind = await stat(file).catch(() => undefined)
    if (kind?.isFile()) files.set(name, await readModelFile(file))
  }
  return files
}
