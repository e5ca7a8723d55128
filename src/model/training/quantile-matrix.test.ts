// Cuts and codes against slow ones, bit for bit, and against XGBoost 3.2.0's (test/fixtures/model/make.py).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Matrix } from '../../math/matrix.ts'
import { createRandom, type Random } from '../../math/random.ts'
import { failsWith, floatsOfBase64, matrixOf, randomRows, readJsonFixture } from '../data.fixture.ts'
import { plainCodes, plainCuts, upperBound } from './plain-cuts.fixture.ts'
import { type QuantileMatrix, quantileMatrix } from './quantile-matrix.ts'

interface Golden {
  readonly rows: string
  readonly weight: string
  readonly cases: readonly {
    readonly params: { readonly max_bin: number }
    readonly weighted: boolean
    readonly cutStarts: readonly number[]
    readonly cuts: string
  }[]
}

test("equals XGBoost's cuts, pruned and unpruned, weighted and not", () => {
  const golden = readJsonFixture<Golden>('training.json')
  const x = { rowCount: 500, columnCount: 6, values: floatsOfBase64(golden.rows) }
  for (const { params, weighted, cutStarts, cuts } of golden.cases) {
    const weight = weighted ? { weight: floatsOfBase64(golden.weight) } : {}
    const ours = quantileMatrix(x, { maxBin: params.max_bin, ...weight }).cuts
    const theirs = floatsOfBase64(cuts)
    for (let f = 0; f < 6; f++) {
      // XGBoost lists the number below the smallest value first
      const [below, ...bounds] = theirs.subarray(cutStarts[f], cutStarts[f + 1])
      assert.equal(ours.minValues[f], below)
      assert.deepEqual([...ours.values.subarray(ours.offsets[f], ours.offsets[f + 1])], bounds)
    }
  }
})

type Draw = (random: Random) => number

const HUGE = 1.69e38
const COLUMNS: Record<string, Draw> = {
  normal: (random) => random.normal(),
  coarse: (random) => random.int(7) - 3,
  skewed: (random) => Math.round(Math.exp(3 * random.normal())),
  constant: () => 5,
  empty: () => Number.NaN,
  zeros: (random) => [0, -0, 1, -1][random.int(4)],
  denormal: (random) => (random.int(41) - 20) * 2 ** -149,
  huge: (random) => (random.int(2) === 0 ? HUGE : -HUGE) * (1 - random.next() / 4),
  mixed: (random) => random.normal() * 10 ** (random.int(70) - 35),
  missing: (random) => (random.int(3) === 0 ? random.normal() : Number.NaN),
  rising: (random) => random.uint32() / 2 ** 20,
}
const KINDS = Object.keys(COLUMNS)

function randomMatrix(random: Random, rowCount: number, kinds: readonly string[]): Matrix {
  const missing = kinds.map(() => (random.int(2) === 0 ? 0 : 0.1))
  const values = Float32Array.from({ length: rowCount * kinds.length }, (_, i) => {
    const f = i % kinds.length
    return random.next() < missing[f] ? Number.NaN : COLUMNS[kinds[f]](random)
  })
  return { rowCount, columnCount: kinds.length, values }
}

function assertSameCodes(matrix: QuantileMatrix, x: Matrix): void {
  const { memory, isWide, columnCodes, rowCodes, stride, rowCount, columnCount } = matrix
  const codesAt = (address: number, count: number): Uint8Array | Uint16Array =>
    isWide ? new Uint16Array(memory.buffer, address, count) : new Uint8Array(memory.buffer, address, count)
  const byColumn = codesAt(columnCodes, rowCount * columnCount)
  const byRow = codesAt(rowCodes, rowCount * stride)
  plainCodes(x, matrix.cuts).forEach((codes, f) => {
    for (let row = 0; row < rowCount; row++) {
      if (byColumn[f * rowCount + row] !== codes[row] || byRow[row * stride + f] !== codes[row]) {
        assert.fail(`row ${row}, column ${f}: ${byColumn[f * rowCount + row]} and ${codes[row]}`)
      }
    }
  })
}

