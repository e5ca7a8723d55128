// Trees against a slow twin on codes: equal to the last bit, as all sums are exact here.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Matrix } from '../../math/matrix.ts'
import { createRandom, type Random } from '../../math/random.ts'
import { randomRows } from '../data.fixture.ts'
import type { BoosterParams } from '../params.ts'
import { completeParams } from '../parse-params.ts'
import { createWorkbench } from '../threads/kernel-memory.fixture.ts'
import type { Tree } from '../tree.ts'
import { boost } from './boost.ts'
import { allRows, growTree, leavesOf } from './grow-tree.fixture.ts'
import { plainCodes } from './plain-cuts.fixture.ts'
import { plainTree } from './plain-tree.fixture.ts'
import { type QuantileMatrix, quantileMatrix } from './quantile-matrix.ts'
import { BLOCK_ROWS } from './training-layout.ts'

/** Sums of up to 2^16 multiples of this, each at most 1 in size, are exact in float64. */
const GRID = 2 ** -36

/** Gradients of both signs and hessians above 0, multiples of `step`. */
function randomGradients(random: Random, rowCount: number, step: number): Float32Array {
  const onGrid = (value: number): number => Math.round(value / step) * step
  return Float32Array.from({ length: 2 * rowCount }, (_, i) =>
    i % 2 === 0 ? onGrid(2 * random.next() - 1) : onGrid(0.05 + random.next() / 4) + step,
  )
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.int(choices.length)]
}

function randomParams(random: Random, columns: number): BoosterParams {
  const isLossguide = random.int(2) === 0
  const signs = Array.from({ length: columns }, () => random.int(3) - 1)
  const share = (): number => pick(random, [1, 1, 1, 0.6, 0.3])
  return completeParams({
    growPolicy: isLossguide ? 'lossguide' : 'depthwise',
    maxDepth: random.int(9),
    maxLeaves: pick(random, [0, 0, 2, 5, 30]),
    minChildWeight: pick(random, [0, 0.2, 1, 8]),
    gamma: pick(random, [0, 0, 0.05, 1]),
    regLambda: pick(random, [0, 1, 3.7]),
    regAlpha: pick(random, [0, 0, 0.3]),
    maxDeltaStep: pick(random, [0, 0, 0, 0.2]),
    monotoneConstraints: random.int(4) === 0 ? signs : [],
    colsampleBytree: share(),
    colsampleBylevel: share(),
    colsampleBynode: share(),
    learningRate: pick(random, [0.3, 1, 0.01]),
    maxBin: pick(random, [2, 3, 16, 255, 256, 257, 1000]),
    seed: random.int(1000),
  })
}

test('grows the tree of the slow twin bit for bit, with any parameters, threads and histograms', () => {
  const random = createRandom(1)
  const seen = {
    stump: 0,
    split: 0,
    deep: 0,
    left: 0,
    right: 0,
    full: 0,
    wide: 0,
    bounded: 0,
    large: 0,
    drawn: 0,
  }
  for (let round = 0; round < 1200; round++) {
    // from 256 rows on a node keeps its histogram
    const rowCount = pick(random, [1, 2, 5, 40, 200, 400, 900])
    const columns = 1 + random.int(9)
    const { x } = randomRows(random, { rows: rowCount, columns, missing: pick(random, [0, 0.2]) })
    const params = randomParams(random, columns)
    const matrix = quantileMatrix(x, { maxBin: params.maxBin })
    const rows = allRows(rowCount).filter((row) => row === 0 || round % 3 > 0 || random.next() < 0.6)
    const gradients = randomGradients(random, rowCount, 2 ** -10)
    const codes = plainCodes(x, matrix.cuts)
    const threads = 1 + (round % 2)
    const grown = growTree({
      ...{ matrix, params, gradients, rows, tree: round, threads },
      ...(round % 4 === 0 ? {} : { histograms: (round % 4) - 1 }),
    })
    const plain = plainTree({ codes, cuts: matrix.cuts, gradients, rows, params, tree: round })
    assert.deepEqual(grown.tree, plain.tree, `round ${round}`)
    const { tree } = grown
    for (const leaf of leavesOf(tree)) assert.deepEqual([...grown.rowsOf[leaf]], plain.rowsOf[leaf])
    const splits = allRows(tree.nodeCount).filter((node) => tree.left[node] >= 0)
    seen[splits.length === 0 ? 'stump' : 'split']++
    seen.left += splits.filter((node) => tree.defaultLeft[node] === 1).length
    seen.right += splits.filter((node) => tree.defaultLeft[node] === 0).length
    seen.deep += Number(splits.length > 20)
    seen.full += Number(splits.length + 1 === params.maxLeaves)
    seen.wide += Number(matrix.isWide)
    seen.large += Number(rows.length > 256)
    seen.bounded += Number(params.maxDeltaStep > 0 || params.monotoneConstraints.length > 0)
    seen.drawn += Number(params.colsampleBylevel < 1 || params.colsampleBynode < 1)
  }
  for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 30, `${outcome}: ${count}`)
})

interface Run {
  readonly rows: number
  readonly columns: number
  readonly trees?: number
  readonly params: Partial<BoosterParams>
}

/** Boosts on labels and compares each tree with the twin's on the same gradients; returns the trees. */
function assertBoosted(seed: number, { rows, columns, trees = 2, params: given }: Run): Tree[] {
  const random = createRandom(seed)
  const { x, y } = randomRows(random, { rows, columns, missing: 0.1 })
  return assertBoostedOn(x, y, random, { nEstimators: trees, ...given })
}

