// Vectors: GrowthBook gbstats and confseq, as the reference on serving and A/B tests prints them (§3.4a, b).
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import {
  bernoulliConfidenceSequence,
  type ConfidenceSequence,
  confidenceSequence,
  type Moments,
  momentsOf,
  normalLogMixture,
  normalMixtureBoundary,
  relativeDifference,
  welchTestOfMoments,
} from '../index.ts'

const near = (found: number, expected: number, digits: number) =>
  assert.ok(Math.abs(found - expected) <= 0.51 * 10 ** -digits, `${found} beside ${expected}`)

const moments = (n: number, sum: number, squares: number): Moments => ({
  n,
  mean: sum / n,
  variance: (squares - sum ** 2 / n) / (n - 1),
})
const a = moments(3000, 1396.87, 52377.9767)
const b = moments(3461, 2422.7, 134698.29)
const n = a.n + b.n

const sequence = (input: Parameters<typeof confidenceSequence>[0]) =>
  confidenceSequence(input) as ConfidenceSequence

test('the published absolute effect, both sides and one', () => {
  const { difference, standardError } = welchTestOfMoments({ a: b, b: a }) as {
    difference: number
    standardError: number
  }
  near(difference, 0.2343766667, 10)
  near(standardError, 0.1298308125, 10)
  const both = sequence({ difference, standardError, n })
  near((both.high - both.low) / 2, 0.3944931951, 10)
  near(both.pValue!, 0.7601250075, 10)
  // printed as …418; the formula gives …4173
  near(sequence({ difference, standardError, n, side: 'lower' }).low, -0.1265684418, 9)
  assert.equal(sequence({ difference, standardError, n, side: 'lower' }).high, Number.POSITIVE_INFINITY)
})

test('the published relative effect', () => {
  const found = relativeDifference({ challenger: b, champion: a }) as {
    difference: number
    standardError: number
  }
  near(found.difference, 0.5033610859, 10)
  near(found.standardError, 0.3334122146, 10)
  const { low, high } = sequence({ ...found, n, plannedN: 1000 })
  near(low, -0.5584405, 7)
  near(high, 1.5651627, 7)
})

test('it is the mixture sequential probability ratio test', () => {
  const [difference, standardError, alpha, plannedN] = [0.234, 0.13, 0.05, 5000]
  const precision = -2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))
  const v = standardError ** 2
  const mixing = (precision / plannedN) * v * n
  const ratio = Math.sqrt(v / (v + mixing)) * Math.exp((mixing * difference ** 2) / (2 * v * (v + mixing)))
  const reach = Math.sqrt(((v * (v + mixing)) / mixing) * (Math.log((v + mixing) / v) - 2 * Math.log(alpha)))
  const found = sequence({ difference, standardError, n, plannedN, alpha })
  assert.ok(Math.abs(found.high - difference - reach) < 1e-12)
  assert.ok(Math.abs(found.pValue! - Math.min(1, 1 / ratio)) < 1e-12)
})

test('the published normal-mixture boundary', () => {
  near(normalMixtureBoundary({ v: 100, optimalV: 100 }), 30.35209, 5)
  near(normalLogMixture({ s: 10, v: 100, optimalV: 100 }), -0.6510052, 7)
  near(100 / (2 * Math.log(20) + Math.log(1 + 2 * Math.log(20))), 12.60056, 5)
})

test('the published sequences of a rate', () => {
  const interval = (successes: number, trials: number, optimalTrials: number) =>
    bernoulliConfidenceSequence({ successes, trials, optimalTrials })
  for (const [successes, trials, optimal, low, high] of [
    [700, 1000, 100, 0.651629, 0.745949],
    [15, 50, 50, 0.129556, 0.511896],
    [5, 50, 50, 0.013021, 0.269264],
  ] as const) {
    // printed cut off, not rounded
    assert.deepEqual(
      interval(successes, trials, optimal).map((p) => Math.floor(p * 1e6) / 1e6),
      [low, high],
    )
  }
  assert.equal(interval(0, 50, 50)[0], 0)
  assert.equal(interval(50, 50, 50)[1], 1)
})

test('holds at every look together, on means and on rates', () => {
  const random = createRandom(11)
  let [misses, rateMisses] = [0, 0]
  for (let run = 0; run < 400; run++) {
    const values: number[] = []
    let [isMissed, isRateMissed, successes] = [false, false, 0]
    for (let look = 1; look <= 40; look++) {
      for (let i = 0; i < 50; i++) {
        values.push(random.normal())
        if (random.next() < 0.05) successes++
      }
      const { mean, variance } = momentsOf(values)
      const trials = values.length
      const found = sequence({ difference: mean, standardError: Math.sqrt(variance / trials), n: trials })
      isMissed ||= found.low > 0 || found.high < 0
      const rate = bernoulliConfidenceSequence({ successes, trials, optimalTrials: 500 })
      isRateMissed ||= rate[0] > 0.05 || rate[1] < 0.05
    }
    if (isMissed) misses++
    if (isRateMissed) rateMisses++
  }
  // 5 % and three standard errors
  assert.ok(misses <= 33 && rateMisses <= 33, `${misses} and ${rateMisses} of 400`)
})

test('no spread and too few give no answer; what cannot be is refused', () => {
  const common = { difference: 1, standardError: 1, n: 10 }
  assert.deepEqual(confidenceSequence({ ...common, standardError: 0 }), {
    status: 'undefined',
    reason: 'NO_VARIANCE',
  })
  assert.deepEqual(confidenceSequence({ ...common, n: 1 }), { status: 'undefined', reason: 'TOO_FEW_ROWS' })
  assert.throws(() => confidenceSequence({ ...common, alpha: 1 }), { code: 'PARAM_INVALID' })
  assert.throws(() => confidenceSequence({ ...common, plannedN: 0 }), { code: 'PARAM_INVALID' })
  assert.throws(() => bernoulliConfidenceSequence({ successes: 1, trials: 2, optimalTrials: -1 }), {
    code: 'PARAM_INVALID',
  })
})
