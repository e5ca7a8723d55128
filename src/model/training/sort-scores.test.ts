import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { sortScores } from './sort-scores.ts'

test('sorts scores as their values sort, labels and weights with them', () => {
  const random = createRandom(1)
  const edges = [0, 1, 0.5, 2 ** -149, 2 ** -126, 1 - 2 ** -24, 2 ** -20]
  for (const rows of [0, 1, 2, 50, 3000]) {
    const probabilities = Float32Array.from({ length: rows }, () =>
      random.int(3) === 0 ? edges[random.int(edges.length)] : random.next(),
    )
    const labels = Uint8Array.from(probabilities, () => random.int(2))
    const weight = Float32Array.from(probabilities, () => random.next())
    const before = weight.slice()
    const { keys, weights } = sortScores(labels, probabilities, weight)
    const order = Array.from(labels.keys()).sort(
      (a, b) => probabilities[a] - probabilities[b] || labels[a] - labels[b] || a - b,
    )
    const bits = new Uint32Array(probabilities.buffer)
    assert.deepEqual(
      [...keys],
      order.map((row) => bits[row] * 2 + labels[row]),
    )
    assert.deepEqual(
      [...(weights ?? [])],
      order.map((row) => weight[row]),
    )
    assert.deepEqual(weight, before)
    assert.deepEqual(sortScores(labels, probabilities, undefined), { keys, weights: undefined })
  }
})
