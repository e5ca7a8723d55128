import assert from 'node:assert/strict'
import test from 'node:test'
import { averagePrecisionScore } from './average-precision.ts'
import { precisionRecallCurve } from './precision-recall-curve.ts'
import { brierLoss, logLoss } from './probability-losses.ts'
import {
  balancedAccuracyScore,
  f1Score,
  falsePositiveRate,
  matthewsCorrelation,
  precisionScore,
  recallScore,
} from './rates.ts'
import { rocAucScore } from './roc-auc.ts'
import { rocCurve } from './roc-curve.ts'

const none = (reason: string) => ({ status: 'undefined', reason })
const measures = {
  rocAucScore,
  averagePrecisionScore,
  rocCurve,
  precisionRecallCurve,
  brierLoss,
  logLoss,
}
const rates = {
  precisionScore,
  recallScore,
  falsePositiveRate,
  f1Score,
  balancedAccuracyScore,
  matthewsCorrelation,
}

test('no rows, or rows without weight, have no answer anywhere', () => {
  for (const [name, measure] of Object.entries(measures)) {
    assert.deepEqual(measure([], []), none('NO_ROWS'), name)
    assert.deepEqual(measure([0, 1], [0, 1], { weight: [0, 0] }), none('NO_ROWS'), name)
  }
  for (const [name, rate] of Object.entries(rates)) {
    assert.deepEqual(rate({ tn: 0, fp: 0, fn: 0, tp: 0 }), none('NO_ROWS'), name)
  }
})

test('one class only leaves no ranking, but a loss', () => {
  for (const label of [0, 1]) {
    assert.deepEqual(rocAucScore([label, label], [0.1, 0.2]), none('ONE_CLASS_ONLY'))
    assert.deepEqual(rocCurve([label, label], [0.1, 0.2]), none('ONE_CLASS_ONLY'))
    assert.equal(brierLoss([label, label], [label, label]), 0)
  }
  assert.deepEqual(averagePrecisionScore([0, 0], [0.1, 0.2]), none('NO_POSITIVES'))
  assert.deepEqual(precisionRecallCurve([0, 0], [0.1, 0.2]), none('NO_POSITIVES'))
  assert.equal(averagePrecisionScore([1, 1], [0.1, 0.2]), 1)
})

test('a class without weight is no class', () => {
  const weight = [1, 1, 0]
  assert.deepEqual(rocAucScore([0, 0, 1], [0.1, 0.2, 0.3], { weight }), none('ONE_CLASS_ONLY'))
  assert.deepEqual(rocCurve([0, 0, 1], [0.1, 0.2, 0.3], { weight }), none('ONE_CLASS_ONLY'))
  assert.deepEqual(averagePrecisionScore([0, 0, 1], [0.1, 0.2, 0.3], { weight }), none('NO_POSITIVES'))
})

test('each rate names what it would divide by', () => {
  const nothingFlagged = { tn: 3, fp: 0, fn: 2, tp: 0 }
  assert.deepEqual(precisionScore(nothingFlagged), none('NO_POSITIVE_PREDICTIONS'))
  assert.deepEqual(matthewsCorrelation(nothingFlagged), none('NO_POSITIVE_PREDICTIONS'))
  assert.deepEqual([recallScore(nothingFlagged), f1Score(nothingFlagged)], [0, 0])
  const allFlagged = { tn: 0, fp: 3, fn: 0, tp: 2 }
  assert.deepEqual(matthewsCorrelation(allFlagged), none('NO_NEGATIVE_PREDICTIONS'))
  const noFraud = { tn: 3, fp: 0, fn: 0, tp: 0 }
  assert.deepEqual(recallScore(noFraud), none('NO_POSITIVES'))
  assert.deepEqual(f1Score(noFraud), none('NO_POSITIVES'))
  assert.deepEqual(balancedAccuracyScore(noFraud), none('ONE_CLASS_ONLY'))
  assert.deepEqual(matthewsCorrelation(noFraud), none('ONE_CLASS_ONLY'))
  assert.deepEqual(falsePositiveRate({ tn: 0, fp: 0, fn: 1, tp: 1 }), none('NO_NEGATIVES'))
})

test('wrong scores are refused by every measure, and losses refuse what is no probability', () => {
  for (const measure of Object.values(measures)) {
    assert.throws(() => measure([0, 1], [0.1]), { code: 'SCORES_INVALID' })
    assert.throws(() => measure([0, 1], [0.1, Number.NaN]), { code: 'SCORES_INVALID' })
    assert.throws(() => measure([0, -1], [0.1, 0.2]), { code: 'SCORES_INVALID' })
  }
  for (const loss of [brierLoss, logLoss]) {
    assert.throws(() => loss([0, 1], [0.1, 1.2]), { code: 'SCORES_INVALID', message: /probability 1/ })
  }
  assert.equal(rocAucScore([0, 1], [-5, 12]), 1)
})

test('log loss stays finite at probabilities of exactly 0 and 1', () => {
  assert.equal(logLoss([1], [0]), -Math.log(2 ** -52))
  assert.ok(Math.abs(Number(logLoss([0], [1])) - 52 * Math.LN2) < 1e-12)
})
