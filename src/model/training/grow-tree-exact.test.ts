// Trees against a slow twin that tries every threshold on the values themselves, and what must hold of any tree.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Matrix } from '../../math/matrix.ts'
import { createRandom } from '../../math/random.ts'
import { matrixOf, randomRows } from '../data.fixture.ts'
import type { BoosterParams } from '../params.ts'
import { completeParams } from '../parse-params.ts'
import type { Tree } from '../tree.ts'
import { allRows, growTree, leavesOf } from './grow-tree.fixture.ts'
import { quantileMatrix } from './quantile-matrix.ts'

type Slow = { readonly value: number } | { readonly left: Slow; readonly right: Slow; readonly gain: number }

interface SlowInput {
  readonly x: Matrix
  readonly gradients: Float32Array
  readonly params: BoosterParams
}

function slowTree(input: SlowInput, rows: readonly number[], depth: number): Slow {
  const { x, gradients, params } = input
  const sum = (of: readonly number[], offset: number): number =>
    of.reduce((total, row) => total + gradients[2 * row + offset], 0)
  const gainOf = (of: readonly number[]): number => sum(of, 0) ** 2 / (sum(of, 1) + params.regLambda)
  // a root that is too light stays without weight
  const isLight = sum(rows, 1) < params.minChildWeight
  const weight = isLight ? 0 : -sum(rows, 0) / (sum(rows, 1) + params.regLambda)
  const leaf = { value: weight * params.learningRate }
  if (depth === params.maxDepth) return leaf

  let best = { gain: Math.max(1e-6, params.gamma), left: [] as number[], right: [] as number[] }
  for (let f = 0; f < x.columnCount; f++) {
    const cell = (row: number): number => x.values[row * x.columnCount + f]
    const values = [...new Set(rows.map(cell).filter((v) => !Number.isNaN(v)))].sort((p, q) => p - q)
    // XGBoost's order, which decides between equal gains
    for (const missingLeft of [false, true]) {
      for (const threshold of missingLeft ? values.toReversed() : [...values, Infinity]) {
        const goesLeft = (row: number): boolean =>
          Number.isNaN(cell(row)) ? missingLeft : cell(row) < threshold
        const left = rows.filter(goesLeft)
        const right = rows.filter((row) => !goesLeft(row))
        if (left.length === 0 || right.length === 0) continue
        if (Math.min(sum(left, 1), sum(right, 1)) < params.minChildWeight) continue
        const gain = gainOf(left) + gainOf(right) - gainOf(rows)
        if (gain > best.gain * (1 + 1e-5)) best = { gain, left, right }
      }
    }
  }
  if (best.left.length === 0) return leaf
  return {
    gain: best.gain,
    left: slowTree(input, best.left, depth + 1),
    right: slowTree(input, best.right, depth + 1),
  }
}

/** Same shape and sides up to mirroring of ties; gains and values within float32. */
function assertSame(tree: Tree, node: number, slow: Slow): void {
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * (1 + Math.abs(b))
  if ('value' in slow) {
    assert.equal(tree.left[node], -1)
    assert.ok(close(tree.threshold[node], slow.value), `${tree.threshold[node]} ${slow.value}`)
    return
  }
  assert.ok(tree.left[node] > 0, `expected a split of gain ${slow.gain}`)
  assert.ok(close(tree.gain[node], slow.gain))
  assertSame(tree, tree.left[node], slow.left)
  assertSame(tree, tree.right[node], slow.right)
}

function grow(x: Matrix, gradients: Float32Array, given: Partial<BoosterParams>) {
  const params = completeParams(given)
  const matrix = quantileMatrix(x, { maxBin: params.maxBin })
  return growTree({ matrix, params, gradients, rows: allRows(x.rowCount) })
}

/** Normal gradients, whose sums are not exact. */
function normalGradients(seed: number, rowCount: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: 2 * rowCount }, (_, i) =>
    i % 2 === 0 ? random.normal() : 0.05 + random.next() / 4,
  )
}

