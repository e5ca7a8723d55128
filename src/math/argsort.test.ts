import assert from 'node:assert/strict'
import test from 'node:test'
import { argsortDescending } from './argsort.ts'
import { createRandom } from './random.ts'

/** The slow twin: a comparison sort that keeps the order of equal values. */
function plainArgsort(values: Float64Array): number[] {
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b)
}

test('agrees with a comparison sort on doubles, float32 values, ties and both signs', () => {
  const random = createRandom(1)
  const kinds: (() => number)[] = [
    () => random.normal(),
    () => Math.fround(random.normal()),
    () => Math.fround(random.next()),
    () => random.int(5) - 2,
    () => random.next() ** 40,
    () => (random.int(3) - 1) * 0,
    () => random.normal() * 10 ** (random.int(600) - 300),
  ]
  for (let round = 0; round < 210; round++) {
    const length = round % 3 === 0 ? random.int(40) : 500 + random.int(600)
    const values = Float64Array.from({ length }, kinds[round % kinds.length])
    assert.deepEqual(Array.from(argsortDescending(values)), plainArgsort(values))
  }
})

test('orders the extremes of doubles and treats minus zero as zero', () => {
  const extremes = [-0, 0, 5e-324, -5e-324, 1e308, -1e308, Infinity, -Infinity, 1, -1]
  for (const copies of [1, 100]) {
    const values = Float64Array.from({ length: extremes.length * copies }, (_, i) => extremes[i % 10])
    assert.deepEqual(Array.from(argsortDescending(values)), plainArgsort(values))
  }
})

test('leaves the values as they are and reads a part of a longer buffer', () => {
  const random = createRandom(2)
  const whole = Float64Array.from({ length: 2000 }, random.next)
  const before = whole.slice()
  const part = whole.subarray(700, 1900)
  assert.deepEqual(Array.from(argsortDescending(part)), plainArgsort(part))
  assert.deepEqual(whole, before)
  assert.equal(argsortDescending(new Float64Array(0)).length, 0)
})
