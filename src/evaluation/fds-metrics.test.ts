import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, isNoAnswer } from '../math/index.ts'
import { calculateFdsMetricIntervals } from './fds-metric-intervals.ts'
import { calculateFdsMetrics } from './fds-metrics.ts'
import { wilsonInterval } from './wilson-interval.ts'

const none = (reason: string) => ({ status: 'undefined', reason })

test('holds the keys of the specification, in its order, and what they rest on', () => {
  const metrics = calculateFdsMetrics([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
  const keys = ['auc_roc', 'auprc', 'recall', 'precision', 'threshold', 'cost', 'f1_score', 'fpr']
  assert.deepEqual(Object.keys(metrics).slice(0, 8), keys)
  const { brier, log_loss, ...exact } = metrics
  assert.deepEqual(exact, {
    auc_roc: 0.75,
    auprc: (1 + 2 / 3) / 2,
    recall: 1,
    precision: 2 / 3,
    threshold: 0.18,
    cost: 1,
    f1_score: 0.8,
    fpr: 0.5,
    tn: 1,
    fp: 1,
    fn: 0,
    tp: 2,
    positives: 2,
    rows: 4,
  })
  assert.ok(Math.abs(Number(brier) - 0.158125) < 1e-12)
  assert.ok(Math.abs(Number(log_loss) - 0.4722879) < 1e-6)
})

test('threshold and prices change the cost, and prices may be fractions', () => {
  const rows = [
    [0, 0, 1, 1],
    [0.1, 0.4, 0.35, 0.8],
  ] as const
  assert.equal(calculateFdsMetrics(...rows, { threshold: 0.5 }).cost, 100)
  assert.equal(calculateFdsMetrics(...rows, { threshold: 0.36, fnCost: 7, fpCost: 0.5 }).cost, 7.5)
})

test('with one class, each metric answers or says why it cannot', () => {
  const legitimate = calculateFdsMetrics([0, 0], [0.1, 0.9])
  assert.deepEqual(
    [legitimate.auc_roc, legitimate.auprc, legitimate.recall, legitimate.precision, legitimate.fpr],
    [none('ONE_CLASS_ONLY'), none('NO_POSITIVES'), none('NO_POSITIVES'), 0, 0.5],
  )
  assert.equal(legitimate.cost, 1)
  const fraud = calculateFdsMetrics([1, 1], [0.1, 0.9])
  assert.deepEqual(
    [fraud.auc_roc, fraud.auprc, fraud.recall, fraud.precision, fraud.fpr],
    [none('ONE_CLASS_ONLY'), 1, 0.5, 1, none('NO_NEGATIVES')],
  )
  const unflagged = calculateFdsMetrics([0, 1], [0.1, 0.1])
  assert.deepEqual([unflagged.precision, unflagged.f1_score], [none('NO_POSITIVE_PREDICTIONS'), 0])
})

test('with no rows, or none of weight, nothing is answered', () => {
  for (const metrics of [
    calculateFdsMetrics([], []),
    calculateFdsMetrics([0, 1], [0, 1], { weight: [0, 0] }),
  ]) {
    const { threshold, rows, positives, tp, fp, tn, fn, ...answers } = metrics
    assert.deepEqual([threshold, positives, tp, fp, tn, fn], [0.18, 0, 0, 0, 0, 0])
    for (const answer of Object.values(answers)) assert.deepEqual(answer, none('NO_ROWS'))
  }
})

test('scores that are no probabilities are ranked, and only the losses have no answer', () => {
  const metrics = calculateFdsMetrics([0, 1, 0, 1], [-3, 2, 0.5, 7])
  assert.equal(metrics.auc_roc, 1)
  assert.deepEqual([metrics.brier, metrics.log_loss], [none('NOT_PROBABILITIES'), none('NOT_PROBABILITIES')])
})

test('neither the order of the rows nor a monotone change of the scores changes the ranking', () => {
  const random = createRandom(1)
  for (let round = 0; round < 50; round++) {
    const yTrue = Array.from({ length: 100 }, () => random.int(2))
    const scores = yTrue.map((label) => Math.floor((random.next() + label * 0.2) * 30) / 40)
    const { auc_roc, auprc } = calculateFdsMetrics(yTrue, scores)
    const turned = calculateFdsMetrics(yTrue.toReversed(), scores.toReversed())
    const bent = calculateFdsMetrics(
      yTrue,
      scores.map((score) => score ** 3),
    )
    assert.deepEqual([turned.auc_roc, turned.auprc], [auc_roc, auprc])
    assert.deepEqual([bent.auc_roc, bent.auprc], [auc_roc, auprc])
  }
})

test('a weight of two counts a row twice', () => {
  const weighted = calculateFdsMetrics([0, 1, 1, 0], [0.1, 0.2, 0.7, 0.6], { weight: [2, 1, 1, 2] })
  const repeated = calculateFdsMetrics([0, 0, 1, 1, 0, 0], [0.1, 0.1, 0.2, 0.7, 0.6, 0.6])
  const { rows: _, log_loss, brier, ...left } = weighted
  const { rows: __, log_loss: otherLogLoss, brier: otherBrier, ...right } = repeated
  assert.deepEqual(left, right)
  assert.ok(Math.abs(Number(log_loss) - Number(otherLogLoss)) < 1e-15)
  assert.ok(Math.abs(Number(brier) - Number(otherBrier)) < 1e-15)
})

test('intervals hold their metrics and carry their own reasons', () => {
  const random = createRandom(2)
  const yTrue = Array.from({ length: 500 }, (_, i) => Number(i < 50))
  const scores = yTrue.map((label) => random.next() * (label ? 1 : 0.4))
  const metrics = calculateFdsMetrics(yTrue, scores)
  const intervals = calculateFdsMetricIntervals(yTrue, scores)
  for (const name of ['auc_roc', 'auprc', 'recall', 'precision', 'fpr'] as const) {
    const interval = intervals[name]
    assert.ok(!isNoAnswer(interval))
    assert.ok(interval[0] < Number(metrics[name]) && Number(metrics[name]) < interval[1], name)
  }
  assert.deepEqual(
    intervals.recall,
    wilsonInterval({ successes: metrics.tp, trials: metrics.tp + metrics.fn }),
  )
  const legitimate = calculateFdsMetricIntervals([0, 0], [0.1, 0.1])
  assert.deepEqual(legitimate.auc_roc, none('ONE_CLASS_ONLY'))
  assert.deepEqual(legitimate.recall, none('NO_ROWS'))
})

test('wrong input is refused', () => {
  assert.throws(() => calculateFdsMetrics([0, 2], [0, 1]), { code: 'SCORES_INVALID' })
  assert.throws(() => calculateFdsMetrics([0, 1], [0, Number.NaN]), { code: 'SCORES_INVALID' })
  assert.throws(() => calculateFdsMetrics([0, 1], [0, 1, 1]), { code: 'SCORES_INVALID' })
  assert.throws(() => calculateFdsMetrics([0, 1], [0, 1], { weight: [1] }), { code: 'SCORES_INVALID' })
  for (const wrong of [{ threshold: Number.NaN }, { fnCost: -1 }, { fpCost: Infinity }]) {
    assert.throws(() => calculateFdsMetrics([0, 1], [0, 1], wrong), { code: 'PARAM_INVALID' })
  }
})
