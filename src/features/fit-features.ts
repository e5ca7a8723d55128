import type { Table } from '../data/table.ts'
import { FdsError } from '../errors.ts'
import type { Matrix } from '../math/matrix.ts'
import { type FeatureSpec, type SpecFeature, type SpecInput, sealSpec } from './feature-spec.ts'
import { type FittedColumn, fitColumn } from './fit-column.ts'
import { type ColumnRoles, rolesByColumn } from './roles.ts'
import { type TrainingLabels, trainingBlocks } from './target-encoding.ts'
import { transformTable } from './transform-table.ts'

export interface FittedFeatures {
  readonly spec: FeatureSpec
  /** The training rows' features: those of `transformTable`, but target shares leave out each row's own block. */
  readonly matrix: Matrix
  /** Columns that no feature is made of, the label aside. */
  readonly dropped: readonly { readonly column: string; readonly reason: string }[]
}

/**
 * Learns from the training rows how a transaction becomes numbers, and makes their matrix. `labels` holds one
 * 0 or 1 a row; rows should come in time order. By kind of column, in the table's order:
 *
 * - number: itself, as float32, never dropped; so a table of numbers is its own matrix.
 * - boolean: 0 or 1. timestamp: `_hour` (0–23, UTC) and `_weekday` (Monday 0). date: `_weekday` and `_day`.
 *   time: `_hour`.
 * - text with up to 1,000 categories: one ordinal in the order of the texts; an unseen one comes after the last.
 * - text with more: `_frequency`, its share of the rows, and `_target`, its smoothed share of label 1 (see
 *   `smoothingOf`); an unseen category has frequency 0 and the prior. The 10,000 most frequent are kept, the
 *   rest share one entry, which unseen ones then get too.
 * - text that names rows (over 90 % distinct in over 100 rows), or says the same or nothing in every row: dropped.
 *
 * By role: label, id, entity and ignored columns are no features; the time column (seconds, or a timestamp) is
 * replaced by its parts; the amount column is followed by `_cents`. Missing is NaN in every feature. A made
 * name that a column already has gets an underscore.
 *
 * Errors: ROWS_TOO_FEW without rows; TRAINING_DATA_INVALID for labels of another length and when no feature is
 * left; COLUMN_MISSING and COLUMN_TYPE_INVALID for roles. Cost O(rows × columns + categories log categories).
 *
 * @example
 * const amount = { name: 'amount', kind: 'number', values: Float64Array.of(5.25, 7) } as const
 * const table = { rowCount: 2, columns: [amount] }
 * const fitted = fitFeatures({ table, labels: Uint8Array.of(0, 1), roles: { amount: 'amount' } })
 * Array.from(fitted.matrix.values) // [5.25, 25, 7, 0]
 */
export function fitFeatures(input: {
  readonly table: Table
  readonly labels: Uint8Array
  readonly roles: ColumnRoles
}): FittedFeatures {
  const { table, labels, roles } = input
  checkTraining(table, labels)
  const training = prepareLabels(labels)
  const roleOf = rolesByColumn(table, roles)
  const fitted = table.columns.map((column) => fitColumn(column, roleOf.get(column.name), training))
  const spec = sealSpec({
    version: 1,
    rows: table.rowCount,
    prior: training.prior,
    inputs: withLabel(
      fitted.map((column) => column.input),
      roles.label,
    ),
    features: withUniqueNames(fitted),
  })
  return { spec, matrix: trainingMatrix(spec, table, fitted), dropped: fitted.flatMap(reasonOf) }
}

function checkTraining(table: Table, labels: Uint8Array): void {
  if (table.rowCount === 0) throw new FdsError('ROWS_TOO_FEW', { needed: 1, got: 0, what: 'Training data' })
  if (labels.length === table.rowCount) return
  const reason = `there must be one label a row, got ${labels.length} labels for ${table.rowCount} rows`
  throw new FdsError('TRAINING_DATA_INVALID', { reason })
}

function prepareLabels(labels: Uint8Array): TrainingLabels {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  return { labels, prior: positives / labels.length, blocks: trainingBlocks(labels) }
}

/** A table given without its label: later files may carry it. */
function withLabel(inputs: readonly SpecInput[], label: string | undefined): readonly SpecInput[] {
  if (label === undefined || inputs.some((input) => input.name === label)) return inputs
  return [...inputs, { name: label, kind: 'number', used: false, role: 'label' }]
}

/** The features of all columns; a made name gives way to a column's own. */
function withUniqueNames(fitted: readonly FittedColumn[]): readonly SpecFeature[] {
  const features = fitted.flatMap((column) => column.features)
  if (features.length === 0) {
    throw new FdsError('TRAINING_DATA_INVALID', { reason: 'no column is left to make a feature of' })
  }
  const taken = new Set(fitted.map((column) => column.input.name))
  return features.map((feature) => {
    if (feature.name === feature.input) return feature
    let name = feature.name
    while (taken.has(name)) name += '_'
    taken.add(name)
    return { ...feature, name }
  })
}

function reasonOf({ input, dropped }: FittedColumn): { column: string; reason: string }[] {
  return dropped === undefined ? [] : [{ column: input.name, reason: dropped }]
}

/** The matrix of the training rows, with target shares that leave out each row's own block. */
function trainingMatrix(spec: FeatureSpec, table: Table, fitted: readonly FittedColumn[]): Matrix {
  const matrix = transformTable(spec, table)
  const { columnCount, values } = matrix
  const targets = new Map(fitted.map((column) => [column.input.name, column.trainingTarget]))
  spec.features.forEach(({ input, encoder }, column) => {
    if (encoder.kind !== 'target') return
    targets.get(input)!.forEach((value, row) => {
      values[row * columnCount + column] = value
    })
  })
  return matrix
}
