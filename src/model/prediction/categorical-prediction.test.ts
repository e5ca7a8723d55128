// Categorical splits and weighted trees by hand; random ones of all kinds are in predictor.test.ts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Booster } from '../booster.ts'
import type { Tree } from '../tree.ts'

/** One split of the only column by the set: -1 to the left, 1 to the right. */
function stump(set: readonly number[], defaultLeft: 0 | 1 = 1): Tree {
  return {
    nodeCount: 3,
    left: Int32Array.of(1, -1, -1),
    right: Int32Array.of(2, -1, -1),
    parent: Int32Array.of(-1, 0, 0),
    feature: Int32Array.of(0, 0, 0),
    threshold: Float32Array.of(Number.NaN, -1, 1),
    defaultLeft: Uint8Array.of(defaultLeft, 0, 0),
    gain: Float32Array.of(1, 0, 0),
    cover: Float32Array.of(2, 1, 1),
    baseWeight: Float32Array.of(0, -1, 1),
    categories: new Map([[0, Int32Array.from(set)]]),
  }
}

function marginsOf(trees: readonly Tree[], values: readonly number[], treeWeights?: Float32Array): number[] {
  const booster = new Booster({
    featureNames: ['a'],
    baseScore: 0.5,
    trees,
    ...(treeWeights && { treeWeights }),
  })
  return [...booster.predictMargin(values.map((value) => [value]))]
}

test('sends the categories of the set right and all others left', () => {
  const values = Array.from({ length: 40 }, (_, category) => category)
  for (const set of [[], [0], [39], [1, 2, 5, 31, 32, 33], values]) {
    assert.deepEqual(
      marginsOf([stump(set)], values),
      values.map((category) => (set.includes(category) ? 1 : -1)),
    )
  }
})

test('cuts fractions off, and sends left what cannot be a category', () => {
  const last = 2 ** 24 - 1
  const tree = stump([0, 3, last])
  assert.deepEqual(marginsOf([tree], [3.99, 0.5, last]), [1, 1, 1])
  assert.deepEqual(marginsOf([tree], [-0.5, -1, last + 1, Infinity, -Infinity]), [-1, -1, -1, -1, -1])
})

test('sends missing values as the split learned, whatever the set', () => {
  assert.deepEqual(marginsOf([stump([1, 2], 1), stump([0, 1], 1)], [Number.NaN]), [-2])
  assert.deepEqual(marginsOf([stump([1, 2], 0), stump([], 0)], [Number.NaN]), [2])
})

test('keeps the sets of many trees apart', () => {
  const trees = [stump([0]), stump([0, 1]), stump([0, 1, 2])]
  assert.deepEqual(marginsOf(trees, [0, 1, 2, 3]), [3, 1, -1, -3])
})

test('multiplies the leaves of each tree by its weight in float32', () => {
  const weights = Float32Array.of(0.1, 0.7)
  const [tenth, seven] = weights
  assert.deepEqual(marginsOf([stump([1]), stump([2])], [1, 2, 3], weights), [
    Math.fround(tenth - seven),
    Math.fround(seven - tenth),
    Math.fround(-tenth - seven),
  ])
})
