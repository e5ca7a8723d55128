// Golden values: SciPy 1.17.1 and Evidently 0.7.23, made by test/fixtures/monitoring/make_statistics.py.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { chiSquareTest, chiSquareTwoSample } from './chi-square.ts'
import { kolmogorovTail } from './kolmogorov.ts'
import { ksTest } from './ks-test.ts'
import {
  correctedJensenShannonDistance,
  hellingerDistance,
  jensenShannonDistance,
  klDivergence,
  totalVariationDistance,
} from './share-distances.ts'
import { wassersteinDistance } from './wasserstein.ts'
import { zTest } from './z-test.ts'

const golden: {
  samples: { a: number[]; b: number[]; ks: number; ks_p: number; wasserstein: number }[]
  kolmogorov: { n: number; d: number; tail: number }[]
  grid: { n: number; m: number; shift: number; ks: number; ks_p: number; wasserstein: number }[]
  counts: {
    a: number[]
    b: number[]
    observed: number[]
    expected: number[]
    jensen_shannon: number
    hellinger: number
    kl: number | null
    total_variation: number
    chi_square_p: number | null
    two_sample: number
    two_sample_p: number
    z_p: number | null
  }[]
} = JSON.parse(readFileSync('test/fixtures/monitoring/statistics.json', 'utf8'))

function near(found: number, due: number, what: string): void {
  assert.ok(Math.abs(found - due) <= 1e-9 * Math.max(1, Math.abs(due)), `${what}: ${found} beside ${due}`)
}

test('K-S and Wasserstein equal SciPy, exact and from the limit law', () => {
  const large = golden.grid.map(({ n, m, shift, ...due }) => ({
    ...due,
    a: Array.from({ length: n }, (_, i) => ((i * 7919) % 10007) / 10007),
    b: Array.from({ length: m }, (_, i) => ((i * 104729) % 9973) / 9973 + shift),
  }))
  for (const [i, { a, b, ks, ks_p, wasserstein }] of [...golden.samples, ...large].entries()) {
    const { statistic, pValue } = ksTest(a, b)
    near(statistic, ks, `K-S of case ${i}`)
    near(pValue, ks_p, `p of case ${i}`)
    near(wassersteinDistance(a, b), wasserstein, `Wasserstein of case ${i}`)
  }
})

test('the exact K-S probability is the share of all orders of the values', () => {
  const random = createRandom(5)
  for (const [n, m] of [
    [3, 3],
    [4, 6],
    [7, 2],
    [5, 5],
  ] as const) {
    const a = Array.from({ length: n }, () => random.next())
    const b = Array.from({ length: m }, () => random.next() + 0.2)
    const { statistic, pValue } = ksTest(a, b)
    let [orders, farther] = [0, 0]
    for (let chosen = 0; chosen < 1 << (n + m); chosen++) {
      const sides = Array.from({ length: n + m }, (_, i) => (chosen >> i) & 1)
      if (sides.reduce((sum, side) => sum + side, 0) !== n) continue
      orders++
      let [x, y, most] = [0, 0, 0]
      for (const side of sides) {
        if (side === 1) x++
        else y++
        most = Math.max(most, Math.abs(x / n - y / m))
      }
      if (most > statistic - 1e-12) farther++
    }
    near(pValue, farther / orders, `${n} and ${m} values`)
  }
})

test('the law of the one-sample K-S statistic equals SciPy at each of its formulas', () => {
  for (const { n, d, tail } of golden.kolmogorov) near(kolmogorovTail(n, d), tail, `n=${n} d=${d}`)
})

test('distances and tests of counts equal SciPy and Evidently', () => {
  for (const { a, b, ...due } of golden.counts) {
    const what = `${a.slice(0, 3)} and ${b.slice(0, 3)}`
    near(jensenShannonDistance(a, b), due.jensen_shannon, `Jensen–Shannon of ${what}`)
    near(hellingerDistance(a, b), due.hellinger, `Hellinger of ${what}`)
    if (due.kl === null) assert.equal(klDivergence(a, b), Infinity)
    else near(klDivergence(a, b), due.kl, `Kullback–Leibler of ${what}`)
    near(totalVariationDistance(a, b), due.total_variation, `total variation of ${what}`)
    const one = chiSquareTest(due.observed, due.expected).pValue
    if (due.chi_square_p === null) assert.ok(Number.isNaN(one))
    else near(one, due.chi_square_p, `one-sample test of ${what}`)
    const two = chiSquareTwoSample(a, b)
    near(two.statistic, due.two_sample, `two-sample statistic of ${what}`)
    near(two.pValue, due.two_sample_p, `two-sample test of ${what}`)
    if (due.z_p === null) continue
    const [rowsA, rowsB] = [a[0]! + a[1]!, b[0]! + b[1]!]
    near(zTest({ count: a[1]!, rows: rowsA }, { count: b[1]!, rows: rowsB }).pValue, due.z_p, `z of ${what}`)
  }
})

test('missing values are left out, and an empty side has no answer', () => {
  assert.deepEqual(ksTest([1, Number.NaN, 2], [1, 2]), ksTest([1, 2], [1, 2]))
  assert.equal(wassersteinDistance([Number.NaN, 1], [4]), 3)
  const empty = [ksTest([], [1]).pValue, wassersteinDistance([], [1]), wassersteinDistance([Infinity], [1])]
  const massless = [jensenShannonDistance([0, 0], [1, 2]), hellingerDistance([0, 0], [1, 2])]
  for (const found of [...empty, ...massless]) assert.ok(Number.isNaN(found))
  assert.equal(zTest({ count: 0, rows: 5 }, { count: 0, rows: 9 }).pValue, 1)
})

test('the corrected Jensen–Shannon distance does not see chance, and sees a change', () => {
  const random = createRandom(8)
  const draw = (shift: number): number[] => {
    const counts = new Array<number>(100).fill(0)
    for (let i = 0; i < 2000; i++) counts[random.next() < shift ? random.int(10) : random.int(100)]! += 1
    return counts
  }
  let alarms = 0
  for (let run = 0; run < 200; run++) {
    const [a, b] = [draw(0), draw(0)]
    assert.ok(jensenShannonDistance(a, b) > 0.08)
    if (correctedJensenShannonDistance(a, b) >= 0.1) alarms++
  }
  assert.equal(alarms, 0)
  assert.ok(correctedJensenShannonDistance(draw(0), draw(0.3)) > 0.1)
})