test('grows the tree that a slow exact search grows, on seeded tiny data', () => {
  let splits = 0
  let leavesOnly = 0
  for (let seed = 0; seed < 150; seed++) {
    const random = createRandom(seed)
    const { x } = randomRows(random, { rows: 4 + random.int(16), columns: 3, missing: 0.2 })
    const gradients = normalGradients(seed, x.rowCount)
    const params = completeParams({
      maxDepth: 3,
      minChildWeight: [0.1, 0.5][seed % 2],
      gamma: seed % 3,
      regLambda: 1,
    })
    const { tree } = grow(x, gradients, params)
    assertSame(tree, 0, slowTree({ x, gradients, params }, allRows(x.rowCount), 0))
    if (tree.left[0] > 0) splits++
    else leavesOnly++
  }
  assert.ok(splits > 50 && leavesOnly > 5, `${splits} ${leavesOnly}`)
})

test('puts rows into leaf order and tells where each leaf is', () => {
  const { x } = randomRows(createRandom(3), { rows: 300, columns: 4, missing: 0.1 })
  const gradients = normalGradients(3, 300)
  const { tree, rowsOf } = grow(x, gradients, { maxDepth: 4, minChildWeight: 0 })
  const seen = new Set<number>()
  for (const leaf of leavesOf(tree)) {
    let hessian = 0
    for (const row of rowsOf[leaf]) {
      seen.add(row)
      hessian += gradients[2 * row + 1]
      let node = 0
      while (tree.left[node] >= 0) {
        const value = x.values[row * 4 + tree.feature[node]]
        const goesLeft = Number.isNaN(value) ? tree.defaultLeft[node] === 1 : value < tree.threshold[node]
        node = goesLeft ? tree.left[node] : tree.right[node]
      }
      assert.equal(node, leaf)
    }
    assert.ok(Math.abs(tree.cover[leaf] - hessian) < 1e-5)
  }
  assert.equal(seen.size, 300)
})

test('grows the same tree by largest gain as level by level when leaves are not limited', () => {
  const { x } = randomRows(createRandom(4), { rows: 300, columns: 4, missing: 0.1 })
  const gradients = normalGradients(4, 300)
  const valuesOf = (params: Partial<BoosterParams>): number[] => {
    const { tree } = grow(x, gradients, { maxDepth: 5, ...params })
    return leavesOf(tree)
      .map((leaf) => tree.threshold[leaf])
      .sort((a, b) => a - b)
  }
  assert.deepEqual(valuesOf({ growPolicy: 'lossguide' }), valuesOf({ growPolicy: 'depthwise' }))
})

test('stops at the leaves allowed, and by largest gain takes the more gaining', () => {
  const { x } = randomRows(createRandom(5), { rows: 400, columns: 4 })
  const gradients = normalGradients(5, 400)
  const gainOf = (params: Partial<BoosterParams>): number => {
    const { tree } = grow(x, gradients, { maxLeaves: 6, maxDepth: 0, minChildWeight: 0, ...params })
    assert.equal(leavesOf(tree).length, 6)
    return tree.gain.reduce((sum, gain) => sum + gain, 0)
  }
  assert.ok(gainOf({ growPolicy: 'lossguide' }) > gainOf({ growPolicy: 'depthwise' }))
})

test('grows without limit of depth until rows run out', () => {
  const values = Float32Array.from({ length: 64 }, (_, i) => i)
  const gradients = Float32Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? (i % 4) - 1 : 1))
  const { tree } = grow({ rowCount: 64, columnCount: 1, values }, gradients, {
    maxDepth: 0,
    minChildWeight: 0,
    regLambda: 0,
  })
  assert.equal(leavesOf(tree).length, 64)
})

test('never makes a leaf without rows, whatever rounding leaves in empty bins', () => {
  for (let seed = 0; seed < 20; seed++) {
    const rows = seed % 2 === 0 ? 200 : 1000
    const { x } = randomRows(createRandom(seed), { rows, columns: 3, missing: 0.3 })
    const params = { maxDepth: 0, minChildWeight: 0, regLambda: 0 }
    const { tree, rowsOf } = grow(x, normalGradients(seed, rows), params)
    assert.ok(tree.nodeCount > rows / 2, `${tree.nodeCount}`)
    for (const of of rowsOf) assert.ok(of.length > 0)
  }
})

test('makes one leaf where nothing can be split', () => {
  const constant = matrixOf([
    [1, Number.NaN],
    [1, Number.NaN],
    [1, Number.NaN],
  ])
  assert.equal(grow(constant, Float32Array.of(1, 1, -1, 1, 2, 1), {}).tree.nodeCount, 1)
  assert.equal(grow(matrixOf([[4]]), Float32Array.of(1, 1), {}).tree.nodeCount, 1)
})
