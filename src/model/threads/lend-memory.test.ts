import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { randomRows } from '../data.fixture.ts'
import { saveXgboostModel } from '../files/xgboost-model.ts'
import { quantileMatrix } from '../training/quantile-matrix.ts'
import { trainBooster } from '../training/train-booster.ts'
import { ARENAS_BYTES, openArenas, takeArena } from './arenas.ts'
import { borrowMemory, giveBackMemory } from './lend-memory.ts'
import { PAGE_BYTES } from './load-kernels.ts'

test('lends a memory that came back, with zeros where they are asked for', () => {
  const first = borrowMemory(3 * PAGE_BYTES, 'a test')
  new Uint8Array(first.buffer).fill(7)
  giveBackMemory(first)
  const again = borrowMemory(1000, 'a test')
  assert.equal(again, first)
  assert.ok(new Uint8Array(again.buffer, 0, 1000).every((byte) => byte === 0))
  assert.equal(new Uint8Array(again.buffer)[2000], 7)
  giveBackMemory(again)
  const larger = borrowMemory(5 * PAGE_BYTES, 'a test')
  assert.equal(larger, first)
  assert.equal(larger.buffer.byteLength, 5 * PAGE_BYTES)
})

test('arenas begin in what a lent memory has to spare, before it grows', () => {
  const memory = borrowMemory(4 * PAGE_BYTES, 'a test')
  openArenas(memory, ARENAS_BYTES)
  assert.equal(takeArena(memory, 2 * PAGE_BYTES, 'a test'), PAGE_BYTES)
  assert.equal(memory.buffer.byteLength, 4 * PAGE_BYTES)
})

test('one training after another keeps few memories, and none sees what another left', () => {
  const random = createRandom(5)
  const small = randomRows(random, { rows: 300, columns: 5, missing: 0.2 })
  const large = randomRows(random, { rows: 4000, columns: 9, missing: 0.1 })
  const train = (data: typeof small, maxBin: number): Uint8Array => {
    const evalSets = [{ name: 'self', ...data }]
    return saveXgboostModel(trainBooster({ nEstimators: 4, maxBin }, { ...data, evalSets }), 'json')
  }
  const fresh = [train(small, 256), train(small, 700)]
  const memories = new Set<unknown>()
  for (let round = 0; round < 10; round++) {
    train(large, round % 2 === 0 ? 256 : 700)
    assert.deepEqual([train(small, 256), train(small, 700)], fresh)
    const { memory } = quantileMatrix(small.x)
    memories.add(memory)
    giveBackMemory(memory)
  }
  assert.ok(memories.size <= 4, `${memories.size} memories`)
})
