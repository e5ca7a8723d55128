// Golden files: trees, margins and metrics of XGBoost 3.2.0 on one thread (test/fixtures/model/make.py). Nodes must
// be equal: children, features, thresholds and directions exactly, float32 numbers within 4 ulp (the lighter child
// is chosen by rows here, by hessians there, so that histogram sums round otherwise).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Matrix } from '../../math/matrix.ts'
import { createRandom } from '../../math/random.ts'
import { failsWith, floatsOfBase64, matrixOf, randomRows, readJsonFixture, SAMPLED } from '../data.fixture.ts'
import { loadXgboostModel, saveXgboostModel } from '../files/xgboost-model.ts'
import { parseParams } from '../parse-params.ts'
import type { Tree } from '../tree.ts'
import { evaluate } from './eval-metrics.ts'
import { trainBooster } from './train-booster.ts'
import type { TrainingData } from './trainer.ts'

interface Golden {
  readonly rows: string
  readonly labels: readonly number[]
  readonly weight: string
  readonly cases: readonly {
    readonly params: Readonly<Record<string, unknown>>
    readonly weighted: boolean
    readonly margins: string
    readonly model: unknown
  }[]
}

const golden = readJsonFixture<Golden>('training.json')
const goldenX: Matrix = { rowCount: 500, columnCount: 6, values: floatsOfBase64(golden.rows) }

function assertClose(ours: Float32Array, theirs: Float32Array, what: string): void {
  ours.forEach((value, i) => {
    const ulps = Math.abs(value - theirs[i]) / (Math.abs(theirs[i]) * 2 ** -23 + 1e-9)
    assert.ok(ulps <= 4, `${what}[${i}]: ${value} and ${theirs[i]}`)
  })
}

function assertSameTree(ours: Tree, theirs: Tree): void {
  assert.deepEqual(ours.left, theirs.left)
  assert.deepEqual(ours.right, theirs.right)
  assert.deepEqual(ours.feature, theirs.feature)
  assert.deepEqual(ours.defaultLeft, theirs.defaultLeft)
  const isSplit = (_: number, node: number): boolean => ours.left[node] >= 0
  assert.deepEqual(ours.threshold.filter(isSplit), theirs.threshold.filter(isSplit))
  assertClose(ours.threshold, theirs.threshold, 'leaf')
  assertClose(ours.gain, theirs.gain, 'gain')
  assertClose(ours.cover, theirs.cover, 'cover')
  assertClose(ours.baseWeight, theirs.baseWeight, 'base weight')
}

for (const { params, weighted, margins, model } of golden.cases) {
  test(`grows XGBoost's trees, node for node, with ${JSON.stringify(params)}`, () => {
    const theirs = loadXgboostModel(new TextEncoder().encode(JSON.stringify(model)))
    const weight = weighted ? { weight: floatsOfBase64(golden.weight) } : {}
    const data = { x: goldenX, y: golden.labels, ...weight }
    const ours = trainBooster(parseParams({ ...params, n_estimators: 4 }), data)
    assert.equal(ours.baseScore, theirs.baseScore)
    ours.trees.forEach((tree, t) => {
      assertSameTree(tree, theirs.trees[t])
    })
    assertClose(ours.predictMargin(goldenX), floatsOfBase64(margins), 'margin')
  })
}

test("measures evaluation sets as XGBoost's evals_result does", () => {
  const metrics = readJsonFixture<{ rows: string; labels: number[]; history: Record<string, number[]> }>(
    'metrics.json',
  )
  const x = { rowCount: 300, columnCount: 6, values: floatsOfBase64(metrics.rows) }
  const events: number[] = []
  const seen: number[] = []
  const booster = trainBooster(
    parseParams({ n_estimators: 6, max_bin: 255, max_depth: 3, eval_metric: Object.keys(metrics.history) }),
    {
      x: goldenX,
      y: golden.labels,
      evalSets: [{ name: 'held_out', x, y: metrics.labels }],
      onIteration: ({ iteration, total, evals }) => {
        assert.equal(total, 6)
        events.push(iteration)
        seen.push(evals['held_out']['auc'])
      },
    },
  )
  assert.deepEqual(events, [0, 1, 2, 3, 4, 5])
  assert.deepEqual(booster.evalHistory['held_out']['auc'], seen)
  for (const [metric, values] of Object.entries(metrics.history)) {
    values.forEach((value, i) => {
      assert.ok(Math.abs(booster.evalHistory['held_out'][metric][i] - value) < 1e-6, metric)
    })
  }
  assert.equal(booster.bestIteration, undefined)
})

/** The maker's generator: uniform in [0, 1) with 24 bits. */
function createGenerator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
}

