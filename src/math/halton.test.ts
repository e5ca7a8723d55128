import assert from 'node:assert/strict'
import test from 'node:test'
import { haltonPoints } from './halton.ts'
import { createRandom } from './random.ts'

const pointsOf = (count: number, dimensions: number, seed = 3) =>
  haltonPoints({ count, dimensions, random: createRandom(seed) })

test('every coordinate falls once into each of the base’s cells, then once into each finer one', () => {
  const primes = [2, 3, 5, 7, 11]
  for (const [d, prime] of primes.entries()) {
    for (const cells of [prime, prime * prime]) {
      const column = Array.from({ length: cells }, (_, i) => pointsOf(cells, 5)[i * 5 + d])
      assert.equal(new Set(column.map((x) => Math.floor(x * cells))).size, cells)
    }
  }
})

test('a longer sequence begins with the shorter one, and another seed gives another', () => {
  const [long, short] = [pointsOf(300, 3), pointsOf(20, 3)]
  for (const [i, x] of short.entries()) assert.ok(Math.abs(x - long[i]) < 1e-15)
  assert.notDeepEqual(pointsOf(20, 3, 4), short)
})

test('neighbouring dimensions are not correlated, not even the thirtieth and the next', () => {
  const points = pointsOf(400, 31)
  for (let d = 0; d < 30; d++) {
    let sum = 0
    for (let i = 0; i < 400; i++) sum += (points[i * 31 + d] - 0.5) * (points[i * 31 + d + 1] - 0.5)
    // three standard errors of a correlation of independent points
    assert.ok(Math.abs(sum / 400) * 12 < 0.15, `${d}: ${(sum / 400) * 12}`)
  }
})

test('points lie in the cube', () => {
  assert.ok(pointsOf(3000, 8).every((x) => x >= 0 && x < 1))
  assert.equal(pointsOf(5, 0).length, 0)
})
