import { type Column, cellOf, type Table } from '../data/table.ts'
import type { Cell } from '../data/transaction.ts'
import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import { codesIn } from './category-table.ts'
import { type CompiledInput, compileSpec } from './compile-spec.ts'
import type { Encode } from './encode.ts'
import type { FeatureSpec } from './feature-spec.ts'
import { EXPECTED } from './read-cell.ts'

/**
 * The model's matrix of a table: each row as `createRowTransformer` makes it of that row's JSON form
 * (`tableRows`), bit for bit. Columns may come in any order; those that no feature is made of (label, id,
 * entity, ignored) may be absent and are not read.
 *
 * A column of another kind is read value by value as live JSON would be: ISO texts where timestamps are
 * expected, numbers where texts are (`String(number)`), 0 and 1 where booleans are; a column without any
 * value is missing whatever its kind. NaN, infinite and beyond-float32 numbers are missing.
 *
 * Errors: FEATURES_MISMATCH names columns that the model needs and the table lacks, and columns that the
 * model does not know; COLUMN_TYPE_INVALID for a value of the wrong type. Cost O(rows × features).
 */
export function transformTable(spec: FeatureSpec, table: Table): Matrix {
  const { inputs, features } = compileSpec(spec)
  const values = new Float32Array(table.rowCount * features.length)
  const sources = readColumns(inputs, table)
  features.forEach(({ source, encode }, column) => {
    encodeColumn(sources[source]!, encode, values, column, features.length)
  })
  return { rowCount: table.rowCount, columnCount: features.length, values }
}

/** The values of each used column by the input's place; of a text column the codes. */
function readColumns(inputs: ReadonlyMap<string, CompiledInput>, table: Table): (Float64Array | undefined)[] {
  checkColumns(inputs, table)
  const sources: (Float64Array | undefined)[] = []
  for (const column of table.columns) {
    const input = inputs.get(column.name)!
    if (input.used) sources[input.index] = readColumn(input, column, table.rowCount)
  }
  return sources
}

function checkColumns(inputs: ReadonlyMap<string, CompiledInput>, table: Table): void {
  const given = new Set(table.columns.map((column) => column.name))
  const needed = [...inputs.values()].filter((input) => input.used).map((input) => input.name)
  const missing = needed.filter((name) => !given.has(name))
  const unknown = [...given].filter((name) => !inputs.has(name))
  if (missing.length === 0 && unknown.length === 0) return
  const got = needed.length - missing.length + unknown.length
  throw new FdsError('FEATURES_MISMATCH', { expected: needed.length, got, missing, unknown })
}

function readColumn(input: CompiledInput, column: Column, rowCount: number): Float64Array {
  if (column.kind !== input.kind) return readCells(input, column, rowCount)
  return column.kind === 'text' ? codesIn(column, input.codeOf) : column.values
}

/** Reads a column of another kind through the reader of live values. */
function readCells(input: CompiledInput, column: Column, rowCount: number): Float64Array {
  const values = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const cell = jsonCell(column, row)
    const value = input.read(cell)
    if (value === undefined) {
      const got = `${JSON.stringify(cell)} in row ${row + 1}`
      throw new FdsError('COLUMN_TYPE_INVALID', { column: column.name, expected: EXPECTED[input.kind], got })
    }
    values[row] = value
  }
  return values
}

/** The cell as JSON carries it, which has no infinite numbers. */
function jsonCell(column: Column, row: number): Cell {
  const cell = cellOf(column, row)
  return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell
}

function encodeColumn(
  source: Float64Array,
  encode: Encode,
  out: Float32Array,
  column: number,
  columnCount: number,
): void {
  for (let row = 0, at = column; row < source.length; row++, at += columnCount) out[at] = encode(source[row]!)
}
