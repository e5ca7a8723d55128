import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { type BinnedMatrix, binMatrix, missingCode, placeOf } from './binned-matrix.ts'
import { matrixOf, randomRows } from './data.fixture.ts'
import { quantileCuts } from './quantile-cuts.ts'

function codeOf(binned: BinnedMatrix, row: number, column: number): number {
  const { firstWord, shift, mask } = placeOf(binned, column)
  return (binned.words[firstWord + row] >>> shift) & mask
}

test('puts each value into the first bin whose bound is above it, in 8 and in 16 bits', () => {
  const random = createRandom(1)
  const widths = new Set<number>()
  for (let round = 0; round < 60; round++) {
    const columns = 1 + random.int(9)
    const { x } = randomRows(random, { rows: 1 + random.int(600), columns, missing: 0.1 })
    const cuts = quantileCuts(x, [16, 255, 256, 400][random.int(4)])
    const binned = binMatrix(x, cuts)
    widths.add(binned.columnsPerWord)
    for (let row = 0; row < x.rowCount; row++) {
      for (let f = 0; f < columns; f++) {
        const value = x.values[row * columns + f]
        const bounds = cuts.values.subarray(cuts.offsets[f], cuts.offsets[f + 1])
        const expected = Number.isNaN(value)
          ? missingCode(cuts, f)
          : bounds.findIndex((bound) => value < bound)
        assert.equal(codeOf(binned, row, f), expected)
      }
    }
  }
  assert.deepEqual(widths, new Set([2, 4]))
})

test('puts a value above all bounds, whose row had weight 0, into the last bin', () => {
  const x = matrixOf([[1], [2], [9]])
  const binned = binMatrix(x, quantileCuts(x, 256, [1, 1, 0]))
  assert.equal(codeOf(binned, 2, 0), 1)
})

test('gives each column slots of its own and the filling columns one shared slot', () => {
  const x = matrixOf([
    [1, 5, 1],
    [2, 5, Number.NaN],
  ])
  const binned = binMatrix(x, quantileCuts(x, 256))
  assert.deepEqual([...binned.slotOffsets], [0, 3, 5, 7])
  assert.equal(binned.slotCount, 8)
})
