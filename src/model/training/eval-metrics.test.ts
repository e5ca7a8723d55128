// Golden values: evals_result of XGBoost 3.2.0 with weights and without (test/fixtures/model/make_prediction.py),
// which sums in float32 in part: equal to 1e-6. Slow definitions, with many ties.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { floatsOfBase64, readJsonFixture } from '../data.fixture.ts'
import type { EvalMetric } from '../params.ts'
import { curveOf, evaluate, isMaximised, type Scored } from './eval-metrics.ts'

function randomScores(seed: number, rows: number): Scored {
  const random = createRandom(seed)
  const probabilities = Float32Array.from({ length: rows }, () => random.int(12) / 11)
  const labels = Uint8Array.from(probabilities, (p) => (random.next() < 0.2 + 0.5 * p ? 1 : 0))
  labels.set([0, 1])
  return { labels, probabilities }
}

/** The share of pairs of one row of each class that is in order, ties half. */
function slowAuc({ labels, probabilities }: Scored): number {
  let inOrder = 0
  let pairs = 0
  labels.forEach((positive, i) => {
    labels.forEach((negative, j) => {
      if (positive !== 1 || negative !== 0) return
      pairs++
      if (probabilities[i] > probabilities[j]) inOrder++
      else if (probabilities[i] === probabilities[j]) inOrder += 0.5
    })
  })
  return inOrder / pairs
}

/** Precision over recall, summed in a million steps between the thresholds' points. */
function slowPrecisionRecallArea({ labels, probabilities }: Scored): number {
  const positive = labels.reduce((sum, label) => sum + label, 0)
  const scores = [...new Set(probabilities)].sort((a, b) => b - a)
  let [fp, tp, area] = [0, 0, 0]
  for (const score of scores) {
    const ofScore = labels.filter((_, i) => probabilities[i] === score)
    const dtp = ofScore.filter((label) => label === 1).length
    const dfp = ofScore.length - dtp
    const steps = 2000
    for (let s = 0; s < steps; s++) {
      const share = (s + 0.5) / steps
      const t = tp + share * dtp
      if (dtp > 0) area += ((t / (t + fp + share * dfp)) * dtp) / steps / positive
    }
    tp += dtp
    fp += dfp
  }
  return area
}

test('computes areas as the slow definitions do', () => {
  for (let seed = 0; seed < 60; seed++) {
    const scored = randomScores(seed, 2 + (seed % 40))
    assert.ok(Math.abs(evaluate('auc', scored) - slowAuc(scored)) < 1e-12)
    assert.ok(Math.abs(evaluate('aucpr', scored) - slowPrecisionRecallArea(scored)) < 1e-5)
  }
})

test('counts errors above one half and keeps log loss finite', () => {
  const scored = { labels: Uint8Array.of(1, 0, 1, 0), probabilities: Float32Array.of(0.5, 0.6, 1, 1) }
  assert.equal(evaluate('error', scored), 0.75)
  const loss = -(Math.log(0.5) + Math.log(1 - Math.fround(0.6)) + Math.log(Math.fround(1e-16))) / 4
  assert.ok(Math.abs(evaluate('logloss', scored) - loss) < 1e-7)
})

test('knows which metrics rise', () => {
  assert.deepEqual((['auc', 'aucpr', 'logloss', 'error'] as const).map(isMaximised), [
    true,
    true,
    false,
    false,
  ])
})

interface WeightedMetrics {
  readonly labels: readonly number[]
  readonly weight: readonly number[]
  /** After each iteration. */
  readonly probabilities: readonly string[]
  readonly history: Readonly<Record<'plain' | 'weighted', Readonly<Record<EvalMetric, readonly number[]>>>>
}

test('equals the metrics of XGBoost, with weights and without', () => {
  const golden = readJsonFixture<WeightedMetrics>('weighted-metrics.json')
  const labels = Uint8Array.from(golden.labels)
  for (const [set, history] of Object.entries(golden.history)) {
    const weight = set === 'weighted' ? Float32Array.from(golden.weight) : undefined
    for (const [metric, values] of Object.entries(history)) {
      values.forEach((value, iteration) => {
        const probabilities = floatsOfBase64(golden.probabilities[iteration])
        const ours = evaluate(metric as EvalMetric, { labels, probabilities, weight })
        assert.ok(Math.abs(ours - value) < 1e-6, `${set} ${metric} ${ours} ${value}`)
      })
    }
  }
})

test('counts a row of weight 3 as three rows and one of weight 0 not at all', () => {
  for (let seed = 0; seed < 40; seed++) {
    const { labels, probabilities } = randomScores(seed, 30)
    const random = createRandom(seed + 1000)
    const weight = Float32Array.from(labels, (_, row) => (row < 2 ? 1 : random.int(4)))
    const rows = [...weight].flatMap((count, row) => new Array<number>(count).fill(row))
    const repeated = {
      labels: Uint8Array.from(rows, (row) => labels[row]),
      probabilities: Float32Array.from(rows, (row) => probabilities[row]),
    }
    const scored = { labels, probabilities, weight }
    const curve = curveOf(scored)
    for (const metric of ['auc', 'aucpr', 'logloss', 'error'] as const) {
      const value = evaluate(metric, scored, curve)
      assert.ok(Math.abs(value - evaluate(metric, repeated)) < 1e-12, metric)
    }
  }
})
