// Against DeLong's definition: all pairs of rows compared, no ranks (in Python, test/fixtures/evaluation/make.py,
// and again here). 1e-12: both sides add doubles.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { createRandom, isNoAnswer, type Random } from '../math/index.ts'
import { type DelongTest, delongTest, rocAucInterval } from './delong.ts'
import { rocAucScore } from './roc-auc.ts'

interface Case {
  name: string
  labels: number[]
  a: number[]
  b: number[]
  confidence: number
  expected: DelongTest & { intervalA: [number, number] }
}
const golden: Case[] = JSON.parse(readFileSync('test/fixtures/evaluation/delong.json', 'utf8'))

for (const { name, labels, a, b, confidence, expected } of golden) {
  test(`agrees with the definition in Python: ${name}`, () => {
    const { intervalA, ...wanted } = expected
    const result = delongTest(labels, a, b, { confidence })
    assert.ok(!isNoAnswer(result))
    assert.deepEqual(Object.keys(result), Object.keys(wanted))
    for (const [key, value] of Object.entries(wanted)) assertClose(result[key as keyof DelongTest], value)
    assertClose(rocAucInterval(labels, a, { confidence }), intervalA)
  })
}

test('agrees with the slow twin on many small samples with ties', () => {
  const random = createRandom(1)
  let tested = 0
  for (let round = 0; round < 500; round++) {
    const { labels, a, b } = pairedScores(random, { rows: 4 + random.int(25), levels: 2 + random.int(12) })
    const result = delongTest(labels, a, b)
    const { difference, variance } = slowDifference(labels, a, b)
    if (isNoAnswer(result)) continue
    tested++
    assertClose([result.difference, result.standardError ** 2], [difference, variance])
    assertClose([result.aucA, result.aucB], [rocAucScore(labels, a), rocAucScore(labels, b)])
  }
  assert.ok(tested > 400)
})

test('swapping the models turns the sign and keeps the p-value', () => {
  const { labels, a, b } = pairedScores(createRandom(2), { rows: 60, levels: 1e6 })
  const one = delongTest(labels, a, b)
  const other = delongTest(labels, b, a)
  assert.ok(!isNoAnswer(one) && !isNoAnswer(other))
  assertClose([other.z, other.pValue, -other.ci[1], -other.ci[0]], [-one.z, one.pValue, ...one.ci])
})

test('equal rankings give z = 0 and p = 1, even when the scores differ', () => {
  const { labels, a } = pairedScores(createRandom(3), { rows: 60, levels: 20 })
  const result = delongTest(
    labels,
    a,
    a.map((score) => Math.exp(3 * score)),
  )
  assert.ok(!isNoAnswer(result))
  assert.deepEqual([result.difference, result.standardError, result.z, result.pValue], [0, 0, 0, 1])
  assert.deepEqual(result.ci, [0, 0])
})

test('p-values of equally good models are uniform, and intervals hold the truth as often as they say', () => {
  const random = createRandom(4)
  const rounds = 600
  const truth = 0.7602499389065233 // of normal scores one standard deviation apart: Φ(1 / √2)
  let significant = 0
  let covered = 0
  for (let round = 0; round < rounds; round++) {
    const labels = Array.from({ length: 200 }, (_, i) => Number(i < 60))
    const shared = labels.map((label) => label + random.normal() * Math.SQRT1_2)
    const [a, b] = [0, 1].map(() => shared.map((score) => score + random.normal() * Math.SQRT1_2))
    const result = delongTest(labels, a, b)
    const interval = rocAucInterval(labels, a)
    assert.ok(!isNoAnswer(result) && !isNoAnswer(interval))
    if (result.pValue < 0.05) significant++
    if (interval[0] <= truth && truth <= interval[1]) covered++
  }
  assert.ok(significant / rounds > 0.025 && significant / rounds < 0.08, `${significant} of ${rounds}`)
  assert.ok(covered / rounds > 0.925 && covered / rounds < 0.98, `${covered} of ${rounds}`)
})

