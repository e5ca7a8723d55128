// Predictions against a slow walk through the trees as they were grown.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Matrix } from '../math/matrix.ts'
import { createRandom } from '../math/random.ts'
import { Booster } from './booster.ts'
import { failsWith, randomRows } from './data.fixture.ts'
import { marginOf, sigmoid } from './logistic.ts'
import { trainBooster } from './training/train-booster.ts'
import type { Tree } from './tree.ts'

function slowMargin(booster: Booster, x: Matrix, row: number): number {
  let margin = marginOf(booster.baseScore)
  for (const tree of booster.trees) {
    let node = 0
    while (tree.left[node] >= 0) {
      const value = x.values[row * x.columnCount + tree.feature[node]]
      const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.threshold[node]
      node = goesLeft ? tree.left[node] : tree.right[node]
    }
    margin = Math.fround(margin + tree.threshold[node])
  }
  return margin
}

const training = randomRows(createRandom(1), { rows: 800, columns: 6, missing: 0.1 })
const booster = trainBooster({ nEstimators: 20, maxDepth: 5, seed: 4 }, training)
const held = randomRows(createRandom(2), { rows: 700, columns: 6, missing: 0.2 }).x

test('adds up leaves as a slow walk through the trees does, bit for bit', () => {
  const margins = booster.predictMargin(held)
  const probabilities = booster.predict(held)
  for (let row = 0; row < held.rowCount; row++) {
    assert.equal(margins[row], slowMargin(booster, held, row))
    assert.equal(probabilities[row], sigmoid(margins[row]))
  }
})

test('gives one row, rows of numbers and a matrix the same bits', () => {
  const rows = Array.from({ length: held.rowCount }, (_, row) => [
    ...held.values.subarray(row * 6, row * 6 + 6),
  ])
  const batch = booster.predict(held)
  assert.deepEqual(booster.predict(rows), batch)
  rows.forEach((row, i) => {
    assert.equal(booster.predictRow(row), batch[i])
  })
})

test('rounds numbers to float32 before it compares, as XGBoost does', () => {
  const threshold = Math.fround(0.1)
  const tree: Tree = {
    nodeCount: 3,
    left: Int32Array.of(1, -1, -1),
    right: Int32Array.of(2, -1, -1),
    parent: Int32Array.of(-1, 0, 0),
    feature: Int32Array.of(0, 0, 0),
    threshold: Float32Array.of(threshold, -1, 1),
    defaultLeft: Uint8Array.of(1, 0, 0),
    gain: Float32Array.of(1, 0, 0),
    cover: Float32Array.of(2, 1, 1),
    baseWeight: Float32Array.of(0, -1, 1),
  }
  const stump = new Booster({ featureNames: ['a'], baseScore: 0.5, trees: [tree] })
  // 0.1 is below its float32, yet rounds to it, and equal values go right
  assert.ok(0.1 < threshold)
  assert.deepEqual([...stump.predictMargin([[0.1], [0.0999], [Number.NaN], [Infinity]])], [1, -1, -1, 1])
  assert.deepEqual([...stump.predictMargin([])], [])
})

test('refuses rows of another length', () => {
  const mismatch = failsWith('FEATURES_MISMATCH', 'expects 6 columns, got 5; missing: f5')
  assert.throws(() => booster.predictRow([1, 2, 3, 4, 5]), mismatch)
  assert.throws(() => booster.predict([[1, 2, 3, 4, 5]]), mismatch)
  const matrix = { rowCount: 1, columnCount: 7, values: new Float32Array(7) }
  assert.throws(() => booster.predict(matrix), failsWith('FEATURES_MISMATCH', 'got 7'))
})

test('takes trees up to the best iteration', () => {
  const { featureNames, baseScore, trees } = booster
  const short = new Booster({ featureNames, baseScore, trees: trees.slice(0, 6) })
  const best = new Booster({ featureNames, baseScore, trees, bestIteration: 5 })
  assert.deepEqual(best.predict(held), short.predict(held))
  const inPairs = new Booster({ featureNames, baseScore, trees, bestIteration: 2, treesPerIteration: 2 })
  assert.deepEqual(inPairs.predict(held), short.predict(held))
})

test('cannot be changed', () => {
  assert.throws(() => Object.assign(booster, { baseScore: 0.9 }), TypeError)
  assert.throws(() => (booster.featureNames as string[]).push('x'), TypeError)
})
