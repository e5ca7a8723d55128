import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { binMatrix } from './binned-matrix.ts'
import { randomRows } from './data.fixture.ts'
import { partitionRows } from './partition-rows.ts'
import { quantileCuts } from './quantile-cuts.ts'

test('separates rows as two filters on the values do, each side in its old order', () => {
  const random = createRandom(3)
  let moved = 0
  for (let round = 0; round < 500; round++) {
    const { x } = randomRows(random, { rows: 40, columns: 5, missing: 0.2 })
    const cuts = quantileCuts(x, round % 2 === 0 ? 6 : 400)
    const binned = binMatrix(x, cuts)
    const feature = random.int(5)
    const binCount = cuts.offsets[feature + 1] - cuts.offsets[feature]
    const split = { feature, bin: random.int(binCount + 1) - 1, missingLeft: random.int(2) === 1 }
    const rows = Int32Array.from({ length: 40 }, (_, i) => i).filter(() => random.next() < 0.8)
    const begin = random.int(5)
    const end = rows.length - random.int(5)

    const threshold = split.bin < 0 ? -Infinity : cuts.values[cuts.offsets[feature] + split.bin]
    const goesLeft = (row: number): boolean => {
      const value = x.values[row * 5 + feature]
      return Number.isNaN(value) ? split.missingLeft : value < threshold
    }
    const part = [...rows.subarray(begin, end)]
    const left = part.filter(goesLeft)
    const right = part.filter((row) => !goesLeft(row))
    const expected = [...rows.subarray(0, begin), ...left, ...right, ...rows.subarray(end)]

    const middle = partitionRows(rows, begin, end, new Int32Array(40), binned, split)
    assert.equal(middle, begin + left.length)
    assert.deepEqual([...rows], expected)
    if (left.length > 0 && right.length > 0) moved++
  }
  assert.ok(moved > 200)
})
