import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, isNoAnswer } from '../math/index.ts'
import { averagePrecisionScore } from './average-precision.ts'
import { averagePrecisionInterval } from './average-precision-interval.ts'

test('is the logit interval of Boyd, Eng and Page', () => {
  const yTrue = [0, 0, 1, 1]
  const scores = [0.1, 0.4, 0.35, 0.8]
  // average precision 5/6 of 2 positives: log 5 ± 1.96 / sqrt(2 · 5/6 · 1/6)
  const interval = averagePrecisionInterval(yTrue, scores)
  assert.ok(!isNoAnswer(interval))
  const reach = 1.959963984540054 / Math.sqrt((2 * 5) / 36)
  const expected = [-reach, reach].map((side) => 1 / (1 + Math.exp(-(Math.log(5) + side))))
  for (const end of [0, 1]) assert.ok(Math.abs(interval[end] - expected[end]) < 1e-12)
})

test('holds the true average precision of fraud-like scores at least 93 times in 100', () => {
  // normal scores two standard deviations apart, 1 % positives; the truth by the integral of precision over recall
  const truth = 0.26872
  const random = createRandom(1)
  const rounds = 300
  let covered = 0
  for (let round = 0; round < rounds; round++) {
    const yTrue = Uint8Array.from({ length: 3000 }, (_, i) => Number(i < 30))
    const scores = Float64Array.from(yTrue, (label) => random.normal() + 2 * label)
    const interval = averagePrecisionInterval(yTrue, scores)
    assert.ok(!isNoAnswer(interval))
    if (interval[0] <= truth && truth <= interval[1]) covered++
  }
  assert.ok(covered / rounds > 0.93, `${covered} of ${rounds}`)
})

test('holds the score itself, and more of it the surer it must be', () => {
  const yTrue = [0, 1, 0, 1, 1, 0]
  const scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
  const [wide, narrow] = [0.99, 0.5].map((confidence) =>
    averagePrecisionInterval(yTrue, scores, { confidence }),
  )
  const value = Number(averagePrecisionScore(yTrue, scores))
  assert.ok(!isNoAnswer(wide) && !isNoAnswer(narrow))
  assert.ok(0 < wide[0] && wide[0] < narrow[0] && narrow[0] < value)
  assert.ok(value < narrow[1] && narrow[1] < wide[1] && wide[1] < 1)
})

test('what the rows cannot answer comes with its reason', () => {
  const none = (reason: string) => ({ status: 'undefined', reason })
  assert.deepEqual(averagePrecisionInterval([], []), none('NO_ROWS'))
  assert.deepEqual(averagePrecisionInterval([0, 0], [0, 1]), none('NO_POSITIVES'))
  assert.deepEqual(averagePrecisionInterval([0, 1], [0, 1]), none('NO_VARIANCE'))
})