function assertBoostedOn(x: Matrix, y: Uint8Array, random: Random, given: Partial<BoosterParams>): Tree[] {
  const rows = x.rowCount
  const params = completeParams({ learningRate: 0.5, ...given })
  const weights = Float32Array.from(y, () => pick(random, [0, 0.5, 1, 1]))
  const matrix = quantileMatrix(x, { maxBin: params.maxBin, weight: weights, nJobs: params.nJobs })
  const codes = codesOf(matrix)
  const margins = Float32Array.from(y, () => random.normal() / 2)
  const bench = createWorkbench(20 * rows + 65_536)
  const boosted = boost({ params, matrix, labels: y, weights, margins, treesBefore: 0 })
  return [...boosted].map((tree, number) => {
    const gradients = kernelGradients(bench, margins, y, weights)
    // else the twin's sums would round otherwise
    assert.ok(gradients.every((value) => Number.isInteger(value / GRID)))
    const plain = plainTree({
      codes,
      cuts: matrix.cuts,
      gradients,
      rows: allRows(rows),
      params,
      tree: number,
    })
    assert.deepEqual(tree, plain.tree)
    plain.rowsOf.forEach((of, node) => {
      if (tree.left[node] < 0) for (const row of of) margins[row] += tree.threshold[node]
    })
    return tree
  })
}

/** The codes of each column as they lie in memory. */
function codesOf({
  memory,
  isWide,
  columnCodes,
  rowCount,
  columnCount,
}: QuantileMatrix): ArrayLike<number>[] {
  return Array.from({ length: columnCount }, (_, f) =>
    isWide
      ? new Uint16Array(memory.buffer, columnCodes + 2 * f * rowCount, rowCount)
      : new Uint8Array(memory.buffer, columnCodes + f * rowCount, rowCount),
  )
}

function kernelGradients(
  bench: ReturnType<typeof createWorkbench>,
  margins: Float32Array,
  labels: Uint8Array,
  weights: Float32Array,
): Float32Array {
  bench.clear()
  const out = bench.take(8 * margins.length + 32)
  const [from, of, by] = [bench.put(margins), bench.put(labels), bench.put(weights)]
  bench.kernels.logisticGradients(out, from, of, by, 0, margins.length)
  return bench.float32.slice(out / 4, out / 4 + 2 * margins.length)
}

const WAYS: readonly Partial<BoosterParams>[] = [
  { maxDepth: 6 },
  { maxDepth: 0, maxLeaves: 20, growPolicy: 'lossguide', colsampleBynode: 0.7 },
  { maxDepth: 4, maxBin: 1000, regAlpha: 0.2, minChildWeight: 3, colsampleBylevel: 0.5 },
  { maxDepth: 5, maxDeltaStep: 0.3, monotoneConstraints: [1, 0, -1], growPolicy: 'lossguide' },
  { maxDepth: 0, maxLeaves: 9, gamma: 1, maxBin: 31 },
]

test('boosts the trees of the slow twin bit for bit on nodes that threads share, in blocks and in subtrees', () => {
  let splits = 0
  WAYS.forEach((way, i) => {
    for (const nJobs of [1, 2]) {
      // the root has more rows than two blocks, and enough cells to be searched together
      const run = { rows: 2 * BLOCK_ROWS + 500 + 37 * i, columns: 7, trees: 1, params: { ...way, nJobs } }
      for (const tree of assertBoosted(i, run)) splits += tree.nodeCount
    }
  })
  assert.ok(splits > 400, `${splits}`)
})

test('boosts the trees of the slow twin bit for bit on few rows of many columns', () => {
  const shapes = [
    { rows: 300, columns: 701 },
    { rows: 900, columns: 230, params: { maxBin: 900 } },
  ]
  shapes.forEach((shape, i) => {
    for (const nJobs of [1, 2]) {
      for (const way of WAYS.slice(0, 2)) {
        assertBoosted(20 + i, { ...shape, params: { ...way, maxDepth: 4, ...shape.params, nJobs } })
      }
    }
  })
})

test('splits on the earlier of two equal columns, whichever threads search them', () => {
  const random = createRandom(8)
  const { x, y } = randomRows(random, { rows: 8000, columns: 13, missing: 0.1 })
  const values = Float32Array.from({ length: 2 * x.values.length }, (_, i) => {
    const row = Math.floor(i / 26)
    return x.values[13 * row + (i % 13)]
  })
  for (const nJobs of [1, 2]) {
    const twice = { rowCount: 8000, columnCount: 26, values }
    const [tree] = assertBoostedOn(twice, y, createRandom(9), { nEstimators: 1, maxDepth: 4, nJobs })
    assert.ok(tree.nodeCount > 20 && tree.feature.every((feature) => feature < 13))
  }
})

test('boosts the trees of the slow twin where histograms are so large that none can be kept', () => {
  // 65,536 columns of 256 slots take all of the 256 MiB
  const [rowCount, columnCount] = [270, 66_000]
  const values = Float32Array.from(
    { length: rowCount * columnCount },
    (_, i) => Math.imul(i, 0x9e3779b1) >>> 25,
  )
  const random = createRandom(6)
  const y = Uint8Array.from({ length: rowCount }, () => random.int(2))
  const params = { nEstimators: 1, maxDepth: 2, colsampleBytree: 0.02, nJobs: 2 }
  const [tree] = assertBoostedOn({ rowCount, columnCount, values }, y, random, params)
  assert.equal(tree.nodeCount, 7)
  assertBoosted(3, { rows: 9000, columns: 3, params: { maxBin: 65_000, maxDepth: 3, minChildWeight: 20 } })
})