test('what the rows cannot answer comes with its reason', () => {
  const none = (reason: string) => ({ status: 'undefined', reason })
  assert.deepEqual(delongTest([], [], []), none('NO_ROWS'))
  assert.deepEqual(delongTest([1, 1], [0, 1], [1, 0]), none('ONE_CLASS_ONLY'))
  assert.deepEqual(delongTest([1, 0, 0], [0, 1, 1], [1, 0, 1]), none('TOO_FEW_ROWS'))
  assert.deepEqual(delongTest([1, 1, 0, 0], [3, 3, 2, 2], [1, 1, 1, 1]), none('NO_VARIANCE'))
  assert.deepEqual(rocAucInterval([], []), none('NO_ROWS'))
  assert.deepEqual(rocAucInterval([0, 0], [0, 1]), none('ONE_CLASS_ONLY'))
  assert.deepEqual(rocAucInterval([1, 0, 0], [0, 1, 1]), none('TOO_FEW_ROWS'))
  assert.deepEqual(rocAucInterval([1, 1, 0, 0], [1, 1, 1, 1]), none('NO_VARIANCE'))
})

test('refuses wrong confidence and wrong scores of either model', () => {
  for (const confidence of [0, 1, 95, Number.NaN]) {
    assert.throws(() => delongTest([0, 1], [0, 1], [0, 1], { confidence }), { code: 'PARAM_INVALID' })
  }
  assert.throws(() => delongTest([0, 1], [0, 1], [0]), { code: 'SCORES_INVALID' })
  assert.throws(() => delongTest([0, 1], [0, Number.NaN], [0, 1]), { code: 'SCORES_INVALID' })
})

function pairedScores(random: Random, { rows, levels }: { rows: number; levels: number }) {
  const labels = Array.from({ length: rows }, (_, i) => Number(i < 2 || (i > 3 && random.next() < 0.4)))
  const a = labels.map((label) => Math.floor((random.next() + label * 0.4) * levels) / levels)
  const b = a.map((score) => Math.floor((score + random.next()) * levels) / levels)
  return { labels, a, b }
}

test('a published vector, from code that reproduces pROC', () => {
  const y = [0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1]
  const a = [0.1, 0.4, 0.35, 0.8, 0.65, 0.9, 0.55, 0.2, 0.7, 0.5, 0.3, 0.6]
  const b = [0.2, 0.3, 0.5, 0.7, 0.6, 0.8, 0.4, 0.1, 0.9, 0.5, 0.4, 0.3]
  const found = delongTest(y, a, b) as DelongTest
  const published = [0.8611111111, 0.7916666667, 0.6230559828, 0.5332477338, -0.1490088146, 0.2878977035]
  const values = [found.aucA, found.aucB, found.z, found.pValue, ...found.ci]
  values.forEach((value, i) => {
    assert.ok(Math.abs(value - published[i]) <= 0.51e-10, `${value} for ${published[i]}`)
  })
})

/** Every pair of rows compared: component means, their covariances with the model differences taken first. */
function slowDifference(
  labels: number[],
  a: number[],
  b: number[],
): { difference: number; variance: number } {
  const psi = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0)
  const positives = [...labels.keys()].filter((i) => labels[i] === 1)
  const negatives = [...labels.keys()].filter((i) => labels[i] === 0)
  const gap = (i: number, j: number) => psi(a[i], a[j]) - psi(b[i], b[j])
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = (values: number[]) => {
    const center = mean(values)
    return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1) / values.length
  }
  const v10 = positives.map((i) => mean(negatives.map((j) => gap(i, j))))
  const v01 = negatives.map((j) => mean(positives.map((i) => gap(i, j))))
  return { difference: mean(v10), variance: spread(v10) + spread(v01) }
}

function assertClose(actual: unknown, expected: unknown): void {
  const [values, wanted] = [[actual].flat() as number[], [expected].flat() as number[]]
  assert.equal(values.length, wanted.length)
  values.forEach((value, i) => {
    assert.ok(
      Math.abs(value - wanted[i]) <= 1e-12 * Math.max(1, Math.abs(wanted[i])),
      `${value} for ${wanted[i]}`,
    )
  })
}
