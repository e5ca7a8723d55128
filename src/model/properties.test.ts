// What must hold for any data and any way to grow: thirty cases each, from one seed, on the public API alone.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../math/random.ts'
import { type LabelledRows, randomRows } from './data.fixture.ts'
import { type Booster, type BoosterParams, quantileMatrix, trainBooster } from './index.ts'

interface Case {
  readonly seed: number
  readonly rows: number
  readonly columns: number
  readonly missing: number
  readonly params: Partial<BoosterParams>
}

const WAYS: readonly Partial<BoosterParams>[] = [
  { maxDepth: 3 },
  { maxDepth: 6, learningRate: 0.1 },
  { growPolicy: 'lossguide', maxDepth: 0, maxLeaves: 12 },
  { maxDepth: 5, minChildWeight: 5, gamma: 0.2, regAlpha: 0.1 },
]

const CASE: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(1_000_000),
  rows: fc.integer({ min: 20, max: 600 }),
  columns: fc.integer({ min: 2, max: 8 }),
  missing: fc.constantFrom(0, 0.2),
  params: fc.constantFrom(...WAYS).map((way) => ({ ...way, nEstimators: 6 })),
})

function holds(check: (one: Case, data: LabelledRows) => void): void {
  const property = fc.property(CASE, (one) => check(one, randomRows(createRandom(one.seed), one)))
  fc.assert(property, { seed: 1, numRuns: 30 })
}

/** The rows with one more column in the given place. */
function withColumn({ x, y }: LabelledRows, place: number, cell: (row: number) => number): LabelledRows {
  const columnCount = x.columnCount + 1
  const rows = Array.from({ length: x.rowCount }, (_, row) => {
    const cells = [...x.values.subarray(row * x.columnCount, (row + 1) * x.columnCount)]
    return cells.toSpliced(place, 0, cell(row))
  })
  return { x: { rowCount: x.rowCount, columnCount, values: Float32Array.from(rows.flat()) }, y }
}

/** Quarters: so few values that each is a bin of its own, whatever the rows weigh. */
function coarse({ x, y }: LabelledRows): LabelledRows {
  return { x: { ...x, values: x.values.map((value) => Math.round(4 * value) / 4) }, y }
}

function assertClose(actual: Float32Array, expected: Float32Array): void {
  for (let row = 0; row < expected.length; row++) {
    assert.ok(Math.abs(actual[row] - expected[row]) < 1e-4, `row ${row}: ${actual[row]} and ${expected[row]}`)
  }
}

function splitsOf(booster: Booster): number {
  return Object.values(booster.importance('weight')).reduce((sum, count) => sum + count, 0)
}

test('a constant feature changes nothing, wherever it stands', () => {
  let splits = 0
  holds(({ params, seed }, data) => {
    const wider = withColumn(data, seed % data.x.columnCount, () => 7)
    const booster = trainBooster(params, data)
    assert.deepEqual(trainBooster(params, wider).predict(wider.x), booster.predict(data.x))
    splits += splitsOf(booster)
  })
  assert.ok(splits > 100)
})

test('a feature of missing values alone changes nothing, whatever it holds later', () => {
  holds(({ params, seed }, data) => {
    const place = seed % data.x.columnCount
    const booster = trainBooster(
      params,
      withColumn(data, place, () => Number.NaN),
    )
    const later = withColumn(data, place, (row) => row).x
    assert.deepEqual(booster.predict(later), trainBooster(params, data).predict(data.x))
  })
})

test('permuted columns permute the importance and leave the scores', () => {
  // normal values, large leaves and a weight for each row: no two features have a split of equal gain
  const params = { nEstimators: 5, maxDepth: 3, minChildWeight: 5 }
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (seed, order) => {
      const random = createRandom(seed)
      const { y } = randomRows(random, { rows: 600, columns: 2 })
      const rows = Array.from(y, (label) => order.map(() => random.normal() * (1 + label) + label))
      const weight = Float32Array.from(y, () => 0.5 + random.next())
      const trained = (columns: readonly number[]) => {
        const values = Float32Array.from(rows.flatMap((row) => columns.map((column) => row[column])))
        const x = { rowCount: rows.length, columnCount: columns.length, values }
        const booster = trainBooster(params, { x, y, weight, featureNames: columns.map(String) })
        return { importance: booster.importance(), scores: booster.predict(x) }
      }
      assert.deepEqual(trained(order), trained([0, 1, 2, 3, 4]))
    }),
    { seed: 1, numRuns: 30 },
  )
})

