// What XGBoost's own metrics say is tested in eval-metrics.test.ts and train-booster.test.ts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { failsWith, randomRows } from '../data.fixture.ts'
import { randomTree } from '../prediction/random-trees.fixture.ts'
import { type CustomMetric, isWatchedMaximised } from './custom-metric.ts'
import { type EvalSet, Evaluation } from './evaluation.ts'

const random = createRandom(1)
const { x, y } = randomRows(random, { rows: 300, columns: 3, missing: 0.1 })
const model = { columnCount: 3, baseScore: 0.3 }
const trees = Array.from({ length: 4 }, () =>
  randomTree(random, { leaves: 9, columns: 3, categorical: 0, isChain: false }),
)

/** Share of weight that is caught above one half. */
const caught: CustomMetric = {
  name: 'caught',
  maximise: true,
  evaluate({ labels, probabilities, weight }) {
    const count = (rows: (row: number) => boolean) =>
      labels.reduce((sum, _, row) => sum + (rows(row) ? (weight?.[row] ?? 1) : 0), 0)
    return count((row) => labels[row] === 1 && probabilities[row] > 0.5) / count((row) => labels[row] === 1)
  },
}

test('keeps the values of all sets and metrics, custom ones behind XGBoost’s', () => {
  const weight = Float32Array.from(y, () => random.int(4))
  const sets: EvalSet[] = [
    { name: 'plain', x, y },
    { name: 'weighted', x, y, weight },
  ]
  const evaluation = new Evaluation(sets, ['auc', 'error'], model, [caught])
  const newest = trees.map((tree) => evaluation.update(tree))
  const history = evaluation.history()
  for (const set of ['plain', 'weighted']) {
    assert.deepEqual(Object.keys(history[set]), ['auc', 'error', 'caught'])
    for (const metric of ['auc', 'error', 'caught']) {
      assert.deepEqual(
        history[set][metric],
        newest.map((values) => values[set][metric]),
      )
    }
  }
  assert.notDeepEqual(history['plain'], history['weighted'])
  assert.equal(evaluation.last(), newest[3]['weighted']['caught'])
})

test('goes on from the trees of a model that training continues', () => {
  const sets = [{ name: 'held out', x, y }]
  const whole = new Evaluation(sets, ['logloss', 'auc'], model)
  const values = trees.map((tree) => whole.update(tree))
  const continued = new Evaluation(sets, ['logloss', 'auc'], { ...model, trees: trees.slice(0, 2) })
  assert.deepEqual(
    trees.slice(2).map((tree) => continued.update(tree)),
    values.slice(2),
  )
})

test('tells which way the watched metric is good', () => {
  assert.equal(isWatchedMaximised(['auc', 'logloss']), false)
  assert.equal(isWatchedMaximised(['logloss', 'aucpr'], []), true)
  assert.equal(isWatchedMaximised(['logloss'], [caught]), true)
  assert.equal(isWatchedMaximised(['auc'], [caught, { ...caught, name: 'cost', maximise: false }]), false)
  assert.equal(isWatchedMaximised(['auc'], [{ name: 'cost', evaluate: () => 1 }]), false)
})

test('ends with a clear error when a custom metric throws or gives no number', () => {
  const run = (evaluate: CustomMetric['evaluate']) => {
    const evaluation = new Evaluation([{ name: 'held out', x, y }], ['logloss'], model, [
      { name: 'profit', evaluate },
    ])
    for (const tree of trees) evaluation.update(tree)
  }
  let calls = 0
  const later = () => (++calls < 3 ? 1 : Number.NaN)
  const place = 'on evaluation set "held out" in iteration 2'
  assert.throws(
    () => run(later),
    failsWith(
      'PARAM_INVALID',
      `"custom_metrics, profit" must be a function that gives a number, got NaN ${place}`,
    ),
  )
  assert.throws(() => run(() => 'high' as never), failsWith('PARAM_INVALID', 'got high on evaluation set'))
  assert.throws(() => run(() => undefined as never), failsWith('PARAM_INVALID', 'got undefined'))
  const thrown = new Error('no such column')
  const fails = () => {
    throw thrown
  }
  assert.throws(() => run(fails), failsWith('PARAM_INVALID', 'got no such column on evaluation set'))
  assert.throws(() => run(fails), { cause: thrown })
  run(() => Infinity)
})

test('refuses metrics of one name, and weights that no training would take', () => {
  const make = (custom: readonly CustomMetric[], weight: ArrayLike<number> = new Uint8Array(300).fill(1)) =>
    new Evaluation([{ name: 'a', x, y, weight }], ['auc'], model, custom)
  assert.throws(() => make([caught, caught]), failsWith('PARAM_INVALID', 'got "caught" twice'))
  assert.throws(() => make([{ ...caught, name: 'auc' }]), failsWith('PARAM_INVALID', 'got "auc" twice'))
  const text = 'weights of evaluation set "a" must be'
  assert.throws(
    () => make([], [1, 2]),
    failsWith('TRAINING_DATA_INVALID', `${text} 300, one for each row, got 2`),
  )
  const negative = new Float32Array(300).fill(-1)
  assert.throws(
    () => make([], negative),
    failsWith('TRAINING_DATA_INVALID', `${text} finite and not negative`),
  )
  const negatives = Uint8Array.from(y, (label) => 1 - label)
  assert.throws(
    () => make([], negatives),
    failsWith('TRAINING_DATA_INVALID', 'both classes for auc, got only 0'),
  )
})
