import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../math/random.ts'
import { choose, createChoice, hashUniform, skewedIndex, wholeBetween } from './simulator-sampling.ts'

test('draws each index as often as its weight says', () => {
  const random = createRandom(1)
  for (const weights of [[1], [1, 0], [3, 1, 0, 6], [0.1, 0.2, 0.3, 0.4, 5, 0, 2]]) {
    const choice = createChoice(weights)
    const total = weights.reduce((a, b) => a + b, 0)
    const counts = weights.map(() => 0)
    for (let i = 0; i < 20_000; i++) counts[choose(choice, random)]!++
    weights.forEach((weight, i) => {
      const expected = weight / total
      const deviation = Math.sqrt((expected * (1 - expected)) / 20_000)
      assert.ok(Math.abs(counts[i]! / 20_000 - expected) <= 5 * deviation, `${weights}: ${counts}`)
    })
  }
})

test('hashes habits evenly and always alike', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => hashUniform(i % 100, Math.floor(i / 100), 7))
  assert.ok(values.every((value) => value >= 0 && value < 1))
  for (let tenth = 0; tenth < 10; tenth++) {
    const count = values.filter((value) => Math.floor(value * 10) === tenth).length
    assert.ok(count > 850 && count < 1150, `tenth ${tenth} holds ${count}`)
  }
  assert.equal(hashUniform(3, 4, 5), hashUniform(3, 4, 5))
  assert.notEqual(hashUniform(3, 4, 5), hashUniform(3, 5, 4))
})

test('prefers small indices and stays below the length', () => {
  assert.equal(skewedIndex(1, 0.999999), 0)
  assert.equal(skewedIndex(10, 0), 0)
  assert.equal(skewedIndex(10, 0.9999999), 9)
  assert.equal(skewedIndex(10, 0.5), 3)
})

test('draws whole numbers with both ends', () => {
  const random = createRandom(2)
  const drawn = new Set(Array.from({ length: 200 }, () => wholeBetween(2, 5, random)))
  assert.deepEqual([...drawn].sort(), [2, 3, 4, 5])
})