test('a monotone constraint holds everywhere, for both signs', () => {
  let moved = 0
  holds(({ params, seed, columns, missing }, data) => {
    const free = data.x.columnCount - 2
    const booster = trainBooster({ ...params, monotoneConstraints: [1, -1, ...Array(free).fill(0)] }, data)
    const { x } = randomRows(createRandom(seed + 1), { rows: 20, columns, missing })
    for (let row = 0; row < x.rowCount; row++) {
      const cells = x.values.slice(row * columns, (row + 1) * columns)
      for (const [feature, sign] of [
        [0, 1],
        [1, -1],
      ]) {
        const scores = sweep(booster, cells, feature).map((score) => sign * score)
        for (let i = 1; i < scores.length; i++) assert.ok(scores[i] >= scores[i - 1])
        moved += Number(scores[0] < scores[scores.length - 1])
      }
    }
  })
  assert.ok(moved > 100)
})

/** The margins of a row while one feature rises from -4 to 4. */
function sweep(booster: Booster, cells: Float32Array, feature: number): number[] {
  const rows = Array.from({ length: 81 }, (_, i) => cells.with(feature, (i - 40) / 10))
  return [...booster.predictMargin(rows)]
}

test('every row twice is every row with weight 2', () => {
  holds(({ params }, data) => {
    const { x, y } = coarse(data)
    const twice = { ...x, rowCount: 2 * x.rowCount, values: Float32Array.from([...x.values, ...x.values]) }
    const doubled = trainBooster(params, { x: twice, y: Uint8Array.from([...y, ...y]) })
    const weighted = trainBooster(params, { x, y, weight: new Float32Array(y.length).fill(2) })
    assertClose(doubled.predict(x), weighted.predict(x))
  })
})

test('scale_pos_weight is a weight of the rows with label 1', () => {
  holds(({ params, seed }, data) => {
    const { x, y } = coarse(data)
    const scale = 1 + (seed % 7) / 2
    // the two estimate the base score differently, as in XGBoost
    const fixed = { ...params, baseScore: 0.5 }
    const scaled = trainBooster({ ...fixed, scalePosWeight: scale }, { x, y })
    const weighted = trainBooster(fixed, {
      x,
      y,
      weight: Float32Array.from(y, (label) => (label ? scale : 1)),
    })
    assertClose(scaled.predict(x), weighted.predict(x))
  })
})

test('scores stay finite and within 0 and 1 with the largest and smallest numbers', () => {
  const extremes = [1e30, -1e30, 1e38, -1e38, 1e-45, -1e-45, 1e-39, 0, -0, Number.NaN]
  holds(({ params, seed }, { x, y }) => {
    const random = createRandom(seed)
    const draw = (values: readonly number[]) => values[random.int(values.length)]
    const values = x.values.map((value) => (random.next() < 0.3 ? draw(extremes) : value))
    const booster = trainBooster(params, { x: { ...x, values }, y })
    const later = values.map((value) => (random.next() < 0.3 ? draw([Infinity, -Infinity, 3e38]) : value))
    for (const score of [...booster.predict({ ...x, values }), ...booster.predict({ ...x, values: later })]) {
      assert.ok(score >= 0 && score <= 1, `${score}`)
    }
  })
})

test('a ready quantile matrix and the number of threads leave the model as it is', () => {
  // enough cells that threads share the work
  const { x, y } = randomRows(createRandom(1), { rows: 30_000, columns: 8, missing: 0.1 })
  for (const way of WAYS) {
    const params = { ...way, nEstimators: 3, subsample: 0.8, colsampleBytree: 0.8 }
    const expected = trainBooster({ ...params, nJobs: 1 }, { x, y }).predict(x, { nJobs: 1 })
    for (const nJobs of [1, 2, 3]) {
      const booster = trainBooster({ ...params, nJobs }, { x: quantileMatrix(x, { nJobs }), y })
      assert.deepEqual(booster.predict(x, { nJobs }), expected)
    }
  }
})
