import { labelsOf, SIMULATED_ROLES, simulateTransactions, splitByTime } from '../../src/data/index.ts'
import { createRandom, type Random, takeRows } from '../../src/math/index.ts'
import { type Labelled, largest, withMissing } from './data-files.ts'
import { encodeParts } from './encode-parts.ts'

/** The part to train on and the part to measure. */
export interface Parts {
  readonly train: Labelled
  readonly test: Labelled
}

/** A data set that exists on any machine: `rows` to train on, as many held out. */
export interface QualitySet {
  readonly name: string
  readonly make: (options: { rows: number; seed: number }) => Parts
}

export const QUALITY_SETS: readonly QualitySet[] = [
  { name: 'simulated payments, 1 % fraud, later half held out', make: simulated },
  { name: 'interactions, 1 % positives', make: synthetic(20, interactions, 0.01) },
  { name: 'sixty weak features, 20 % missing', make: weakFeatures },
  { name: 'heavy-tailed amounts, counts and codes', make: synthetic(15, amounts, 0.03) },
  { name: 'drift, later half held out', make: synthetic(20, drifting, 0.08) },
]

function simulated({ rows, seed }: { rows: number; seed: number }): Parts {
  const { table } = simulateTransactions({ rows: 2 * rows, seed })
  const split = splitByTime({ table, time: SIMULATED_ROLES.time, holdout: 0.5 })
  const labels = labelsOf(table, SIMULATED_ROLES.label)
  return encodeParts({ table, labels, roles: SIMULATED_ROLES, train: split.train, test: split.holdout })
}

/** Fills one row and gives its score; `age` goes from 0 for the first row to 1 for the last. */
type FillRow = (row: Float32Array, random: Random, age: number) => number

function synthetic(columns: number, fillRow: FillRow, share: number): QualitySet['make'] {
  return ({ rows, seed }) => {
    const random = createRandom(seed)
    const values = new Float32Array(2 * rows * columns)
    const scores = Float64Array.from({ length: 2 * rows }, (_, row) =>
      fillRow(values.subarray(row * columns, (row + 1) * columns), random, row / (2 * rows)),
    )
    return halves({ x: { rowCount: 2 * rows, columnCount: columns, values }, y: largest(scores, share) })
  }
}

function weakFeatures(options: { rows: number; seed: number }): Parts {
  const { train, test } = synthetic(60, weak, 0.1)(options)
  const random = createRandom(options.seed).fork('missing')
  return { train: withMissing(train, 0.2, random), test: withMissing(test, 0.2, random) }
}

function interactions(row: Float32Array, random: Random): number {
  fillNormal(row, random)
  const switched = row[6]! > 0.5 ? 2 * row[7]! : -row[8]!
  return row[0]! + row[1]! * row[2]! + row[3]! * row[4]! * row[5]! + switched + random.normal()
}

function weak(row: Float32Array, random: Random): number {
  fillNormal(row, random)
  const sum = row.reduce((total, value, column) => total + value * (0.1 + 0.1 * ((column * 7) % 5)), 0)
  return sum + 2 * random.normal()
}

/** Amounts to the cent, whole amounts, counts and codes: many values are equal. */
function amounts(row: Float32Array, random: Random): number {
  for (let column = 0; column < row.length; column++) {
    const heavy = Math.exp(1.5 * random.normal())
    const kind = column % 3
    row[column] =
      kind === 0 ? Math.round(5000 * heavy) / 100 : kind === 1 ? Math.floor(heavy) : random.int(12)
  }
  const usual = Math.log(1 + row[3]!)
  const rare = row[2]! === 3 || row[5]! === 7 ? 1 : 0
  return Math.log(1 + row[0]!) - usual + 0.4 * row[1]! + 1.5 * rare * Number(row[4]! > 2) + random.normal()
}

/** Effects fade, turn and appear while the rows go on. */
function drifting(row: Float32Array, random: Random, age: number): number {
  fillNormal(row, random)
  row[0]! += age
  const turning = Math.cos(2 * age) * row[1]! + Math.sin(2 * age) * row[2]!
  return (1 - 0.5 * age) * row[0]! + turning + row[3]! * row[4]! + age * row[5]! + random.normal()
}

function fillNormal(row: Float32Array, random: Random): void {
  for (let column = 0; column < row.length; column++) row[column] = random.normal()
}

function halves({ x, y }: Labelled): Parts {
  const half = x.rowCount / 2
  const part = (first: number): Labelled => {
    const rows = Int32Array.from({ length: half }, (_, row) => first + row)
    return { x: takeRows(x, rows), y: y.slice(first, first + half) }
  }
  return { train: part(0), test: part(half) }
}
