import { createRandom } from '../../src/math/index.ts'
import { type Labelled, largest } from '../trees/data-files.ts'

/** Share of the rows that are fraud. */
const FRAUD_SHARE = 0.02

/**
 * Columns as payments have them: amounts with a long tail, counts, switches and plain measures, one in twenty values
 * missing. A row is fraud where a sum of single effects, joint effects and noise is largest; two thirds of the columns
 * say nothing. Another seed is another draw of the same world.
 */
export function fraudData({
  rows,
  columns,
  seed,
}: {
  rows: number
  columns: number
  seed: number
}): Labelled {
  const random = createRandom(seed)
  const values = new Float32Array(rows * columns)
  const score = new Float64Array(rows)
  const known = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) known[column] = random.normal()
    score[row] = riskOf(known) + 1.5 * random.normal()
    for (let column = 0; column < columns; column++) {
      const isMissing = random.next() < 0.05
      values[row * columns + column] = isMissing ? Number.NaN : shaped(known[column]!, column)
    }
  }
  return { x: { rowCount: rows, columnCount: columns, values }, y: largest(score, FRAUD_SHARE) }
}

/** What the columns say together; the last two thirds of them are not asked. */
function riskOf(z: Float64Array): number {
  const single = z[0]! + 0.7 * Math.max(0, z[1]!) ** 2 - 0.8 * z[2]! + 0.6 * Math.sin(3 * z[3]!)
  const joint = 1.2 * z[4]! * z[5]! + (z[6]! > 0.5 && z[7]! > 0 ? 2 : 0) + (z[8]! > 1 ? z[9]! : 0)
  const weak = 0.3 * (z[10]! + z[11]! - z[12]! + z[13]! * z[14]! + Math.abs(z[15]!))
  return single + joint + weak
}

/** The same measure as an amount, a count, a switch or itself, by the column's number. */
function shaped(z: number, column: number): number {
  if (column % 4 === 0) return Math.exp(1.5 * z + 3)
  if (column % 4 === 1) return Math.round(Math.exp(0.8 * z + 1))
  if (column % 8 === 7) return z > 0.5 ? 1 : 0
  return z
}
