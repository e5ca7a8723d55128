// Every measure against scikit-learn 1.9.1 (test/fixtures/evaluation/make.py), to 1e-12 absolute: both sides add
// doubles, in different orders. Small cases lie in the file row by row; large ones are made again by their recipe.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { type Confusion, confusionMatrix, isNoAnswer } from '../math/index.ts'
import { averagePrecisionScore } from './average-precision.ts'
import { calculateFdsMetrics } from './fds-metrics.ts'
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
import { recallAtFpr } from './recall-at-fpr.ts'
import { reliabilityBins } from './reliability.ts'
import { rocAucScore } from './roc-auc.ts'
import { rocCurve } from './roc-curve.ts'

type Points = Record<string, number[]>
interface Expected {
  roc_auc: number | null
  average_precision: number | null
  confusion: Confusion
  precision: number | null
  recall: number | null
  f1: number | null
  balanced_accuracy: number | null
  matthews: number | null
  brier: number | null
  log_loss: number | null
}
interface Rows {
  name: string
  labels: ArrayLike<number>
  scores: ArrayLike<number>
  weight: ArrayLike<number> | null
  threshold: number
}
interface SmallCase extends Rows {
  expected: Expected
  curves?: { roc: Points; roc_all: Points; precision_recall: Points }
  calibration?: { uniform: Points; quantile: Points }
}
interface Recipe {
  name: string
  seed: number
  rows: number
  levels: number | null
  weighted: boolean
  single: boolean
  expected: Expected & { recall_at_fpr: Record<string, number> }
}
const golden: { small: SmallCase[]; large: Recipe[] } = JSON.parse(
  readFileSync('test/fixtures/evaluation/golden.json', 'utf8'),
)

for (const given of golden.small) {
  test(`agrees with scikit-learn: ${given.name}`, () => {
    assertScalars(given, given.expected)
    if (given.curves) assertCurves(given, given.curves)
    if (given.calibration) assertCalibration(given, given.calibration)
  })
}

for (const recipe of golden.large) {
  test(`agrees with scikit-learn: ${recipe.name}`, () => {
    const rows = madeByRecipe(recipe)
    assertScalars(rows, recipe.expected)
    for (const [limit, recall] of Object.entries(recipe.expected.recall_at_fpr)) {
      const reached = recallAtFpr(rows.labels, rows.scores, { maximumFpr: Number(limit) })
      assertClose(isNoAnswer(reached) ? reached : reached.recall, recall, `recall at ${limit}`)
    }
  })
}

function assertScalars({ labels, scores, weight, threshold }: Rows, expected: Expected): void {
  const options = weight ? { weight } : {}
  const confusion = confusionMatrix(labels, scores, threshold, weight ?? undefined)
  for (const name of ['tn', 'fp', 'fn', 'tp'] as const) {
    assertRelative(confusion[name], expected.confusion[name], name)
  }
  const isProbability = Array.from(scores).every((score) => score >= 0 && score <= 1)
  const negatives = expected.confusion.fp + expected.confusion.tn
  const wanted: [string, unknown, number | null][] = [
    ['roc_auc', rocAucScore(labels, scores, options), expected.roc_auc],
    ['average_precision', averagePrecisionScore(labels, scores, options), expected.average_precision],
    ['precision', precisionScore(confusion), expected.precision],
    ['recall', recallScore(confusion), expected.recall],
    ['f1', f1Score(confusion), expected.f1],
    ['fpr', falsePositiveRate(confusion), negatives > 0 ? expected.confusion.fp / negatives : null],
    ['balanced_accuracy', balancedAccuracyScore(confusion), expected.balanced_accuracy],
    ['matthews', matthewsCorrelation(confusion), expected.matthews],
  ]
  if (isProbability) {
    wanted.push(['brier', brierLoss(labels, scores, options), expected.brier])
    wanted.push(['log_loss', logLoss(labels, scores, options), expected.log_loss])
  }
  for (const [name, actual, value] of wanted) assertClose(actual, value, name)

  const metrics = calculateFdsMetrics(labels, scores, { ...options, threshold, fnCost: 100, fpCost: 1 })
  const { fn, fp } = expected.confusion
  assertClose(metrics.auc_roc, expected.roc_auc, 'auc_roc')
  assertClose(metrics.auprc, expected.average_precision, 'auprc')
  assertClose(metrics.recall, expected.recall, 'metrics.recall')
  assertClose(metrics.precision, expected.precision, 'metrics.precision')
  assertClose(metrics.f1_score, expected.f1, 'f1_score')
  assertRelative(metrics.cost, 100 * fn + fp, 'cost')
  assertClose(metrics.brier, isProbability ? expected.brier : null, 'metrics.brier')
  assertClose(metrics.log_loss, isProbability ? expected.log_loss : null, 'metrics.log_loss')
}

function assertCurves(
  { labels, scores, weight }: Rows,
  expected: { roc: Points; roc_all: Points; precision_recall: Points },
): void {
  const options = weight ? { weight } : {}
  const kinds = [
    [true, expected.roc],
    [false, expected.roc_all],
  ] as const
  for (const [dropIntermediate, points] of kinds) {
    const roc = rocCurve(labels, scores, { ...options, dropIntermediate })
    assert.ok(!isNoAnswer(roc))
    // JSON holds no Infinity, so the file leaves out the first threshold
    assert.equal(roc.thresholds[0], Infinity)
    assertPoints({ ...roc, thresholds: roc.thresholds.slice(1) }, points)
  }
  const curve = precisionRecallCurve(labels, scores, options)
  assert.ok(!isNoAnswer(curve))
  assertPoints({ ...curve }, expected.precision_recall)
}

function assertCalibration({ labels, scores }: Rows, expected: { uniform: Points; quantile: Points }): void {
  for (const strategy of ['uniform', 'quantile'] as const) {
    const bins = reliabilityBins(labels, scores, { bins: 5, strategy })
    assert.ok(!isNoAnswer(bins))
    const points = {
      share: bins.map((bin) => bin.positiveShare),
      mean: bins.map((bin) => bin.meanProbability),
    }
    assertPoints(points, expected[strategy])
  }
}

function madeByRecipe(recipe: Recipe): Rows {
  const { name, rows, seed, levels } = recipe
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const labels = new Uint8Array(rows)
  const scores = recipe.single ? new Float32Array(rows) : new Float64Array(rows)
  const weight = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const u = next()
    const score = levels === null ? u * u : Math.floor(u * u * levels) / levels
    labels[row] = Number(next() < 0.3 * score + 0.01)
    scores[row] = score
    weight[row] = next() * 3
  }
  return { name, labels, scores, weight: recipe.weighted ? weight : null, threshold: 0.18 }
}

function assertPoints(actual: Record<string, ArrayLike<number>>, expected: Points): void {
  for (const [name, values] of Object.entries(expected)) {
    const points = Array.from(actual[name]!)
    assert.equal(points.length, values.length, name)
    points.forEach((value, i) => {
      assertClose(value, values[i]!, `${name}[${i}]`)
    })
  }
}

function assertClose(actual: unknown, expected: number | null, name: string): void {
  if (expected === null) assert.ok(isNoAnswer(actual), `${name}: ${actual} where there is no answer`)
  else assert.ok(Math.abs(Number(actual) - expected) <= 1e-12, `${name}: ${actual} for ${expected}`)
}

/** Sums of weights over many rows grow, so their rounding does. */
function assertRelative(actual: unknown, expected: number, name: string): void {
  const error = Math.abs(Number(actual) - expected)
  assert.ok(error <= 1e-12 * Math.max(1, expected), `${name}: ${actual} for ${expected}`)
}