test('makes the cuts and codes of the slow twin, whatever columns hold', () => {
  const random = createRandom(2)
  const seen = {
    pruned: 0,
    distinct: 0,
    weighted: 0,
    above: 0,
    missing: 0,
    wide: 0,
    full: 0,
    one: 0,
    columns: 0,
  }
  for (let round = 0; round < 500; round++) {
    const kinds = Array.from({ length: 1 + random.int(10) }, () => KINDS[random.int(KINDS.length)])
    const rowCount = [1, 2, 3, 20, 300, 1100][random.int(6)]
    const x = randomMatrix(random, rowCount, kinds)
    const maxBin = [2, 3, 16, 100, 255, 256, 257, 700, 65_535][random.int(9)]
    const isWeighted = random.int(2) === 0
    const weight = Float32Array.from({ length: rowCount }, (_, row) =>
      row > 0 && random.int(4) === 0 ? 0 : [1, random.next() + 2 ** -20, 1e-6, 1000][random.int(4)],
    )
    const matrix = quantileMatrix(x, { maxBin, ...(isWeighted ? { weight } : {}) })
    const { cuts } = matrix
    assert.deepEqual(cuts, plainCuts(x, maxBin, isWeighted ? weight : undefined), `round ${round}`)
    assertSameCodes(matrix, x)
    kinds.forEach((_, f) => {
      const bounds = cuts.values.subarray(cuts.offsets[f], cuts.offsets[f + 1])
      const column = x.values.filter((value, i) => i % kinds.length === f && !Number.isNaN(value))
      const distinct = new Set(column).size
      seen[distinct > bounds.length ? 'pruned' : 'distinct']++
      seen.full += Number(bounds.length === maxBin)
      seen.above += Number(column.some((value) => value >= bounds[bounds.length - 1]))
      seen.missing += cuts.hasMissing[f]
      seen.columns++
    })
    seen.weighted += Number(isWeighted)
    seen.wide += Number(matrix.isWide)
    seen.one += Number(rowCount === 1)
  }
  assert.ok(seen.columns > 2500)
  for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 30, `${outcome}: ${count}`)
})

test('makes the cuts and codes of the slow twin on many rows, on one thread and on two', () => {
  const random = createRandom(3)
  for (const maxBin of [256, 1000]) {
    const x = randomMatrix(random, 20_001, KINDS)
    const weight = Float32Array.from({ length: x.rowCount }, () => random.int(3))
    const expected = plainCuts(x, maxBin, weight)
    for (const nJobs of [1, 2]) {
      const matrix = quantileMatrix(x, { maxBin, weight, nJobs })
      assert.deepEqual(matrix.cuts, expected)
      assertSameCodes(matrix, x)
    }
  }
})

test('tells 70,000 distinct values apart as far as bins go', () => {
  const values = Float32Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 70_000)
  const x = { rowCount: 70_000, columnCount: 1, values }
  for (const maxBin of [256, 65_535]) {
    const matrix = quantileMatrix(x, { maxBin })
    assert.deepEqual(matrix.cuts, plainCuts(x, maxBin))
    assertSameCodes(matrix, x)
    assert.equal(matrix.cuts.offsets[1], maxBin)
  }
})

test('separates all distinct values when these are at most maxBin', () => {
  const { offsets, values } = quantileMatrix(matrixOf([[3], [1], [2], [3], [1]]), { maxBin: 3 }).cuts
  assert.deepEqual([...offsets], [0, 3])
  assert.deepEqual([...values].slice(0, 2), [2, 3])
  assert.ok(values[2] > 3)
})

