import {
  type FeatureSpec,
  fitFeatures,
  labelsOf,
  type Matrix,
  SIMULATED_ROLES,
  selectRows,
  simulateTransactions,
  type Table,
  transformTable,
} from 'fds-system'

/** A stretch of payments: as they arrived, as the model sees them, and what they turned out to be. */
export interface PaymentPart {
  readonly table: Table
  readonly x: Matrix
  readonly y: Uint8Array
}

/** The payments of the course, in the order of time: to learn from, to choose by, to measure with. */
export interface CoursePayments {
  readonly spec: FeatureSpec
  readonly train: PaymentPart
  readonly valid: PaymentPart
  readonly test: PaymentPart
}

const ROWS = 100_000
const SEED = 2026

/** 100,000 simulated payments of 180 days, some 1 % of them fraud, cut at 60 and 80 %; the same every time. */
export function coursePayments(): CoursePayments {
  const { table } = simulateTransactions({ rows: ROWS, seed: SEED })
  const [train, valid, test] = [
    between(table, 0, 0.6),
    between(table, 0.6, 0.8),
    between(table, 0.8, 1),
  ] as const
  const y = labelsOf(train, SIMULATED_ROLES.label)
  const { spec, matrix } = fitFeatures({ table: train, labels: y, roles: SIMULATED_ROLES })
  const partOf = (part: Table): PaymentPart => ({
    table: part,
    x: transformTable(spec, part),
    y: labelsOf(part, SIMULATED_ROLES.label),
  })
  return { spec, train: { table: train, x: matrix, y }, valid: partOf(valid), test: partOf(test) }
}

/** The rows between two shares of the table. */
export function between(table: Table, from: number, to: number): Table {
  const first = Math.round(from * table.rowCount)
  const length = Math.round(to * table.rowCount) - first
  return selectRows(
    table,
    Int32Array.from({ length }, (_, at) => first + at),
  )
}
