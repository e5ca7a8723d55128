import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { binMatrix, missingCode } from './binned-matrix.ts'
import { randomRows } from './data.fixture.ts'
import { buildHistogram, createHistogram, subtractHistogram } from './histogram.ts'
import { quantileCuts } from './quantile-cuts.ts'

/** The sums of one bin, by a pass over the rows that reads the float matrix. */
function slowSums(
  x: { columnCount: number; values: Float32Array },
  rows: Int32Array,
  gradients: Float32Array,
  isIn: (value: number) => boolean,
  column: number,
): [number, number] {
  let gradient = 0
  let hessian = 0
  for (const row of rows) {
    if (!isIn(x.values[row * x.columnCount + column])) continue
    gradient += gradients[2 * row]
    hessian += gradients[2 * row + 1]
  }
  return [gradient, hessian]
}

test('sums gradients and hessians as a slow pass over the values does, bit for bit', () => {
  const random = createRandom(2)
  const widths = new Set<number>()
  for (let round = 0; round < 20; round++) {
    const columns = 1 + random.int(7)
    const { x } = randomRows(random, { rows: 400, columns, missing: 0.1 })
    const cuts = quantileCuts(x, round % 2 === 0 ? 8 : 300)
    const binned = binMatrix(x, cuts)
    widths.add(binned.columnsPerWord)
    const gradients = Float32Array.from({ length: 800 }, () => random.normal())
    const rows = Int32Array.from({ length: 400 }, (_, i) => i).filter(() => random.next() < 0.7)
    const histogram = createHistogram(binned).fill(Number.NaN)
    const begin = random.int(50)
    buildHistogram(histogram, binned, gradients, rows, begin, rows.length)

    const part = rows.subarray(begin)
    for (let f = 0; f < columns; f++) {
      const bounds = cuts.values.subarray(cuts.offsets[f], cuts.offsets[f + 1])
      for (let bin = 0; bin <= missingCode(cuts, f); bin++) {
        const isIn = (value: number): boolean =>
          bin === bounds.length
            ? Number.isNaN(value)
            : value < bounds[bin] && (bin === 0 || value >= bounds[bin - 1])
        const slot = 2 * (binned.slotOffsets[f] + bin)
        assert.deepEqual(
          [histogram[slot], histogram[slot + 1]],
          slowSums(x, part, gradients, isIn, f),
          `column ${f}, bin ${bin}`,
        )
      }
    }
  }
  assert.deepEqual(widths, new Set([2, 4]))
})

test("subtracts one child's sums from the parent's", () => {
  const parent = Float64Array.of(5, 3, 2, 1)
  subtractHistogram(parent, Float64Array.of(1, 1, 2, 0.5))
  assert.deepEqual([...parent], [4, 2, 0, 0.5])
})