test('never makes more bins than asked, and bounds rise to above the largest value', () => {
  const random = createRandom(5)
  for (let round = 0; round < 200; round++) {
    const maxBin = 2 + random.int(40)
    const { x } = randomRows(random, { rows: 1 + random.int(300), columns: 3, missing: 0.2 })
    const { offsets, values, minValues } = quantileMatrix(x, { maxBin }).cuts
    for (let f = 0; f < 3; f++) {
      const bounds = values.subarray(offsets[f], offsets[f + 1])
      assert.ok(bounds.length >= 1 && bounds.length <= maxBin)
      for (let i = 1; i < bounds.length; i++) assert.ok(bounds[i] > bounds[i - 1])
      for (let row = 0; row < x.rowCount; row++) {
        const value = x.values[row * 3 + f]
        if (!Number.isNaN(value)) assert.ok(value > minValues[f] && value < bounds[bounds.length - 1])
      }
    }
  }
})

test('holds ranks within twice a bin of even when values are distinct', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => i)
  const { cuts } = quantileMatrix({ rowCount: 10_000, columnCount: 1, values }, { maxBin: 100 })
  assert.equal(cuts.values.length, 100)
  for (let i = 1; i < 99; i++) assert.ok(cuts.values[i] - cuts.values[i - 1] < 200)
})

test('keeps one code free for missing values at 256 bins', () => {
  const present = Array.from({ length: 1000 }, (_, i) => [i])
  const binsOf = (rows: number[][], maxBin: number): number =>
    quantileMatrix(matrixOf(rows), { maxBin }).cuts.values.length
  assert.equal(binsOf(present, 256), 256)
  assert.equal(binsOf([...present, [Number.NaN]], 256), 255)
  assert.equal(binsOf([...present, [Number.NaN]], 255), 255)
  assert.equal(binsOf([...present, [Number.NaN]], 300), 300)
})

test('gives a column without values one bin, and does not tell 0 from -0', () => {
  const { cuts } = quantileMatrix(
    matrixOf([
      [Number.NaN, 0],
      [Number.NaN, -0],
      [Number.NaN, 1],
    ]),
  )
  assert.deepEqual([...cuts.offsets], [0, 1, 3])
  assert.deepEqual([...cuts.hasMissing], [1, 0])
})

test('leaves rows of weight 0 out of the cuts and puts a value above them into the last bin', () => {
  const x = matrixOf([[1], [2], [9]])
  const matrix = quantileMatrix(x, { weight: [1, 1, 0] })
  assert.equal(matrix.cuts.values.length, 2)
  assert.ok(matrix.cuts.values[1] < 9)
  assert.equal(new Uint8Array(matrix.memory.buffer)[matrix.columnCodes + 2], 1)
})

test('refuses bad matrices, weights and options by name', () => {
  const x = matrixOf([[1], [2]])
  const data: [() => unknown, string][] = [
    [() => quantileMatrix(matrixOf([[1], [Infinity]])), 'the matrix, row 1, column 0'],
    [() => quantileMatrix({ ...x, rowCount: 3 }), '3 × 1 values'],
    [() => quantileMatrix(x, { weight: [1] }), 'weights must be 2'],
    [() => quantileMatrix(x, { weight: [1, -1] }), 'got -1 in row 1'],
  ]
  for (const [make, text] of data) assert.throws(make, failsWith('TRAINING_DATA_INVALID', text))
  assert.throws(() => quantileMatrix(x, { maxBin: 1 }), failsWith('PARAM_INVALID', 'maxBin'))
  assert.throws(() => quantileMatrix(x, { maxBin: 65_536 }), failsWith('PARAM_INVALID', 'maxBin'))
})

test('the twin finds upper bounds as a linear search does', () => {
  const random = createRandom(6)
  for (let round = 0; round < 2000; round++) {
    const sorted = Float32Array.from({ length: random.int(20) }, () => random.int(10)).sort()
    const value = random.int(12) - 1
    const above = sorted.findIndex((bound) => bound > value)
    assert.equal(upperBound(sorted, value), above < 0 ? sorted.length : above)
  }
})
