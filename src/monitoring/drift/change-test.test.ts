import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/index.ts'
import { qValues } from './benjamini-hochberg.ts'
import { changeTest } from './change-test.ts'
import { chiSquareTwoSample } from './chi-square.ts'
import { shareTest } from './share-test.ts'
import { zTest } from './z-test.ts'

/** Every way to deal the rows of both sides, one by one. */
function countedOut(a: number, n: number, b: number, m: number): number {
  const chances = new Map<number, number>()
  const total = a + b
  for (let dealt = 0; dealt < 1 << (n + m); dealt++) {
    const sides = Array.from({ length: n + m }, (_, i) => (dealt >> i) & 1)
    if (sides.reduce((sum, side) => sum + side, 0) !== n) continue
    const x = sides.slice(0, total).reduce((sum, side) => sum + side, 0)
    chances.set(x, (chances.get(x) ?? 0) + 1)
  }
  const all = [...chances.values()].reduce((sum, chance) => sum + chance, 0)
  const seen = chances.get(a)!
  const parts = [...chances.values()].map((chance) =>
    chance < seen ? chance : chance === seen ? chance / 2 : 0,
  )
  return parts.reduce((sum, part) => sum + part, 0) / all
}

test('the test of two shares is what counting out all deals gives', () => {
  for (const [a, n, b, m] of [
    [0, 3, 3, 3],
    [1, 8, 4, 6],
    [2, 4, 0, 9],
    [1, 1, 0, 10],
  ] as const) {
    const found = shareTest({ count: a, rows: n }, { count: b, rows: m })
    assert.ok(Math.abs(found - countedOut(a, n, b, m)) < 1e-12, `${a}/${n} and ${b}/${m}: ${found}`)
  }
})

test('the test of two shares goes over into the normal law, and needs rows on both sides', () => {
  for (const [a, b] of [
    [40, 56],
    [46, 60],
  ] as const) {
    const sides = [
      { count: a, rows: 10_000 },
      { count: b, rows: 10_000 },
    ] as const
    assert.ok(Math.abs(shareTest(...sides) - zTest(...sides).pValue) < 0.005)
  }
  assert.equal(shareTest({ count: 0, rows: 0 }, { count: 3, rows: 9 }), 1)
})

test('with full bins the test of a change is about that of Pearson, and sparse bins share one', () => {
  const [reference, current] = [
    [400, 300, 300],
    [430, 310, 260],
  ]
  const pearson = chiSquareTwoSample(reference!, current!).pValue
  assert.ok(Math.abs(changeTest({ reference: reference!, current: current! }) - pearson) < 0.001)
  const sparse = { reference: [...reference!, 1, 2, 1, 4], current: [...current!, 2, 1, 4, 2] }
  const joined = { reference: [...reference!, 8], current: [...current!, 9] }
  assert.equal(changeTest(sparse), changeTest(joined))
  assert.equal(changeTest({ reference: [5], current: [7] }), 1)
  assert.equal(changeTest({ reference: [0, 0], current: [7, 1] }), 1)
})

test('a rare value that comes up is found although its bin is sparse', () => {
  assert.ok(changeTest({ reference: [5000, 0], current: [190, 10] }) < 1e-9)
})

test('the correction gives at each test the least share of false ones among those at least as sure', () => {
  const random = createRandom(3)
  const p = Array.from({ length: 60 }, () => random.next() ** 3)
  const found = qValues(p)
  for (const [i, own] of p.entries()) {
    const shares = p
      .filter((limit) => limit >= own)
      .map((limit) => (limit * p.length) / p.filter((other) => other <= limit).length)
    assert.ok(Math.abs(found[i]! - Math.min(...shares)) < 1e-12)
  }
  assert.deepEqual(qValues([]), [])
  assert.deepEqual(qValues([null, 0.5]), [null, 0.5])
})
