import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Table } from '../data/index.ts'
import type { ColumnKind } from '../features/index.ts'
import type { Matrix } from '../math/matrix.ts'
import { createDataset, type DatasetInput, fileDigest } from '../tracking/index.ts'

/** What a data set was to a run; MLflow's autologging has these two. */
export type DatasetContext = 'train' | 'eval'

/**
 * A matrix as the input of a run. Its digest is the one that MLflow's client gives the same numbers in a DMatrix:
 * eight digits of the MD5 of the first 10,000 values and the shape, so that equal data of a Python run shows as equal.
 * The schema is the signature: names in order, all float32. Cost O(1) in the rows.
 */
export function matrixInput(
  matrix: Matrix,
  as: { readonly name: string; readonly context: DatasetContext; readonly columns: readonly string[] },
): DatasetInput {
  const { rowCount, columnCount } = matrix
  const size = rowCount * columnCount
  const dataset = createDataset({
    name: as.name,
    digest: matrixDigest(matrix),
    columns: as.columns.map((name) => ({ type: 'float', name })),
    profile: { features_shape: [rowCount, columnCount], features_size: size, features_nbytes: size * 4 },
  })
  return { tags: { [CONTEXT_TAG]: as.context }, dataset }
}

/** A file as the input of a run: a digest of all its bytes, its path, its columns. Cost O(bytes). */
export async function fileInput(file: string, { rowCount, columns }: Table): Promise<DatasetInput> {
  const dataset = createDataset({
    name: basename(file),
    digest: await fileDigest(file),
    source: file,
    columns: columns.map(({ name, kind }) => ({ type: MLFLOW_TYPES[kind], name })),
    profile: { num_rows: rowCount, num_elements: rowCount * columns.length },
  })
  return { tags: { [CONTEXT_TAG]: 'train' }, dataset }
}

const CONTEXT_TAG = 'mlflow.data.context'

const MLFLOW_TYPES: Readonly<Record<ColumnKind, string>> = {
  number: 'double',
  boolean: 'boolean',
  timestamp: 'datetime',
  date: 'datetime',
  time: 'string',
  text: 'string',
}

const DIGEST_VALUES = 10_000

/** `compute_numpy_digest` of `mlflow/data/digest_utils.py`; a missing value is 0 there. */
function matrixDigest({ rowCount, columnCount, values }: Matrix): string {
  const first = Float32Array.from(values.subarray(0, Math.min(rowCount * columnCount, DIGEST_VALUES)), orZero)
  const bits = BigUint64Array.from(new Uint32Array(first.buffer), (word) => mix(BigInt(word)))
  return createHash('md5')
    .update(bits)
    .update(BigInt64Array.of(BigInt(rowCount), BigInt(columnCount)))
    .digest('hex')
    .slice(0, 8)
}

/** NaN and -0 have several bit patterns. */
function orZero(value: number): number {
  return Number.isNaN(value) || value === 0 ? 0 : value
}

/** The last step of pandas' `hash_array`, that of splitmix64. */
function mix(word: bigint): bigint {
  const first = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n)
  const second = BigInt.asUintN(64, (first ^ (first >> 27n)) * 0x94d049bb133111ebn)
  return second ^ (second >> 31n)
}
