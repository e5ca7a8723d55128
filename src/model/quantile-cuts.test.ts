// Golden cuts: XGBoost 3.2.0, see test/fixtures/model/make.py. They must be equal to the last bit.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { floatsOfBase64, matrixOf, randomRows, readJsonFixture } from './data.fixture.ts'
import { quantileCuts, upperBound } from './quantile-cuts.ts'

interface Golden {
  readonly rows: string
  readonly weight: string
  readonly cases: readonly {
    readonly params: { readonly max_bin: number }
    readonly weighted: boolean
    readonly cutStarts: readonly number[]
    readonly cuts: string
  }[]
}

test("equals XGBoost's cuts, pruned and unpruned, weighted and not", () => {
  const golden = readJsonFixture<Golden>('training.json')
  const x = { rowCount: 500, columnCount: 6, values: floatsOfBase64(golden.rows) }
  for (const { params, weighted, cutStarts, cuts } of golden.cases) {
    const ours = quantileCuts(x, params.max_bin, weighted ? floatsOfBase64(golden.weight) : undefined)
    const theirs = floatsOfBase64(cuts)
    for (let f = 0; f < 6; f++) {
      // XGBoost lists the number below the smallest value first
      const [below, ...bounds] = theirs.subarray(cutStarts[f], cutStarts[f + 1])
      assert.equal(ours.minValues[f], below)
      assert.deepEqual([...ours.values.subarray(ours.offsets[f], ours.offsets[f + 1])], bounds)
    }
  }
})

test('separates all distinct values when these are at most maxBin', () => {
  const { offsets, values } = quantileCuts(matrixOf([[3], [1], [2], [3], [1]]), 3)
  assert.deepEqual([...offsets], [0, 3])
  assert.deepEqual([...values].slice(0, 2), [2, 3])
  assert.ok(values[2] > 3)
})

test('never makes more bins than asked, and bounds rise to above the largest value', () => {
  const random = createRandom(5)
  for (let round = 0; round < 200; round++) {
    const maxBin = 2 + random.int(40)
    const { x } = randomRows(random, { rows: 1 + random.int(300), columns: 3, missing: 0.2 })
    const { offsets, values, minValues } = quantileCuts(x, maxBin)
    for (let f = 0; f < 3; f++) {
      const bounds = values.subarray(offsets[f], offsets[f + 1])
      assert.ok(bounds.length >= 1 && bounds.length <= maxBin)
      for (let i = 1; i < bounds.length; i++) assert.ok(bounds[i] > bounds[i - 1])
      for (let row = 0; row < x.rowCount; row++) {
        const value = x.values[row * 3 + f]
        if (!Number.isNaN(value)) assert.ok(value > minValues[f] && value < bounds[bounds.length - 1])
      }
    }
  }
})

test('holds ranks within twice a bin of even when values are distinct', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => i)
  const cuts = quantileCuts({ rowCount: 10_000, columnCount: 1, values }, 100)
  assert.equal(cuts.values.length, 100)
  for (let i = 1; i < 99; i++) assert.ok(cuts.values[i] - cuts.values[i - 1] < 200)
})

test('keeps one code free for missing values at 256 bins', () => {
  const present = Array.from({ length: 1000 }, (_, i) => [i])
  assert.equal(quantileCuts(matrixOf(present), 256).values.length, 256)
  assert.equal(quantileCuts(matrixOf([...present, [Number.NaN]]), 256).values.length, 255)
  assert.equal(quantileCuts(matrixOf([...present, [Number.NaN]]), 300).values.length, 300)
})

test('gives a column without values one bin', () => {
  const cuts = quantileCuts(matrixOf([[Number.NaN], [Number.NaN]]), 256)
  assert.deepEqual([...cuts.offsets], [0, 1])
  assert.deepEqual([...cuts.hasMissing], [1])
})

test('leaves rows of weight 0 out', () => {
  const cuts = quantileCuts(matrixOf([[1], [2], [9]]), 256, [1, 1, 0])
  assert.equal(cuts.values.length, 2)
  assert.ok(cuts.values[1] < 9)
})

test('does not tell 0 from -0', () => {
  assert.equal(quantileCuts(matrixOf([[0], [-0], [1]]), 256).values.length, 2)
})

test('finds upper bounds as a linear search does', () => {
  const random = createRandom(6)
  for (let round = 0; round < 2000; round++) {
    const sorted = Float32Array.from({ length: random.int(20) }, () => random.int(10)).sort()
    const from = random.int(sorted.length + 1)
    const to = from + random.int(sorted.length - from + 1)
    const value = random.int(12) - 1
    let expected = from
    while (expected < to && sorted[expected] <= value) expected++
    assert.equal(upperBound(sorted, from, to, value), expected)
  }
})
