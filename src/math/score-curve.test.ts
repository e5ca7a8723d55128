import assert from 'node:assert/strict'
import test from 'node:test'
import { confusionMatrix } from './confusion.ts'
import { createRandom } from './random.ts'
import { scoreCurve } from './score-curve.ts'

test('every point equals the counts of one pass at that threshold', () => {
  const random = createRandom(3)
  for (let round = 0; round < 200; round++) {
    const rows = 1 + random.int(60)
    const levels = [2, 10, 1e9][round % 3]
    const labels = Uint8Array.from({ length: rows }, () => random.int(2))
    const scores = Float64Array.from({ length: rows }, () => random.int(levels) / levels - 0.3)
    // multiples of a quarter add up without rounding
    const weight = round % 2 ? Float64Array.from({ length: rows }, () => random.int(4) / 4) : undefined
    const { thresholds, truePositives, falsePositives } = scoreCurve(labels, scores, weight)

    const weighted = scores.filter((_, i) => weight === undefined || weight[i] > 0)
    assert.deepEqual(
      Array.from(thresholds),
      [...new Set(weighted)].sort((a, b) => b - a),
    )
    for (let i = 0; i < thresholds.length; i++) {
      const { tp, fp } = confusionMatrix(labels, scores, thresholds[i], weight)
      assert.deepEqual([truePositives[i], falsePositives[i]], [tp, fp])
    }
  }
})

test('no rows, or none with weight, give a curve without points', () => {
  assert.equal(scoreCurve(new Uint8Array(0), new Float64Array(0)).thresholds.length, 0)
  assert.equal(scoreCurve(Uint8Array.of(1), Float64Array.of(1), Float64Array.of(0)).thresholds.length, 0)
})