test('ranks held-out rows as well as XGBoost, within 0.003 of AUC', () => {
  const expected = readJsonFixture<{ auc: number; positives: number }>('ranking.json')
  const draw = createGenerator(12345)
  const rowCount = 9000
  const values = new Float32Array(rowCount * 10)
  const y = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const cells = Array.from({ length: 10 }, draw)
    const noise = draw() + draw() - 1
    const rule = cells[0] + cells[1] * cells[2] - cells[3] * cells[3]
    y[row] = rule + 0.6 * noise > 0.9 ? 1 : 0
    values.set(
      cells.map((cell) => (draw() < 0.1 ? Number.NaN : cell)),
      row * 10,
    )
  }
  assert.equal(
    y.reduce((sum, label) => sum + label, 0),
    expected.positives,
  )
  const part = (from: number, to: number): Matrix => ({
    rowCount: to - from,
    columnCount: 10,
    values: values.subarray(from * 10, to * 10),
  })
  const params = { nEstimators: 60, maxDepth: 4, learningRate: 0.1 }
  const booster = trainBooster(params, { x: part(0, 6000), y: y.subarray(0, 6000) })
  const probabilities = booster.predict(part(6000, 9000))
  const auc = evaluate('auc', { labels: y.subarray(6000), probabilities })
  assert.ok(Math.abs(auc - expected.auc) < 0.003, `${auc} and ${expected.auc}`)
})

const small = randomRows(createRandom(7), { rows: 400, columns: 5, missing: 0.1 })

test('trains the same model from the same seed and another from another', () => {
  const model = (seed: number) => saveXgboostModel(trainBooster({ ...SAMPLED, seed }, small), 'json')
  assert.deepEqual(model(1), model(1))
  assert.notDeepEqual(model(1), model(2))
})

test('does not change when a constant or an empty column is added', () => {
  const { x, y } = small
  const rows = Array.from({ length: 400 }, (_, row) => [
    ...x.values.subarray(row * 5, row * 5 + 5),
    3,
    Number.NaN,
  ])
  const params = { nEstimators: 10, maxDepth: 4 }
  assert.deepEqual(trainBooster(params, { x: matrixOf(rows), y }).trees, trainBooster(params, small).trees)
})

test('permutes importance when columns are permuted', () => {
  // continuous columns, so that no two splits gain the same
  const { x, y } = randomRows(createRandom(8), { rows: 400, columns: 2 })
  const swapped = Float32Array.from(x.values, (_, i) => x.values[i % 2 === 0 ? i + 1 : i - 1])
  const params = { nEstimators: 8, maxDepth: 3 }
  const one = trainBooster(params, { x, y, featureNames: ['a', 'b'] })
  const other = trainBooster(params, { x: { ...x, values: swapped }, y, featureNames: ['b', 'a'] })
  const [ours, theirs] = [one, other].map((booster) => booster.importance('total_gain'))
  for (const name of ['a', 'b']) assert.ok(Math.abs(ours[name] / theirs[name] - 1) < 1e-6)
})

test('keeps monotone constraints everywhere', () => {
  const constraints = [1, -1, 0, 1, 0]
  const booster = trainBooster({ nEstimators: 30, maxDepth: 5, monotoneConstraints: constraints }, small)
  const random = createRandom(9)
  let rises = 0
  for (let round = 0; round < 500; round++) {
    const row = Array.from({ length: 5 }, () => random.normal())
    const f = [0, 1, 3][random.int(3)]
    const higher = row.with(f, row[f] + random.next() * 3)
    const change = (booster.predictRow(higher) - booster.predictRow(row)) * constraints[f]
    assert.ok(change >= 0)
    if (change > 0) rises++
  }
  assert.ok(rises > 100)
})

test('updates the margins of rows that were not sampled', () => {
  // half of the rows take no part in a tree, yet every row must be fitted in the end
  const { x, y } = randomRows(createRandom(10), { rows: 300, columns: 3, missing: 0.1 })
  const params = { nEstimators: 40, maxDepth: 4, minChildWeight: 0.1 }
  const lossOf = (subsample: number): number => {
    const probabilities = trainBooster({ ...params, subsample }, { x, y }).predict(x)
    return evaluate('logloss', { labels: y, probabilities })
  }
  assert.ok(lossOf(0.5) < 0.2)
  assert.ok(lossOf(1) < lossOf(0.5))
})

test('weighs rows: weight 2 trains as the row given twice', () => {
  const { x, y } = randomRows(createRandom(11), { rows: 100, columns: 3 })
  const twice = { rowCount: 200, columnCount: 3, values: Float32Array.of(...x.values, ...x.values) }
  const params = { nEstimators: 5, maxDepth: 3 }
  const weighted = trainBooster(params, { x, y, weight: new Float32Array(100).fill(2) })
  const doubled = trainBooster(params, { x: twice, y: [...y, ...y] })
  assertClose(weighted.predictMargin(x), doubled.predictMargin(x), 'margin')
})

