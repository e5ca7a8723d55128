// Trees against a slow exact twin: recursion over lists of rows, every threshold tried on the values themselves.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Matrix } from '../math/matrix.ts'
import { createRandom } from '../math/random.ts'
import { binMatrix } from './binned-matrix.ts'
import { sampleColumns } from './column-sampler.ts'
import { matrixOf, randomRows } from './data.fixture.ts'
import { TreeGrower } from './grow-tree.ts'
import { createHistogramPool } from './histogram-pool.ts'
import type { BoosterParams } from './params.ts'
import { completeParams } from './parse-params.ts'
import { quantileCuts } from './quantile-cuts.ts'
import type { GrowingTree } from './tree.ts'

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
function assertSame(tree: GrowingTree, node: number, slow: Slow): void {
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
  const binned = binMatrix(x, quantileCuts(x, params.maxBin))
  const rows = Int32Array.from({ length: x.rowCount }, (_, i) => i)
  const columns = sampleColumns(x.columnCount, params, createRandom(params.seed))
  return { grown: new TreeGrower(binned, params).grow(gradients, rows, columns), rows }
}

function randomGradients(seed: number, rowCount: number): Float32Array {
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
    const gradients = randomGradients(seed, x.rowCount)
    const params = completeParams({
      maxDepth: 3,
      minChildWeight: [0.1, 0.5][seed % 2],
      gamma: seed % 3,
      regLambda: 1,
    })
    const { grown } = grow(x, gradients, params)
    const rows = Array.from({ length: x.rowCount }, (_, row) => row)
    assertSame(grown.tree, 0, slowTree({ x, gradients, params }, rows, 0))
    if (grown.tree.left[0] > 0) splits++
    else leavesOnly++
  }
  assert.ok(splits > 50 && leavesOnly > 5, `${splits} ${leavesOnly}`)
})

test('puts rows into leaf order and tells where each leaf is', () => {
  const { x } = randomRows(createRandom(3), { rows: 300, columns: 4, missing: 0.1 })
  const gradients = randomGradients(3, 300)
  const { grown, rows } = grow(x, gradients, { maxDepth: 4, minChildWeight: 0 })
  const { tree, begin, end } = grown
  const seen = new Set<number>()
  tree.left.forEach((left, leaf) => {
    if (left >= 0) return
    let hessian = 0
    for (const row of rows.subarray(begin[leaf], end[leaf])) {
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
    assert.ok(Math.abs(tree.cover[leaf] - hessian) < 1e-9)
  })
  assert.equal(seen.size, 300)
})

test('grows the same tree by largest gain as level by level when leaves are not limited', () => {
  const { x } = randomRows(createRandom(4), { rows: 300, columns: 4, missing: 0.1 })
  const gradients = randomGradients(4, 300)
  const leavesOf = (params: Partial<BoosterParams>): number[] => {
    const { tree } = grow(x, gradients, { maxDepth: 5, ...params }).grown
    return tree.threshold.filter((_, node) => tree.left[node] < 0).sort((a, b) => a - b)
  }
  assert.deepEqual(leavesOf({ growPolicy: 'lossguide' }), leavesOf({ growPolicy: 'depthwise' }))
})

test('stops at the leaves allowed, and by largest gain takes the more gaining', () => {
  const { x } = randomRows(createRandom(5), { rows: 400, columns: 4 })
  const gradients = randomGradients(5, 400)
  const gainOf = (params: Partial<BoosterParams>): number => {
    const { tree } = grow(x, gradients, { maxLeaves: 6, maxDepth: 0, minChildWeight: 0, ...params }).grown
    assert.equal(tree.left.filter((left) => left < 0).length, 6)
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
  }).grown
  assert.equal(tree.left.filter((left) => left < 0).length, 64)
})

test('never makes a leaf without rows, whatever rounding leaves in empty bins', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { x } = randomRows(createRandom(seed), { rows: 200, columns: 3, missing: 0.3 })
    const params = { maxDepth: 0, minChildWeight: 0, regLambda: 0 }
    const { tree, begin, end } = grow(x, randomGradients(seed, 200), params).grown
    assert.ok(tree.left.length > 100)
    begin.forEach((first, node) => {
      assert.ok(first < end[node])
    })
  }
})

test('makes one leaf where nothing can be split', () => {
  const constant = matrixOf([
    [1, Number.NaN],
    [1, Number.NaN],
    [1, Number.NaN],
  ])
  assert.equal(grow(constant, Float32Array.of(1, 1, -1, 1, 2, 1), {}).grown.tree.left.length, 1)
  assert.equal(grow(matrixOf([[4]]), Float32Array.of(1, 1), {}).grown.tree.left.length, 1)
})

test('keeps histograms up to a limit, and lends returned ones again', () => {
  const x = matrixOf(Array.from({ length: 4 }, (_, i) => Array.from({ length: 60_000 }, () => i)))
  const pool = createHistogramPool(binMatrix(x, quantileCuts(x, 256)))
  const first = pool.take()
  pool.giveBack(first)
  assert.equal(pool.take(), first)
  let kept = 0
  while (pool.keep(first) !== undefined) kept++
  // 60,000 columns of 4 bins and a slot for missing take 4.8 MB of 256 MB
  assert.equal(kept, 55)
  pool.unkeep(first)
  assert.equal(pool.keep(first), first)
})
