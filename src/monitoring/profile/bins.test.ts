import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { binCuts, countInBins } from './bins.ts'
import { DistinctEstimate } from './distinct-estimate.ts'
import { summarize } from './number-summary.ts'

const random = createRandom(8)

test('counting is what a walk over the cuts gives, for any number of cuts', () => {
  const special = [Number.NaN, Infinity, -Infinity, 0, -0, Number.MAX_VALUE, Number.MIN_VALUE]
  for (let bins = 2; bins <= 40; bins++) {
    const values = Array.from({ length: 300 }, () => Math.round(8 * random.normal()) / 4)
    const cuts = binCuts(values, bins)
    const mixed = [...special, ...values, ...cuts]
    assert.deepEqual([...countInBins(mixed, cuts)], walked(mixed, cuts), `${bins} bins`)
  }
})

test('cuts are finite at the ends of the numbers', () => {
  assert.deepEqual(binCuts([-Number.MAX_VALUE, Number.MAX_VALUE], 10), [-Number.MAX_VALUE, Number.MAX_VALUE])
  const wide = Array.from({ length: 21 }, (_, i) => (i - 10) * 1.7e307)
  assert.ok(binCuts(wide, 10).every(Number.isFinite))
})

test('moments survive a mean that is large beside the spread', () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => 1e9 + (i % 10))
  const { mean, m2 } = summarize(values)
  assert.ok(Math.abs(mean! - (1e9 + 4.5)) < 1e-6)
  assert.ok(Math.abs(m2! / 82_500 - 1) < 1e-12)
})

test('moments that overflow are none', () => {
  const { mean, m2, min, max } = summarize(Float64Array.of(Number.MAX_VALUE, Number.MAX_VALUE))
  assert.deepEqual(
    { mean, m2, min, max },
    { mean: null, m2: null, min: Number.MAX_VALUE, max: Number.MAX_VALUE },
  )
})

test('different texts are counted within a tenth, few of them exactly', () => {
  for (const count of [0, 1, 2, 10, 30]) assert.equal(Math.round(estimateOf(count).count), count)
  for (const count of [300, 1000, 3000, 10_000, 100_000]) {
    assert.ok(Math.abs(estimateOf(count).count / count - 1) < 0.1, `${count}`)
  }
})

test('an estimate of parts is that of the whole, texts that both have counted once', () => {
  const merged = estimateOf(700).merge(estimateOf(1000, 500))
  assert.deepEqual(merged.toJSON(), estimateOf(1000).toJSON())
  assert.equal(DistinctEstimate.parse(merged.toJSON()).count, merged.count)
})

function walked(values: readonly number[], cuts: readonly number[]): number[] {
  const counts = new Array<number>(cuts.length + 2).fill(0)
  for (const value of values) {
    const bin = cuts.findIndex((cut) => value <= cut)
    counts[Number.isNaN(value) ? cuts.length + 1 : bin < 0 ? cuts.length : bin]! += 1
  }
  return counts
}

function estimateOf(to: number, from = 0): DistinctEstimate {
  const estimate = new DistinctEstimate()
  for (let i = from; i < to; i++) estimate.add(`card-${i}`)
  return estimate
}