test('stops early at the best iteration of the last metric on the last set', () => {
  const held = randomRows(createRandom(12), { rows: 300, columns: 5, missing: 0.1 })
  const evalSets = [
    { name: 'train', ...small },
    { name: 'held out', ...held },
  ]
  const params = { nEstimators: 500, earlyStoppingRounds: 5, evalMetric: ['auc', 'logloss'] as const }
  const booster = trainBooster(params, { ...small, evalSets })
  const losses = booster.evalHistory['held out']['logloss']
  const best = losses.indexOf(Math.min(...losses))
  assert.equal(booster.bestIteration, best)
  assert.equal(booster.bestScore, losses[best])
  assert.equal(losses.length, best + 6)
  assert.equal(booster.trees.length, best + 1)
  const probabilities = booster.predict(held.x)
  assert.equal(evaluate('logloss', { labels: held.y, probabilities }), booster.bestScore)
})

test('stops when the callback says false, and keeps what it has', () => {
  const booster = trainBooster(
    { nEstimators: 50 },
    { ...small, onIteration: ({ iteration }) => iteration < 2 },
  )
  assert.equal(booster.trees.length, 3)
})

test('trains on one class to that class, and on rows that cannot be split to a constant', () => {
  const { x } = small
  const zeros = trainBooster({ nEstimators: 3 }, { x, y: new Uint8Array(400) }).predict(x)
  const ones = trainBooster({ nEstimators: 3 }, { x, y: new Uint8Array(400).fill(1) }).predict(x)
  assert.ok(zeros.every((p) => p < 2e-6) && ones.every((p) => p > 1 - 2e-6))
  const row = matrixOf([[1, Number.NaN]])
  assert.ok(trainBooster({}, { x: row, y: [1] }).predictRow([1, 2]) > 0.99)
  const constant = matrixOf([[1], [1], [1], [1]])
  const probability = trainBooster({ nEstimators: 3 }, { x: constant, y: [1, 0, 0, 0] }).predict(constant)
  assert.deepEqual([...probability], [0.25, 0.25, 0.25, 0.25])
})

test('refuses bad training data and says what is wrong', () => {
  const { x, y } = small
  const infinite = { ...x, values: x.values.with(7, Infinity) }
  const cases: [Partial<TrainingData>, string][] = [
    [{ y: new Uint8Array(3) }, 'labels must be 400'],
    [{ y: [...y].with(9, 2) }, 'labels must be 0 or 1, got 2 in row 9'],
    [{ y: [...y].with(9, Number.NaN) }, 'got NaN in row 9'],
    [{ y: [...y].with(9, Infinity) }, 'got Infinity in row 9'],
    [{ x: { ...x, values: x.values.with(7, -Infinity) } }, 'got -Infinity'],
    [{ x: infinite }, 'row 1, column 2'],
    [{ x: { ...x, values: x.values.with(0, -3e38) } }, 'below 1.7e+38'],
    [{ x: { rowCount: 0, columnCount: 5, values: new Float32Array() } }, 'at least one row'],
    [{ x: { rowCount: 5, columnCount: 0, values: new Float32Array() } }, 'at least one row'],
    [{ x: { ...x, rowCount: 401 } }, '401 × 5 values'],
    [{ weight: new Float32Array(400).with(3, -1) }, 'got -1 in row 3'],
    [{ weight: new Float32Array(400).with(3, Number.NaN) }, 'got NaN in row 3'],
    [{ weight: new Float32Array(400) }, 'above 0'],
    [{ weight: new Float64Array(400).fill(1).with(3, 1e39) }, 'got 1e+39 in row 3'],
    [{ weight: new Float64Array(400).fill(1e-50) }, 'above 0'],
    [{ weight: [1] }, 'weights must be 400'],
    [{ featureNames: ['a'] }, 'names must be 5'],
    [{ featureNames: ['a', 'b', 'c', 'd', 'a'] }, 'different'],
    [{ evalSets: [{ name: 'v', x: matrixOf([[1]]), y: [1] }] }, 'evaluation set "v" must have 5 columns'],
    [{ evalSets: [{ name: 'v', x, y: [1] }] }, 'labels of evaluation set "v" must be 400'],
    [
      {
        evalSets: [
          { name: 'v', x, y },
          { name: 'v', x, y },
        ],
      },
      'different names',
    ],
  ]
  for (const [change, text] of cases) {
    assert.throws(() => trainBooster({}, { x, y, ...change }), failsWith('TRAINING_DATA_INVALID', text), text)
  }
  const oneClass = [{ name: 'v', x, y: new Uint8Array(400) }]
  const both = failsWith('TRAINING_DATA_INVALID', 'must hold both classes for auc')
  assert.throws(() => trainBooster({ evalMetric: 'auc' }, { x, y, evalSets: oneClass }), both)
})

