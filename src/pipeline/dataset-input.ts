import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Table } from '../data/index.ts'
import type { ColumnKind } from '../features/index.ts'
import type { Matrix } from '../math/matrix.ts'
import type { DatasetInput } from '../tracking/index.ts'

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
  return {
    tags: { [CONTEXT_TAG]: as.context },
    dataset: {
      name: as.name,
      digest: matrixDigest(matrix),
      sourceType: 'code',
      source: JSON.stringify({ tags: {} }),
      schema: schemaOf(as.columns.map((name) => ({ name, type: 'float' }))),
      profile: JSON.stringify({
        features_shape: [rowCount, columnCount],
        features_size: size,
        features_nbytes: size * 4,
      }),
    },
  }
}

/** A file as the input of a run: SHA-256 of its bytes (32 of the 64 digits), its path, its columns. Cost O(bytes). */
export async function fileInput(file: string, table: Table): Promise<DatasetInput> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return {
    tags: { [CONTEXT_TAG]: 'train' },
    dataset: {
      name: basename(file),
      digest: hash.digest('hex').slice(0, 32),
      sourceType: 'local',
      source: JSON.stringify({ uri: file }),
      schema: schemaOf(table.columns.map(({ name, kind }) => ({ name, type: MLFLOW_TYPES[kind] }))),
      profile: JSON.stringify({
        num_rows: table.rowCount,
        num_elements: table.rowCount * table.columns.length,
      }),
    },
  }
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

function schemaOf(columns: readonly { readonly name: string; readonly type: string }[]): string {
  return JSON.stringify({ mlflow_colspec: columns.map(({ type, name }) => ({ type, name, required: true })) })
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
