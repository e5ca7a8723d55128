import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { createGrowQueue } from './grow-queue.ts'

test('takes nodes in the order they came when growing level by level', () => {
  const queue = createGrowQueue('depthwise', (node) => node)
  queue.push(0)
  queue.push(1)
  assert.deepEqual([queue.pop(), queue.pop(), queue.pop()], [0, 1, undefined])
})

test('takes the largest gain first and of equals the older node, as a sort does', () => {
  const random = createRandom(1)
  for (let round = 0; round < 300; round++) {
    const gains: number[] = []
    const queue = createGrowQueue('lossguide', (node) => gains[node])
    const waiting: number[] = []
    const sorted = (): number[] => waiting.sort((a, b) => gains[b] - gains[a] || a - b)
    for (let node = 0; node < 60; node++) {
      gains.push(random.int(8))
      queue.push(node)
      waiting.push(node)
      if (random.int(3) === 0) assert.equal(queue.pop(), sorted().shift())
    }
    for (const expected of sorted()) assert.equal(queue.pop(), expected)
    assert.equal(queue.pop(), undefined)
  }
})