test('refuses parameters that do not fit the data', () => {
  const stopping = failsWith('PARAM_INVALID', 'at least one evaluation set')
  assert.throws(() => trainBooster({ earlyStoppingRounds: 3 }, small), stopping)
  const long = failsWith('PARAM_INVALID', 'at most 5 numbers')
  assert.throws(() => trainBooster({ monotoneConstraints: [1, 1, 1, 1, 1, 1] }, small), long)
  assert.throws(() => trainBooster({ nEstimators: 1e9 }, small), failsWith('PARAM_INVALID', 'at most 100000'))
})

const SIZES = [
  { rows: 400, columns: 5, missing: 0.1 },
  // more rows than two blocks, and enough cells that threads share them
  { rows: 34_000, columns: 6, missing: 0.1 },
]

for (const size of SIZES) {
  test(`trains the same bytes on one thread, on two and again, ${size.rows} rows`, () => {
    const data = randomRows(createRandom(20), size)
    const ways = [
      { maxDepth: 6 },
      SAMPLED,
      { growPolicy: 'lossguide', maxDepth: 0, maxLeaves: 24, maxBin: 400 } as const,
    ]
    for (const way of ways) {
      const train = (nJobs: number) =>
        saveXgboostModel(trainBooster({ ...way, nEstimators: 4, nJobs }, data), 'json')
      const one = train(1)
      assert.deepEqual(train(2), one)
      assert.deepEqual(train(2), one)
      assert.deepEqual(train(0), one)
    }
  })
}

test('trains on 70,000 distinct values, in few bins and in many', () => {
  const rowCount = 70_000
  const values = Float32Array.from({ length: rowCount }, (_, row) => (row * 7919) % rowCount)
  const y = Uint8Array.from(values, (value) => Number(value >= 35_000))
  for (const maxBin of [256, 65_535]) {
    const booster = trainBooster({ nEstimators: 2, maxBin }, { x: { rowCount, columnCount: 1, values }, y })
    const [low, high] = booster.predict([[34_000], [36_000]])
    assert.ok(low < 0.5 && high > 0.5)
    if (maxBin === 65_535) assert.ok(Math.abs(booster.trees[0].threshold[0] - 35_000) <= 1)
  }
})

test('trains on numbers near the ends of float32, beside a constant and an empty column', () => {
  const values = [1.6e38, -1.6e38, 1e-44, -1e-44, 0, -0, 3, -3]
  const rows = Array.from({ length: 80 }, (_, row) => [values[row % 8], 5, Number.NaN])
  const y = rows.map(([value]) => Number(value > 0))
  const x = matrixOf(rows)
  const booster = trainBooster({ nEstimators: 20, minChildWeight: 0 }, { x, y })
  booster.predict(x).forEach((probability, row) => {
    assert.equal(Number(probability > 0.5), y[row])
  })
  assert.deepEqual(Object.keys(booster.importance()), ['f0'])
})

test('trains on rows of which all but one have weight 0', () => {
  const { x, y } = small
  const weight = new Float32Array(400).with(7, 2)
  const booster = trainBooster({ nEstimators: 3, minChildWeight: 0, regLambda: 0 }, { x, y, weight })
  for (const probability of booster.predict(x)) assert.ok(Math.abs(probability - y[7]) < 1e-3)
})

test('takes a list of rows as it takes a matrix of them, for training and for measuring', () => {
  const { x, y } = randomRows(createRandom(3), { rows: 200, columns: 4, missing: 0.1 })
  const rows = Array.from({ length: 200 }, (_, row) => [...x.values.subarray(4 * row, 4 * row + 4)])
  const ofMatrix = trainBooster({ nEstimators: 5 }, { x, y, evalSets: [{ name: 'train', x, y }] })
  const ofRows = trainBooster({ nEstimators: 5 }, { x: rows, y, evalSets: [{ name: 'train', x: rows, y }] })
  assert.deepEqual(ofRows.predict(rows), ofMatrix.predict(x))
  assert.deepEqual(ofRows.evalHistory, ofMatrix.evalHistory)
  assert.throws(
    () => trainBooster({}, { x: [[1, 2], [3]], y: [0, 1] }),
    failsWith('TRAINING_DATA_INVALID', 'row 1'),
  )
})
