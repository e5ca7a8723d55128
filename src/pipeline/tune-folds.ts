import { labelsOf, requireBothClasses, selectRows, splitByTime, type Table } from '../data/index.ts'
import { type ColumnRoles, featureNames, fitFeatures, transformTable } from '../features/index.ts'
import type { Matrix } from '../math/index.ts'
import { type QuantileMatrix, quantileMatrix } from '../model/index.ts'

/** Rows to train on and later rows to measure on; all of it in memory that threads share. */
export interface Fold {
  readonly x: QuantileMatrix
  readonly y: Uint8Array
  readonly validation: { readonly x: Matrix; readonly y: Uint8Array }
  readonly featureNames: readonly string[]
}

export interface FoldsInput {
  readonly table: Table
  readonly roles: ColumnRoles & { readonly label: string }
  /** Share of the rows, last in time, that no fold sees. */
  readonly holdout: number
  readonly folds: number
  readonly maxBin: number
}

/** The parts of the rows, in time, that only ever train. */
const PARTS_BEFORE = 4

/**
 * Cuts the rows before the holdout into folds in time. They are divided into `folds` + 4 equal parts; each of the last
 * `folds` parts measures what all rows before it trained: one fold is the last fifth after four fifths. Features are
 * fitted, and rows binned, on each fold's training rows alone.
 *
 * Errors: those of `splitByTime`; LABEL_ONE_CLASS where a part lacks a class.
 */
export function cutFolds(input: FoldsInput): readonly Fold[] {
  const { table, roles, folds } = input
  const labels = labelsOf(table, roles.label)
  requireBothClasses(labels, roles.label)
  const time = roles.time === undefined ? {} : { time: roles.time }
  const { train: rows } = splitByTime({ table, ...time, holdout: input.holdout })
  return foldBounds(rows.length, folds).map(([begin, end], fold) => {
    const part = (of: Int32Array, what: string) => {
      const y = shared(new Uint8Array(of.length))
      for (let i = 0; i < of.length; i++) y[i] = labels[of[i]!]!
      requireBothClasses(y, roles.label, `the ${what} rows of fold ${fold + 1} of ${folds}`)
      return { table: selectRows(table, of), y }
    }
    return makeFold(input, {
      train: part(rows.subarray(0, begin), 'training'),
      validation: part(rows.subarray(begin, end), 'validation'),
    })
  })
}

/** Where the validation rows of each fold begin and end, among rows in time order. */
export function foldBounds(
  rowCount: number,
  folds: number,
): readonly (readonly [begin: number, end: number])[] {
  const at = (part: number): number => Math.round((rowCount * part) / (folds + PARTS_BEFORE))
  return Array.from({ length: folds }, (_, fold) => [at(fold + PARTS_BEFORE), at(fold + PARTS_BEFORE + 1)])
}

interface Part {
  readonly table: Table
  readonly y: Uint8Array
}

function makeFold({ roles, maxBin }: FoldsInput, parts: { train: Part; validation: Part }): Fold {
  const { train, validation } = parts
  const { spec, matrix } = fitFeatures({ table: train.table, labels: train.y, roles })
  const x = transformTable(spec, validation.table)
  return {
    x: quantileMatrix(matrix, { maxBin }),
    y: train.y,
    validation: { x: { ...x, values: shared(x.values) }, y: validation.y },
    featureNames: featureNames(spec),
  }
}

/** A copy in memory that threads share. */
function shared<Values extends Uint8Array | Float32Array>(values: Values): Values {
  const Kind = values.constructor as new (buffer: SharedArrayBuffer) => Values
  const copy = new Kind(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
