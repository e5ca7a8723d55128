// The kernels against their slow twin (plain-forest.fixture.ts), bit for bit. Margins of XGBoost's own models are in
// xgboost-model.test.ts, its leaves and ranges in prediction-golden.test.ts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom, type Random } from '../../math/random.ts'
import { Booster } from '../booster.ts'
import type { Tree } from '../tree.ts'
import { plainLeaf, plainMargin, type Step } from './plain-forest.fixture.ts'
import { randomRow, randomTree, type Shape } from './random-trees.fixture.ts'

interface Case {
  readonly booster: Booster
  readonly rows: readonly number[][]
}

function randomCase(random: Random, shape: Partial<Shape> & { trees: number; rows: number }): Case {
  const { trees, rows, columns = 1 + random.int(7), leaves, categorical = 0, isChain = false } = shape
  const booster = new Booster({
    featureNames: Array.from({ length: columns }, (_, f) => `f${f}`),
    baseScore: 0.5,
    trees: Array.from({ length: trees }, () => {
      const each = leaves ?? 1 + random.int(random.int(3) === 0 ? 60 : 8)
      return randomTree(random, { leaves: each, columns, categorical, isChain })
    }),
    treeWeights: random.int(2) === 0 ? undefined : Float32Array.from({ length: trees }, () => random.next()),
  })
  return { booster, rows: Array.from({ length: rows }, () => randomRow(random, columns)) }
}

/** Compares all ways to predict with the slow twin, and notes which ways rows took. */
function compare({ booster, rows }: Case, seen?: Set<Step>): void {
  const { trees, treeWeights } = booster
  const margins = rows.map((row) => plainMargin({ trees, treeWeights, baseMargin: 0 }, row, seen))
  assert.deepEqual([...booster.predictMargin(rows)], margins)
  assert.deepEqual(
    rows.map((row) => booster.predictRowMargin(row)),
    margins,
  )
  const leaves = rows.flatMap((row) => trees.map((tree) => plainLeaf(tree, row)))
  assert.deepEqual([...booster.predictLeaf(rows)], leaves)
}

test('walks random trees as the slow twin does, every way from a split taken', () => {
  const random = createRandom(1)
  const seen = new Set<Step>()
  for (let round = 0; round < 3000; round++) {
    const categorical = round % 3 === 0 ? 0.4 : 0
    const trees = random.int(10)
    compare(randomCase(random, { trees, rows: random.int(20), categorical }), seen)
  }
  assert.equal(seen.size, 8)
})

test('walks deep chains, which most rows leave early', () => {
  const random = createRandom(2)
  for (const leaves of [16, 17, 18, 33, 34, 400, 3000]) {
    for (const categorical of [0, 0.1]) {
      const shape = { trees: 5, rows: 20, columns: 3, leaves, categorical, isChain: true }
      compare(randomCase(random, shape))
    }
  }
})

test('walks a chain to its last leaf', () => {
  const levels = 20_000
  const chain = randomTree(createRandom(3), {
    leaves: levels + 1,
    columns: 1,
    categorical: 0,
    isChain: false,
  })
  const splits = Array.from({ length: levels }, (_, level) => level)
  const nodes = { left: chain.left.fill(-1), right: chain.right.fill(-1), threshold: chain.threshold.fill(7) }
  for (const level of splits) {
    // left children are leaves; value `level` leaves the chain at level `level`
    nodes.left[2 * level] = 2 * level + 1
    nodes.right[2 * level] = 2 * level + 2
    nodes.threshold[2 * level] = level + 1
    nodes.threshold[2 * level + 1] = -level
  }
  const tree: Tree = {
    ...chain,
    ...nodes,
    feature: chain.feature.fill(0),
    defaultLeft: chain.defaultLeft.fill(0),
  }
  const booster = new Booster({ featureNames: ['a'], baseScore: 0.5, trees: [tree] })
  const values = [0, 1, 15, 16, 17, 31, 5000, levels - 1, levels, Infinity, Number.NaN, -Infinity]
  const margins = [0, -1, -15, -16, -17, -31, -5000, 1 - levels, 7, 7, 7, 0]
  assert.deepEqual(
    [...booster.predictMargin(values.map((value) => [value]))],
    margins.map((m) => m + 0),
  )
  assert.deepEqual(
    values.map((value) => booster.predictRowMargin([value])),
    margins.map((m) => m + 0),
  )
})

test('gives many rows on many threads the bits of one thread, over all sizes of blocks and chunks', () => {
  const random = createRandom(4)
  for (const [columns, rows] of [
    [1, 70_001],
    [3, 9999],
    [600, 1003],
  ]) {
    const { booster } = randomCase(random, { trees: 150, rows: 0, columns })
    const values = Float32Array.from({ length: rows * columns }, () =>
      random.int(10) === 0 ? Number.NaN : random.normal(),
    )
    const x = { rowCount: rows, columnCount: columns, values }
    const alone = booster.predictMargin(x, { nJobs: 1 })
    assert.deepEqual(booster.predictMargin(x, { nJobs: 4 }), alone)
    assert.deepEqual(booster.predictLeaf(x, { nJobs: 4 }), booster.predictLeaf(x, { nJobs: 1 }))
    for (let row = 0; row < rows; row += 97) {
      const cells = values.subarray(row * columns, (row + 1) * columns)
      assert.equal(booster.predictRowMargin(cells), alone[row])
    }
  }
})

test('serves hundreds of boosters in one process', () => {
  const random = createRandom(5)
  const cases = Array.from({ length: 700 }, () => randomCase(random, { trees: 3, rows: 2 }))
  for (let round = 0; round < 2; round++) for (const each of cases) compare(each)
})
