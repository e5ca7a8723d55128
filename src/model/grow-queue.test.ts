import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../math/random.ts'
import { createGrowQueue } from './grow-queue.ts'

const item = (node: number, gain: number) => ({ node, split: { gain } })

test('takes nodes in the order they came when growing level by level', () => {
  const queue = createGrowQueue('depthwise')
  queue.push(item(0, 1))
  queue.push(item(1, 9))
  assert.equal(queue.pop()?.node, 0)
  assert.equal(queue.pop()?.node, 1)
  assert.equal(queue.pop(), undefined)
})

test('takes the largest gain first and of equals the older node, as a sort does', () => {
  const random = createRandom(1)
  for (let round = 0; round < 300; round++) {
    const queue = createGrowQueue<ReturnType<typeof item>>('lossguide')
    const waiting: ReturnType<typeof item>[] = []
    for (let node = 0; node < 60; node++) {
      const next = item(node, random.int(8))
      queue.push(next)
      waiting.push(next)
      if (random.int(3) > 0) continue
      waiting.sort((a, b) => b.split.gain - a.split.gain || a.node - b.node)
      assert.equal(queue.pop(), waiting.shift())
    }
    waiting.sort((a, b) => b.split.gain - a.split.gain || a.node - b.node)
    for (const expected of waiting) assert.equal(queue.pop(), expected)
    assert.equal(queue.pop(), undefined)
  }
})
