import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../math/random.ts'
import { failsWith } from '../data.fixture.ts'
import { ARENAS_BYTES, giveBackArena, takeArena } from './arenas.ts'
import { createSharedMemory, PAGE_BYTES } from './load-kernels.ts'

const takeFrom = (memory: ReturnType<typeof createSharedMemory>, pages: number): number =>
  takeArena(memory, pages * PAGE_BYTES, 'a test')

test('hands out parts behind what was there, and grows the memory for them', () => {
  const memory = createSharedMemory(2 * PAGE_BYTES, 'a test')
  const first = takeArena(memory, 1, 'a test')
  const second = takeArena(memory, PAGE_BYTES + 1, 'a test')
  assert.deepEqual([first, second], [2 * PAGE_BYTES, 3 * PAGE_BYTES])
  assert.equal(memory.buffer.byteLength, 5 * PAGE_BYTES)
})

test('gives two takers parts that do not meet', () => {
  const memory = createSharedMemory(PAGE_BYTES, 'a test')
  const random = createRandom(1)
  const taken: { address: number; bytes: number }[] = []
  let reused = 0
  for (let round = 0; round < 2000; round++) {
    if (taken.length > 0 && (random.int(2) === 0 || taken.length > 50)) {
      const [{ address }] = taken.splice(random.int(taken.length), 1)
      giveBackArena(memory, address)
      continue
    }
    const bytes = 1 + random.int(3 * PAGE_BYTES)
    const before = memory.buffer.byteLength
    const address = takeArena(memory, bytes, 'a test')
    reused += Number(memory.buffer.byteLength === before)
    assert.ok(address >= ARENAS_BYTES && address + bytes <= memory.buffer.byteLength)
    for (const other of taken) {
      assert.ok(address + bytes <= other.address || other.address + other.bytes <= address)
    }
    taken.push({ address, bytes })
  }
  assert.ok(reused > 500, `${reused}`)
})

test('uses the smallest part that was given back and is large enough', () => {
  const memory = createSharedMemory(PAGE_BYTES, 'a test')
  const [large, , small] = [5, 1, 3, 1].map((pages) => takeFrom(memory, pages))
  giveBackArena(memory, large)
  giveBackArena(memory, small)
  const size = memory.buffer.byteLength
  assert.equal(takeFrom(memory, 2), small)
  assert.equal(takeFrom(memory, 2), large)
  assert.equal(memory.buffer.byteLength, size)
})

test('makes the last part larger where it is free and too small', () => {
  const memory = createSharedMemory(PAGE_BYTES, 'a test')
  takeFrom(memory, 1)
  const last = takeFrom(memory, 2)
  giveBackArena(memory, last)
  assert.equal(takeFrom(memory, 6), last)
  assert.equal(memory.buffer.byteLength, 8 * PAGE_BYTES)
})

test('keeps what the parts of others hold when the memory grows', () => {
  const memory = createSharedMemory(PAGE_BYTES, 'a test')
  const address = takeFrom(memory, 1)
  const bytes = new Uint8Array(memory.buffer, address, PAGE_BYTES).fill(7)
  takeFrom(memory, 40)
  assert.ok(bytes.every((byte) => byte === 7))
  assert.ok(new Uint8Array(memory.buffer, address, PAGE_BYTES).every((byte) => byte === 7))
})

test('says what is too large, and still serves what is not', () => {
  const memory = createSharedMemory(PAGE_BYTES, 'a test')
  const tooSmall = failsWith('MEMORY_TOO_SMALL', 'the sixth sense')
  assert.throws(() => takeArena(memory, 2 ** 32, 'the sixth sense'), tooSmall)
  assert.equal(takeFrom(memory, 1), PAGE_BYTES)
})

test('refuses more parts at once than it can note, and takes one when one is back', () => {
  const memory = createSharedMemory(PAGE_BYTES, 'a test')
  const taken: number[] = []
  const takeOne = (): void => {
    taken.push(takeFrom(memory, 1))
  }
  assert.throws(
    () => {
      for (;;) takeOne()
    },
    failsWith('MEMORY_TOO_SMALL', 'a test'),
  )
  assert.ok(taken.length > 50)
  giveBackArena(memory, taken[7])
  assert.equal(takeFrom(memory, 1), taken[7])
})
